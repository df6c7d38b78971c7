/// A first-in, first-out asynchronous mutex, for example for a connection that several tasks share.
///
/// Bodies run one at a time, in the order of their calls. A task that is canceled while it waits leaves the queue without delaying the
/// tasks behind it. Not reentrant: a nested call from within a body never returns.
package final class AsyncMutex: Sendable {
    /// Fulfilled when the most recently requested turn ends; nil before the first.
    private let last = Lock<Promise<Void>?>(nil)

    /// Creates a mutex that no task holds.
    package init() {}

    /// Runs `body` after all earlier calls have finished.
    ///
    /// - Throws: The error that `body` throws; `CancellationError` if the task is canceled before its turn.
    package nonisolated(nonsending) func withLock<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let mine = Promise<Void>()
        let before = self.last.withLock { last in
            defer { last = mine }
            return last
        }
        if let before, await before.wait() == nil {
            before.whenFulfilled { mine.fulfill(()) }
            throw CancellationError()
        }
        defer { mine.fulfill(()) }
        return try await body()
    }
}
