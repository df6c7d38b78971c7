#if FlyingFox
    import FlyingFox
    import FlyingSocks
    import Foundation
    import ResourceContainer
    import ResourceFlyingFox
    import ResourceSimulation
    import Testing

    @Suite("FlyingFox: a scope for each request")
    struct ScopeHandlerTests {
        private let world = World()

        @Test("The scope is open while the body is read, and closed at its end.")
        func body() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in
                HTTPResponse(statusCode: .ok, body: Data(try await container.get(Session.self).text.utf8))
            }
            try self.world.simulation.run { [world] in
                let response = try await handler.handleRequest(.get("/"))
                #expect(world.openScopes == ["request"])
                let body = try #require(response.body)
                #expect(body.count == 5)
                var iterator = body.makeAsyncIterator()
                #expect(try await iterator.next() == Data("hello".utf8))
                #expect(world.openScopes == ["request"])
                #expect(try await iterator.next() == nil)
                #expect(world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes?.returned == 1)
        }

        @Test("A streamed body of unknown length is produced in the scope, encoded in chunks once, and closes the scope at its end.")
        func stream() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in
                HTTPResponse(
                    statusCode: .ok,
                    body: HTTPBodySequence(
                        from: Parts(count: 2) {
                            "\(try await container.get(Session.self).text) \($0) in \(Scope.current?.name ?? "no scope")"
                        }
                    )
                )
            }
            try self.world.simulation.run { [world] in
                let body = try #require(try await handler.handleRequest(.get("/")).body)
                #expect(body.count == nil)
                var iterator = body.makeAsyncIterator()
                #expect(try await iterator.next() == Data("12\r\nhello 0 in request\r\n".utf8))
                #expect(world.openScopes == ["request"])
                #expect(try await iterator.next() == Data("12\r\nhello 1 in request\r\n".utf8))
                #expect(world.openScopes == ["request"])
                #expect(try await iterator.next() == Data("0\r\n\r\n".utf8))
                #expect(world.openScopes == [])
                #expect(try await iterator.next() == nil)
            }
            #expect(self.world.disposed == 1)
        }

        @Test("A body that throws closes the scope.")
        func bodyThrows() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in
                HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: Parts(count: 1) { _ in throw Failure() }, count: 10))
            }
            try self.world.simulation.run { [world] in
                let body = try #require(try await handler.handleRequest(.get("/")).body)
                var iterator = body.makeAsyncIterator()
                await #expect(throws: Failure.self) { try await iterator.next() }
                #expect(world.openScopes == [])
            }
            #expect(self.world.outcomes?.threw == 1)
        }

        @Test("A client that disconnects in the middle of the body closes the scope.")
        func disconnect() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in
                HTTPResponse(
                    statusCode: .ok,
                    body: HTTPBodySequence(from: Parts(count: 9) { _ in try await container.get(Session.self).text })
                )
            }
            try self.world.simulation.run { [world] in
                // The server drops response and iterator if a write fails.
                try await Self.readOnce(try await handler.handleRequest(.get("/")))
                while world.openScopes != [] { await Task.yield() }
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes?.canceled == 1)
        }

        private static func readOnce(_ response: HTTPResponse) async throws {
            var iterator = response.body?.makeAsyncIterator()
            #expect(try await iterator?.next() != nil)
        }

        @Test("A handler that throws closes the scope, and the server receives its error.")
        func handlerThrows() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in
                _ = try await container.get(Session.self)
                throw Failure()
            }
            try self.world.simulation.run { [world] in
                await #expect(throws: Failure.self) { try await handler.handleRequest(.get("/")) }
                #expect(world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes?.threw == 1)
        }

        @Test("A request that the container declares as a value is provided by its scope.")
        func value() throws {
            let container = try self.world.container()
            try container.bindValue(HTTPRequest.self, in: "request")
            let handler = ScopeHandler(container) { _ in
                HTTPResponse(statusCode: .ok, body: Data(try await container.get(HTTPRequest.self).path.utf8))
            }
            let text = try self.world.simulation.run {
                String(decoding: try await handler.handleRequest(.get("/orders")).bodyData, as: UTF8.self)
            }
            #expect(text == "/orders")
        }

        @Test("Further values of the scope are made from the request, and an error of their closure opens no scope.")
        func furtherValues() throws {
            let container = try self.world.container()
            try container.bindValue(String.self, name: "user", in: "request")
            let users: @Sendable (HTTPRequest) throws -> ScopeValues = { request in
                guard let user = request.headers[.authorization] else { throw HTTPUnhandledError() }
                return ScopeValues(Provide(name: "user", user))
            }
            let handler = ScopeHandler(container, providing: users) { _ in
                HTTPResponse(statusCode: .ok, body: Data(try await container.get(String.self, name: "user").utf8))
            }
            var request = HTTPRequest.get("/")
            request.headers[.authorization] = "ada"
            let text = try self.world.simulation.run { [request] in
                _ = await #expect(throws: HTTPUnhandledError.self) { try await handler.handleRequest(.get("/")) }
                return String(decoding: try await handler.handleRequest(request).bodyData, as: UTF8.self)
            }
            #expect(text == "ada")
            #expect(self.world.outcomes?.returned == 1)
        }

        @Test("A request that the handler passes on to the next one counts as returned.")
        func unhandled() throws {
            let handler = ScopeHandler(try self.world.container()) { _ in throw HTTPUnhandledError() }
            try self.world.simulation.run {
                _ = await #expect(throws: HTTPUnhandledError.self) { try await handler.handleRequest(.get("/")) }
            }
            #expect(self.world.outcomes?.returned == 1)
        }

        @Test("A request that the server cancels closes its scope.")
        func cancel() throws {
            let container = try self.world.container()
            let time = self.world.simulation.environment.time
            let handler = ScopeHandler(container) { _ in
                try await time.sleep(for: .seconds(3600))
                return HTTPResponse(statusCode: .ok)
            }
            let task = self.world.simulation.spawn { _ = try? await handler.handleRequest(.get("/")) }
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == ["request"])
            task.cancel()
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == [])
            #expect(self.world.outcomes?.canceled == 1)
        }

        @Test("The name and the tag of the scope are those that the handler is created with.")
        func names() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container, tag: "web", name: { "\($0.method.rawValue) \($0.path)" }) { _ in
                HTTPResponse(statusCode: .ok, body: Data("\(Scope.current?.name ?? "") \(Scope.current?.tag ?? "")".utf8))
            }
            let text = try self.world.simulation.run {
                String(decoding: try await handler.handleRequest(.get("/orders")).bodyData, as: UTF8.self)
            }
            #expect(text == "GET /orders web")
        }

        @Test("A WebSocket keeps the scope open until its last frame.")
        func webSocket() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in HTTPResponse(webSocket: Echo(container: container)) }
            try self.world.simulation.run { [world] in
                let response = try await handler.handleRequest(.get("/"))
                guard case .webSocket(let socket) = response.payload else {
                    Issue.record("the response is no WebSocket")
                    return
                }
                let frames = try await socket.makeFrames(for: AsyncThrowingStream { $0.finish() })
                #expect(world.openScopes == ["request"])
                var count = 0
                for await _ in frames {
                    count += 1
                    #expect(world.openScopes == ["request"])
                }
                #expect(count == 2)
                #expect(world.openScopes == [])
            }
            #expect(self.world.disposed == 1)
            #expect(self.world.outcomes?.returned == 1)
        }

        /// Returns the frames of a response, which is then dropped as the server does at the end.
        private static func frames(of response: HTTPResponse) async throws -> AsyncStream<WSFrame>? {
            guard case .webSocket(let socket) = response.payload else { return nil }
            return try await socket.makeFrames(for: AsyncThrowingStream { $0.finish() })
        }

        @Test("The frames of a WebSocket are produced in the scope.")
        func webSocketScope() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in HTTPResponse(webSocket: Names(count: 2)) }
            try self.world.simulation.run { [world] in
                let frames = try #require(try await Self.frames(of: try await handler.handleRequest(.get("/"))))
                var names: [String] = []
                for await frame in frames { names.append(String(decoding: frame.payload, as: UTF8.self)) }
                #expect(names == ["request", "request"])
                #expect(world.openScopes == [])
            }
            #expect(self.world.outcomes?.returned == 1)
        }

        @Test("A WebSocket whose connection the server cancels closes its scope as canceled.")
        func webSocketCanceled() throws {
            let container = try self.world.container()
            let handler = ScopeHandler(container) { _ in HTTPResponse(webSocket: Silence()) }
            let task = self.world.simulation.spawn { [world] in
                guard let frames = try? await Self.frames(of: try await handler.handleRequest(.get("/"))) else { return }
                for await _ in frames { Issue.record("the socket sends a frame") }
                #expect(world.openScopes == [])
            }
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == ["request"])
            task.cancel()
            self.world.simulation.run(for: .seconds(1))
            #expect(self.world.openScopes == [])
            #expect(self.world.outcomes?.canceled == 1)
        }
    }

    /// The container of a test, in a simulation.
    private final class World: Sendable {
        let simulation = Simulation(seed: 1)
        private let current = Lock<Container?>(nil)

        func container() throws -> Container {
            let container = Container("web", environment: self.simulation.environment)
            try container.bind(Session.self) { Session() }
            self.current.withLock { $0 = container }
            return container
        }

        var openScopes: [String] {
            guard let container = self.current.withLock({ $0 }) else { return [] }
            return container.snapshot().scopes.filter { $0.parent != nil }.map(\.name)
        }

        var outcomes: ScopeOutcomeCounts? {
            self.current.withLock { $0 }?.snapshot().outcomes
        }

        var disposed: Int {
            self.current.withLock { $0 }?.snapshot().books.disposed ?? 0
        }
    }

    /// The resource of one request.
    private final class Session: Resource {
        let text = "hello"
    }

    private struct Failure: Error {}

    /// The bytes of a few texts, each created when it is read.
    private struct Parts: AsyncBufferedSequence {
        typealias Element = UInt8
        let count: Int
        let text: @Sendable (Int) async throws -> String

        func makeAsyncIterator() -> Iterator {
            Iterator(parts: self)
        }

        struct Iterator: AsyncBufferedIteratorProtocol {
            let parts: Parts
            private var number = 0

            init(parts: Parts) {
                self.parts = parts
            }

            mutating func next() async throws -> UInt8? { nil }

            mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
                guard self.number < self.parts.count else { return nil }
                defer { self.number += 1 }
                return Array(try await self.parts.text(self.number).utf8)
            }
        }
    }

    /// A WebSocket that sends two frames.
    private struct Echo: WSHandler {
        let container: Container

        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            _ = try await self.container.get(Session.self)
            return AsyncStream { frames in
                for _ in 0..<2 {
                    frames.yield(WSFrame(fin: true, opcode: .text, mask: nil, payload: Data()))
                }
                frames.finish()
            }
        }
    }

    /// A WebSocket that sends the name of the current scope in each of its frames.
    private struct Names: WSHandler {
        let count: Int

        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            let sent = Lock(0)
            return AsyncStream { [count] in
                let number = sent.withLock { sent in
                    sent += 1
                    return sent
                }
                guard number <= count else { return nil }
                let name = Scope.current?.name ?? "no scope"
                return WSFrame(fin: true, opcode: .text, mask: nil, payload: Data(name.utf8))
            }
        }
    }

    /// A WebSocket that sends no frame until it is canceled.
    private struct Silence: WSHandler {
        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            AsyncStream.makeStream(of: WSFrame.self).stream
        }
    }

    extension HTTPRequest {
        fileprivate static func get(_ path: String) -> HTTPRequest {
            HTTPRequest(method: .GET, version: .http11, path: path, query: [], headers: [:], body: HTTPBodySequence())
        }
    }

    extension HTTPResponse {
        fileprivate var body: HTTPBodySequence? {
            if case .httpBody(let body) = self.payload { body } else { nil }
        }
    }
#endif
