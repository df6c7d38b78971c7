package import ResourceContainer

/// The scope of one request, open from the handler until the end of the response body.
///
/// It is closed exactly once: when a part of the request throws, when ``finish()`` ends the request, or, for a response that is dropped
/// unwritten, when the last reference to it is released. The outcome of the scope is that of the request: it returned, a part of it threw, or
/// it was canceled, which includes a response that is dropped. The parts of a request are concurrent functions, as those of servers are: they call
/// functions of the server with values that are not `Sendable`, which must not change the isolation.
package final class RequestScope: Sendable {
    private let scope: Scope
    private let isAnswer: @Sendable (any Error) -> Bool

    /// Takes over an open scope.
    ///
    /// - Parameters:
    ///   - scope: The scope of the request.
    ///   - isAnswer: Whether an error of the handler is an answer to the client, such as the status 404. Such a request has returned.
    package init(_ scope: Scope, isAnswer: @escaping @Sendable (any Error) -> Bool) {
        self.scope = scope
        self.isAnswer = isAnswer
    }

    // A server drops a response unwritten if its client has disconnected, the handler took too long, or a middleware has replaced the body.
    deinit {
        if self.scope.isOpen { self.scope.closeLater() }
    }

    /// Initializes the eager bindings of the scope and runs the handler of the request. Closes the scope if one of them throws.
    @concurrent
    package func handle<Response: Sendable>(_ handler: @concurrent () async throws -> Response) async throws -> Response {
        do {
            return try await self.scope.asCurrent {
                try await self.scope.start()
                return try await handler()
            }
        } catch {
            await self.scope.close(after: self.isAnswer(error) ? .returned : ScopeOutcome(of: error), error: error)
            throw error
        }
    }

    /// Runs a part of the request, such as the writer of the body, in the scope. Closes the scope if it throws.
    ///
    /// - Parameters:
    ///   - isCanceled: Whether the part threw because the client is gone. It is called after the part threw.
    ///   - part: The part.
    @concurrent
    package func run<Result: Sendable>(
        isCanceled: () -> Bool = { false },
        _ part: @concurrent () async throws -> Result
    ) async throws -> Result {
        do {
            return try await self.scope.asCurrent { try await part() }
        } catch {
            await self.scope.close(after: isCanceled() ? .canceled : ScopeOutcome(of: error), error: error)
            throw error
        }
    }

    /// Closes the scope and waits until its instances are disposed.
    package func finish() async {
        await self.scope.close(after: .returned)
    }
}
