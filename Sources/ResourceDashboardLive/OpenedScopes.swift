import ResourceContainer
import ResourceDashboard

/// The scopes that the person opened and has not closed, oldest first.
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

    /// Closes them, newest first, and enters into `outcome` what came of it by the end of `budget`.
    ///
    /// A resource may be deaf: the wait ends with the budget, whether the work does or not, and is not cut short by cancellation.
    func closeAll(with control: any DashboardControl, budget: Duration, time: TimeSource, into outcome: inout DashboardOutcome) async {
        if self.ids.isEmpty { return }
        let progress = Lock(Progress(waiting: self.ids))
        let end = Promise<Void>()
        let deadline = time.schedule(at: time.now + budget) { end.fulfil(()) }
        // Not a child task: nobody could leave a deaf one behind.
        Task {
            while let id = progress.withLock({ $0.waiting.last }) {
                do {
                    let report = try await control.closeScope(id, force: false)
                    progress.withLock { $0.closed(id, report) }
                } catch {
                    progress.withLock { $0.failed(id) }
                }
            }
            end.fulfil(())
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

        /// It was closed meanwhile, with a parent or by the program.
        mutating func failed(_ id: ScopeID) {
            self.waiting.removeAll { $0 == id }
        }
    }
}
