#if Hummingbird
    import Hummingbird
    import ResourceContainer
    import ResourceHummingbird
    import ResourceSimulation
    import Testing

    @Suite("Hummingbird: a scope for each request")
    struct ScopeMiddlewareTests {
        private let world: World
        private let responder: RouterResponder<PlainContext>

        init() throws {
            let world = try World()
            let router = Router(context: PlainContext.self)
            router.add(middleware: ScopeMiddleware(world.container))
            router.get("text") { [container = world.container] _, _ in try await container.get(Session.self).text }
            router.get("stream") { [container = world.container] _, _ in
                _ = try await container.get(Session.self)
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        for number in 0..<2 {
                            let text = "\(try await container.get(Session.self).text) \(number) in \(Scope.current?.name ?? "no scope")"
                            try await writer.write(ByteBuffer(string: text))
                        }
                        try await writer.finish(nil)
                    }
                )
            }
            router.get("error") { [container = world.container] _, _ -> String in
                _ = try await container.get(Session.self)
                throw Failure()
            }
            router.get("value") { [container = world.container] _, _ in try await container.get(Request.self).uri.path }
            router.get("broken") { _, _ in Response(status: .ok, body: ResponseBody { _ in throw Failure() }) }
            router.get("status/:code") { _, context -> String in
                throw HTTPError(HTTPResponse.Status(code: try context.parameters.require("code", as: Int.self)))
            }
            router.get("sleep") { [time = world.simulation.environment.time] _, _ in
                try await time.sleep(for: .seconds(3600))
                return ""
            }
            self.world = world
            self.responder = router.buildResponder()
        }

        /// Returns the parts of a body that were written, each with the scopes that were open then.
        private func write(_ response: Response) async throws -> [String] {
            let parts = Lock<[String]>([])
            try await response.body.write(
                PartWriter { [world] part in parts.withLock { $0.append("\(part ?? "end"): \(world.openScopes)") } }
            )
            return parts.withLock { $0 }
        }

        @Test("The scope is open while the body is written, and closed after the end of the body.")
        func body() throws {
            let parts = try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/text")
                #expect(self.world.openScopes == ["request"])
                #expect(response.body.contentLength == 5)
                return try await self.write(response)
            }
            #expect(parts == [#"hello: ["request"]"#, #"end: ["request"]"#])
            #expect(self.world.openScopes == [])
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.returned == 1)
        }

        @Test("A streamed body is produced in the scope of its request.")
        func stream() throws {
            let parts = try self.world.simulation.run {
                try await self.write(try await World.response(of: self.responder, to: "/stream"))
            }
            #expect(
                parts == [
                    #"hello 0 in request: ["request"]"#, #"hello 1 in request: ["request"]"#, #"end: ["request"]"#,
                ]
            )
            #expect(self.world.openScopes == [])
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.returned == 1)
        }

        @Test("The scope of a HEAD request is closed after the handler, with or without a generated endpoint.", arguments: [true, false])
        func head(isGenerated: Bool) throws {
            let router = Router(context: PlainContext.self, options: .autoGenerateHeadEndpoints)
            router.add(middleware: ScopeMiddleware(self.world.container))
            router.on("text", method: isGenerated ? .get : .head) { [container = self.world.container] _, _ in
                try await container.get(Session.self).text
            }
            let responder = router.buildResponder()
            try self.world.simulation.run {
                let response = try await World.response(of: responder, to: "/text", method: .head)
                #expect(response.status == .ok)
                #expect(response.headers[.contentLength] == "5")
                #expect(self.world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.returned == 1)
        }

        @Test("A client that disconnects in the middle of the body closes the scope; the server receives the error of the write.")
        func disconnect() throws {
            try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/stream")
                _ = await #expect(throws: Failure.self) {
                    try await response.body.write(PartWriter { if $0?.hasPrefix("hello 1") == true { throw Failure() } })
                }
                #expect(self.world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.canceled == 1)
        }

        @Test("A client that disconnects before the body closes the scope when the server drops the response.")
        func disconnectEarly() throws {
            try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/stream")
                #expect(response.status == .ok)
            }
            self.world.simulation.runUntilIdle()
            #expect(self.world.openScopes == [])
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.canceled == 1)
        }

        @Test("A handler that throws closes the scope, and its error reaches the server.")
        func handlerThrows() throws {
            try self.world.simulation.run {
                _ = await #expect(throws: Failure.self) { try await World.response(of: self.responder, to: "/error") }
                #expect(self.world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes.threw == 1)
        }

        @Test("A request that the container declares as a value is provided by its scope.")
        func value() throws {
            try self.world.container.bindValue(Request.self, in: "request")
            let parts = try self.world.simulation.run {
                try await self.write(try await World.response(of: self.responder, to: "/value"))
            }
            #expect(parts.first == #"/value: ["request"]"#)
        }

        @Test("Further values of the scope are made from the request, and an error of their closure opens no scope.")
        func furtherValues() throws {
            let world = try World()
            try world.container.bindValue(String.self, name: "path", in: "request")
            let router = Router(context: PlainContext.self)
            router.add(
                middleware: ScopeMiddleware(
                    world.container,
                    providing: { request, _ in
                        guard request.uri.path != "/refused" else { throw HTTPError(.unauthorized) }
                        return ScopeValues(Provide(name: "path", request.uri.path))
                    }
                )
            )
            for path in ["path", "refused"] {
                router.get("\(path)") { [container = world.container] _, _ in try await container.get(String.self, name: "path") }
            }
            let responder = router.buildResponder()
            let parts = try world.simulation.run {
                // The router turns the error into its response.
                #expect(try await World.response(of: responder, to: "/refused").status == .unauthorized)
                return try await self.write(try await World.response(of: responder, to: "/path"))
            }
            #expect(parts.first?.hasPrefix("/path") == true)
            #expect(world.outcomes.returned == 1)
        }

        @Test("A body that throws closes the scope, which threw.")
        func bodyThrows() throws {
            try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/broken")
                _ = await #expect(throws: Failure.self) { try await response.body.write(PartWriter { _ in }) }
                #expect(self.world.openScopes == [])
            }
            #expect(self.world.outcomes.threw == 1)
        }

        @Test("An error that is answered with a status below 500 counts as returned, and another one as thrown.", arguments: [404, 503])
        func answers(status: Int) throws {
            try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/status/\(status)")
                #expect(response.status.code == status)
            }
            #expect(self.world.outcomes.returned == (status == 404 ? 1 : 0))
            #expect(self.world.outcomes.threw == (status == 503 ? 1 : 0))
        }

        @Test("A request without a route receives the status 404, and its scope is closed.")
        func notFound() throws {
            try self.world.simulation.run {
                let response = try await World.response(of: self.responder, to: "/nowhere")
                #expect(response.status == .notFound)
                #expect(self.world.openScopes == [])
            }
            #expect(self.world.outcomes.returned == 1)
        }

        @Test("A request that the server cancels closes its scope.")
        func cancel() throws {
            let task = self.world.simulation.spawn { _ = try? await World.response(of: self.responder, to: "/sleep") }
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == ["request"])
            task.cancel()
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == [])
            #expect(self.world.outcomes.canceled == 1)
        }

        @Test("The name and the tag of the scope are those that the middleware is created with.")
        func names() throws {
            let router = Router(context: PlainContext.self)
            router.add(middleware: ScopeMiddleware(self.world.container, tag: "web", name: { "\($0.method) \($0.uri.path)" }))
            router.get("orders") { _, _ in "\(Scope.current?.name ?? "") \(Scope.current?.tag ?? "")" }
            let responder = router.buildResponder()
            let parts = try self.world.simulation.run { try await self.write(try await World.response(of: responder, to: "/orders")) }
            #expect(parts.first == #"GET /orders web: ["GET /orders"]"#)
        }
    }
#endif
