extension Scope {
    /// Runs `body` with this scope as the current one, and leaves the scope open.
    ///
    /// Inside `body`, `Container.get` and `Container.withScope` use this scope, as they do in the body of `withScope`. Use it for a scope
    /// that was opened by `openScope` and whose work runs in several parts, such as the handler of a request and the writer of the
    /// response body. A scope that is closed refuses the requests of `body`.
    ///
    /// - Parameter body: The work. Its tasks inherit the current scope.
    /// - Returns: The result of `body`.
    /// - Throws: The error of `body`, unchanged.
    public nonisolated(nonsending) func asCurrent<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        guard let span = self.span else { return try await self.enter(isolation: #isolation, body) }
        UserCode.begins()
        return try await span.withCurrent(isolation: #isolation) { try await self.enter(isolation: #isolation, body) }
    }

    /// Runs `body` on the caller's actor.
    ///
    /// The closure captures the isolation parameter, because `withValue` takes a nonisolated function. Without the capture, the closure
    /// would leave the actor and `body` would hop back to it.
    private func enter<Result>(
        isolation: isolated (any Actor)?,
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        try await ScopeContext.$current.withValue(ScopeContext(scope: self, activity: .body)) {
            _ = isolation
            UserCode.begins()
            return try await body()
        }
    }

    /// Closes the scope, whose body ended with `outcome`, as the end of a body that ran in several parts.
    ///
    /// - Parameters:
    ///   - outcome: The outcome for the event of the close.
    ///   - error: The error that the body threw, for the span of the scope; nil if it threw none.
    @discardableResult
    package nonisolated(nonsending) func close(after outcome: ScopeOutcome, error: (any Error)? = nil) async -> DisposeReport {
        self.note(outcome, error)
        return await self.engine.close(self, after: outcome)
    }

    /// Closes the scope, whose body will not end, as canceled in a separate task: for a caller that cannot wait, such as a deinitializer.
    ///
    /// The disposes run on the environment's executor, never on the caller's stack: the caller may hold a lock.
    package func closeLater() {
        self.engine.environment.startLater { await self.close(after: .canceled, error: CancellationError()) }
    }
}
