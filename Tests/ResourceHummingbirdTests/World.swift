#if Hummingbird
    import Hummingbird
    import Logging
    import ResourceContainer
    import ResourceSimulation

    /// A container in a simulation.
    final class World: Sendable {
        let simulation = Simulation(seed: 1)
        let container: Container

        init() throws {
            self.container = Container("web", environment: self.simulation.environment)
            try self.container.bind(Session.self) { Session() }
        }

        var openScopes: [String] {
            self.container.openScopeNames
        }

        var disposed: Int {
            self.container.snapshot().books.disposed
        }

        var outcomes: ScopeOutcomeCounts {
            self.container.snapshot().outcomes ?? ScopeOutcomeCounts()
        }

        /// Returns the response of `responder` to a request without a body.
        static func response(
            of responder: RouterResponder<PlainContext>,
            to path: String,
            method: HTTPRequest.Method = .get
        ) async throws -> Response {
            let request = Request(
                head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path),
                body: RequestBody(buffer: ByteBuffer())
            )
            return try await responder.respond(to: request, context: PlainContext(source: PlainContext.Source()))
        }
    }

    extension Container {
        /// The names of the open scopes, without the root.
        var openScopeNames: [String] {
            self.snapshot().scopes.filter { $0.parent != nil }.map(\.name)
        }
    }

    /// The resource of one request.
    final class Session: Resource {
        let text = "hello"
    }

    struct Failure: Error {}

    /// A request context that needs no channel.
    struct PlainContext: RequestContext {
        struct Source: RequestContextSource {
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        }

        var coreContext: CoreRequestContextStorage

        init(source: Source) {
            self.coreContext = CoreRequestContextStorage(source: source)
        }
    }

    /// A writer of response bodies that calls a closure with each part; nil is the end.
    struct PartWriter: ResponseBodyWriter {
        let onPart: @Sendable (String?) async throws -> Void

        func write(_ buffer: ByteBuffer) async throws {
            try await self.onPart(String(buffer: buffer))
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {
            try await self.onPart(nil)
        }
    }
#endif
