#if Hummingbird
    import Hummingbird
    import HummingbirdTesting
    import Logging
    import ResourceContainer
    import ResourceHummingbird
    import ResourceMonitoring
    import Testing

    @Suite("Hummingbird: applications with a container")
    struct ApplicationTests {
        private let container: Container
        private let application: Application<RouterResponder<BasicRequestContext>>
        /// Fulfilled when the endless body has started.
        private let started = Promise<Void>()

        init() throws {
            let container = Container("web")
            try container.bind(Session.self) { Session() }
            let health = HealthChecker(container)
            let router = Router()
            router.addContainerRoutes(health: health, monitor: ResourceMonitor(container, health: health))
            router.add(middleware: ScopeMiddleware(container))
            router.get("text") { _, _ in try await container.get(Session.self).text }
            router.get("endless") { [started] _, _ in
                Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        let part = ByteBuffer(string: try await container.get(Session.self).text)
                        while true {
                            try await writer.write(part)
                            started.fulfill(())
                        }
                    }
                )
            }
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            self.container = container
            self.application = Application(
                router: router,
                configuration: ApplicationConfiguration(address: .hostname("localhost", port: 0)),
                logger: logger
            )
        }

        @Test("The routes of the container answer, and open no scope.", arguments: ["live", "ready", "metrics"])
        func routes(name: String) async throws {
            try await self.application.test(.router) { client in
                let response = try await client.execute(uri: "/\(name)", method: .get)
                #expect(response.status == .ok)
                let type = name == "metrics" ? "text/plain; version=0.0.4; charset=utf-8" : "application/json"
                #expect(response.headers[.contentType] == type)
                #expect(response.body.readableBytes > 0)
            }
            #expect(self.container.snapshot().closedScopes == 0)
            try await self.container.close()
        }

        @Test("A container that is closed is not ready, and refuses requests.")
        func closed() async throws {
            try await self.container.close()
            try await self.application.test(.router) { client in
                let ready = try await client.execute(uri: "/ready", method: .get)
                #expect(ready.status == .serviceUnavailable)
                let refused = try await client.execute(uri: "/text", method: .get)
                #expect(refused.status == .internalServerError)
            }
        }

        @Test("A server opens one scope for each request of a connection, and leaves none open.")
        func connection() async throws {
            try await self.application.test(.live) { client in
                for _ in 0..<3 {
                    let response = try await client.execute(uri: "/text", method: .get)
                    #expect(String(buffer: response.body) == "hello")
                }
            }
            #expect(self.container.openScopeNames == [])
            #expect(self.container.snapshot().closedScopes == 3)
            #expect(self.container.snapshot().books.disposed == 3)
            try await self.container.close()
        }

        @Test("A client that disconnects in the middle of an endless body closes the scope of its request.")
        func disconnect() async throws {
            try await self.application.test(.live) { [started] client in
                let port = try #require(client.port)
                try await TestClient.withClient(host: "localhost", port: port) { client in
                    try await client.executeAndDontWaitForResponse(TestClient.Request("/endless", method: .get))
                    _ = await started.wait()
                }
            }
            #expect(self.container.openScopeNames == [])
            #expect(self.container.snapshot().books.disposed == 1)
            try await self.container.close()
        }
    }
#endif
