#if Hummingbird
    public import Hummingbird
    public import ResourceContainer
    import WebAdapters

    /// A middleware that gives each request a scope.
    ///
    /// The scope is the current one in the handler, in the middlewares that are added later, and in the writer of the response body. It is
    /// closed after the body is written. If one of them throws, the client disconnects, or the server cancels the request, the scope is
    /// closed then. A response to HEAD has no body, so the scope of such a request is closed after the handler.
    ///
    /// The scope provides its `Request` as a value, if the container declares it by `container.bindValue(Request.self, in: "request")`, and
    /// the values of `providing`, such as the user.
    ///
    /// The outcome of the scope is that of the request. It threw if a part of it threw an error. An error that Hummingbird answers with a
    /// status below 500, such as `HTTPError(.notFound)`, and every response that is returned, with any status, count as returned. A
    /// request whose client disconnects counts as canceled.
    ///
    /// A middleware applies to the routes that are added after it, and to requests without a route.
    public struct ScopeMiddleware<Context: RequestContext>: RouterMiddleware {
        private let container: Container
        private let name: @Sendable (Request) -> String
        private let tag: String?
        private let values: @Sendable (Request, Context) async throws -> ScopeValues
        private let location: CodeLocation

        /// Creates a middleware.
        ///
        /// The scopes are opened in the current scope of the server's task, or in the root scope.
        ///
        /// - Parameters:
        ///   - container: The container of the scopes.
        ///   - tag: The tag of the scopes; see `Lifetime.tagged(_:)`. Statistics of closed scopes are kept by tag.
        ///   - name: Returns the name of the scope of a request. By default, all have the name `request`.
        ///   - values: Returns further values of the scope of a request. If it throws, no scope is opened, and the middleware throws the
        ///     error.
        ///   - fileID: The file of the caller, for diagnostics.
        ///   - line: The line of the caller, for diagnostics.
        public init(
            _ container: Container,
            tag: String? = "request",
            name: @escaping @Sendable (Request) -> String = { _ in "request" },
            providing values: @escaping @Sendable (Request, Context) async throws -> ScopeValues = { _, _ in ScopeValues() },
            fileID: String = #fileID,
            line: UInt = #line
        ) {
            self.container = container
            self.tag = tag
            self.name = name
            self.values = values
            self.location = CodeLocation(file: fileID, line: line)
        }

        /// Runs the rest of the chain in a new scope.
        ///
        /// - Throws: The error of the handler or of `providing`, unchanged; `ResourceError` if the container is closed or an eager instance of the scope
        ///   cannot be created.
        @concurrent
        public func handle(
            _ request: Request,
            context: Context,
            next: @concurrent (Request, Context) async throws -> Response
        ) async throws -> Response {
            let scope = RequestScope(try await self.openScope(for: request, context)) { error in
                (error as? any HTTPResponseError).map { $0.status.code < 500 } ?? false
            }
            var response = try await scope.handle { try await next(request, context) }
            // A HEAD endpoint that the router generates drops the body, and so what would close the scope.
            if request.method == .head {
                await scope.finish()
                return response
            }
            let body = response.body
            response.body = ResponseBody(contentLength: body.contentLength) { writer in
                let client = WatchedWriter.Client()
                let watched = WatchedWriter(base: writer, client: client)
                try await scope.run(isCanceled: { client.isGone }) { try await body.write(watched) }
                await scope.finish()
            }
            return response
        }

        private func openScope(for request: Request, _ context: Context) async throws -> Scope {
            let values = try await self.values(request, context)
            return try self.container.openScope(
                self.name(request),
                tag: self.tag,
                offering: request,
                providing: values,
                location: self.location
            )
        }
    }
#endif
