/// Something did not end within the time it was given.
package struct BudgetExceeded: Error {
    package let budget: Duration
}

extension TimeSource {
    /// Runs `body`, and cancels it if it takes longer than `budget`.
    ///
    /// Returns when `body` does: what does not listen to cancellation takes as long as it takes. A body that has ended when it is looked at
    /// has ended in time. About 10 µs.
    ///
    /// - Throws: what `body` throws; ``BudgetExceeded`` if it did not end in time, and not with a result after that.
    package func within<Result: Sendable>(
        _ budget: Duration,
        _ body: @escaping @Sendable @concurrent () async throws -> Result
    ) async throws -> Result {
        let time = self
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try? await time.sleep(for: budget)
                return nil
            }
            defer { group.cancelAll() }
            // A throw is the body's: the clock does not throw.
            if case .some(.some(let result)) = try await group.next() { return result }
            if Task.isCancelled { throw CancellationError() }
            group.cancelAll()
            // Whatever it says now, it says because it was cancelled.
            if case .success(.some(let result))? = await group.nextResult() { return result }
            throw BudgetExceeded(budget: budget)
        }
    }
}
