/// One after the other, first come first served: for what can do one thing at a time, such as a connection that several tasks use.
///
/// A task that is cancelled while it waits for its turn leaves, and holds up nobody behind it. Waiting for a turn inside one's own turn never
/// ends.
package final class Turns: Sendable {
    /// Fulfilled when the last turn that was asked for is over; nil before the first.
    private let last = Lock<Promise<Void>?>(nil)

    package init() {}

    /// Runs `body` once everybody who asked before has had their turn.
    ///
    /// - Throws: what `body` throws; `CancellationError` if the task is cancelled before its turn comes.
    package nonisolated(nonsending) func inTurn<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let mine = Promise<Void>()
        let before = self.last.withLock { last in
            defer { last = mine }
            return last
        }
        if let before, await before.wait() == nil {
            before.whenFulfilled { mine.fulfil(()) }
            throw CancellationError()
        }
        defer { mine.fulfil(()) }
        return try await body()
    }
}
