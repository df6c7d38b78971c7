#if FlyingFox
    public import FlyingFox
    public import ResourceContainer
    import WebAdapters

    /// A handler that gives each request a scope.
    ///
    /// The scope is the current one in the wrapped handler, and in everything that produces the response: a streamed body, or the frames
    /// of a WebSocket. It is closed after the last byte of the body is produced, or after the last frame. If the handler throws, the
    /// client disconnects, or the server cancels the request, the scope is closed then.
    ///
    /// The scope provides its `HTTPRequest` as a value, if the container declares it by `container.bindValue(HTTPRequest.self, in: "request")`,
    /// and the values of `providing`, such as the user.
    ///
    /// The outcome of the scope is that of the request. It threw if the handler or the body threw an error. `HTTPUnhandledError`, which
    /// passes the request on to the next handler, and every response that is returned, with any status, count as returned. A request
    /// whose client disconnects counts as canceled.
    ///
    /// A request that the wrapped handler does not handle opens a scope as well.
    public struct ScopeHandler<Base: HTTPHandler>: HTTPHandler {
        private let container: Container
        private let name: @Sendable (HTTPRequest) -> String
        private let tag: String?
        private let values: @Sendable (HTTPRequest) async throws -> ScopeValues
        private let base: Base
        private let location: CodeLocation

        /// Creates a handler that runs `base` in a scope.
        ///
        /// The scope is opened in the current scope of the server's task, or in the root scope.
        ///
        /// - Parameters:
        ///   - container: The container of the scopes.
        ///   - tag: The tag of the scopes; see `Lifetime.tagged(_:)`. Statistics of closed scopes are kept by tag.
        ///   - name: Returns the name of the scope of a request. By default, all have the name `request`.
        ///   - values: Returns further values of the scope of a request. If it throws, no scope is opened, and the handler throws the error.
        ///   - fileID: The file of the caller, for diagnostics.
        ///   - line: The line of the caller, for diagnostics.
        ///   - base: The handler of the requests, such as a `RoutedHTTPHandler`.
        public init(
            _ container: Container,
            tag: String? = "request",
            name: @escaping @Sendable (HTTPRequest) -> String = { _ in "request" },
            providing values: @escaping @Sendable (HTTPRequest) async throws -> ScopeValues = { _ in ScopeValues() },
            fileID: String = #fileID,
            line: UInt = #line,
            to base: Base
        ) {
            self.container = container
            self.tag = tag
            self.name = name
            self.values = values
            self.location = CodeLocation(file: fileID, line: line)
            self.base = base
        }

        /// Runs the wrapped handler in a new scope.
        ///
        /// - Throws: The error of the wrapped handler or of `providing`, unchanged; `ResourceError` if the container is closed or an eager instance of the
        ///   scope cannot be created.
        public func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            let scope = RequestScope(try await self.openScope(for: request)) { $0 is HTTPUnhandledError }
            var response = try await scope.handle { try await self.base.handleRequest(request) }
            switch response.payload {
            case .httpBody(let body): response.payload = .httpBody(ScopedBody.sequence(body, scope))
            case .webSocket(let handler): response.payload = .webSocket(ScopedWebSocket(base: handler, scope: scope))
            }
            return response
        }

        private func openScope(for request: HTTPRequest) async throws -> Scope {
            let values = try await self.values(request)
            return try self.container.openScope(
                self.name(request),
                tag: self.tag,
                offering: request,
                providing: values,
                location: self.location
            )
        }
    }

    extension ScopeHandler where Base == ClosureHTTPHandler {
        /// Creates a handler that runs a closure in a scope.
        ///
        /// The parameters are those of ``init(_:tag:name:providing:fileID:line:to:)``.
        public init(
            _ container: Container,
            tag: String? = "request",
            name: @escaping @Sendable (HTTPRequest) -> String = { _ in "request" },
            providing values: @escaping @Sendable (HTTPRequest) async throws -> ScopeValues = { _ in ScopeValues() },
            fileID: String = #fileID,
            line: UInt = #line,
            handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
        ) {
            self.init(container, tag: tag, name: name, providing: values, fileID: fileID, line: line, to: ClosureHTTPHandler(handler))
        }
    }
#endif
