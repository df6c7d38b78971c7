/// An operation that did not finish within its budget.
package struct BudgetExceeded: Error {
    /// The budget that was exceeded.
    package let budget: Duration
}

extension TimeSource {
    /// Runs `body`, and cancels it if it takes longer than `budget`.
    ///
    /// Returns when `body` returns: a body that ignores cancellation is waited for. A body that has finished when the budget is checked
    /// counts as on time. Costs about 10 µs.
    ///
    /// - Throws: The error that `body` throws; ``BudgetExceeded`` if the body did not finish in time and then ended without a result.
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
            // Only the body can throw here: the clock's task swallows its cancellation.
            if case .some(.some(let result)) = try await group.next() { return result }
            if Task.isCancelled { throw CancellationError() }
            group.cancelAll()
            // An error that arrives now results from the cancellation above.
            if case .success(.some(let result))? = await group.nextResult() { return result }
            throw BudgetExceeded(budget: budget)
        }
    }
}
