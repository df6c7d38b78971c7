import ResourceContainer
import ResourceDashboard

/// The scopes that the user opened and has not closed, oldest first.
struct OpenedScopes {
    private var ids: [ScopeID] = []

    var isEmpty: Bool { self.ids.isEmpty }

    mutating func opened(_ id: ScopeID) {
        self.ids.append(id)
    }

    mutating func closed(_ report: DisposeReport) {
        self.ids.removeAll { $0 == report.scope }
        for child in report.children { self.closed(child) }
    }

    /// Closes the scopes, newest first, and adds to `outcome` the results available at the end of `budget`.
    ///
    /// A resource may ignore cancellation, so the wait ends with the budget even if the close continues. Cancellation does not shorten it.
    func closeAll(with control: any DashboardControl, budget: Duration, time: TimeSource, into outcome: inout DashboardOutcome) async {
        if self.ids.isEmpty { return }
        let progress = Lock(Progress(waiting: self.ids))
        let end = Promise<Void>()
        let deadline = time.schedule(at: time.now + budget) { end.fulfill(()) }
        // Not a child task: a task group cannot return before a child that ignores cancellation.
        Task {
            while let id = progress.withLock({ $0.waiting.last }) {
                do {
                    let report = try await control.closeScope(id, force: false)
                    progress.withLock { $0.closed(id, report) }
                } catch {
                    progress.withLock { $0.failed(id) }
                }
            }
            end.fulfill(())
        }
        await end.waitThroughCancellation()
        deadline.cancel()
        let result = progress.withLock { $0 }
        outcome.closed += result.reports
        outcome.problems += result.waiting.reversed().map { "\($0) did not close within \(budget)" }
    }

    private struct Progress: Sendable {
        var waiting: [ScopeID]
        var reports: [DisposeReport] = []

        mutating func closed(_ id: ScopeID, _ report: DisposeReport) {
            self.waiting.removeAll { $0 == id }
            self.reports.append(report)
        }

        /// The scope was already closed, with a parent or by the application.
        mutating func failed(_ id: ScopeID) {
            self.waiting.removeAll { $0 == id }
        }
    }
}
