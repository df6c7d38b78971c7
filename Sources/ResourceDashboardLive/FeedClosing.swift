import ResourceContainer
import ResourceDashboard

/// The end of a dashboard's work on one container: the scopes that the user opened close, and the leases are released.
///
/// Both together take at most the budget, even if the container or its process does not answer.
struct FeedClosing: Sendable {
    private let opened: OpenedScopes
    /// Nil if there is nothing to close or to release.
    private let control: (any DashboardControl)?
    /// The attached process; nil for a container of this program.
    private let process: ProcessID?
    private let budget: Duration
    private let time: TimeSource

    /// Creates the end of a feed. An attached process on which the user has not acted is not asked.
    init(_ feed: ProcessFeed, of process: ProcessID?, budget: Duration, time: TimeSource) {
        let isTouched = process == nil || feed.hasActed || !feed.opened.isEmpty
        self.init(feed.opened, of: process, with: isTouched ? feed.source.control : nil, budget: budget, time: time)
    }

    init(_ opened: OpenedScopes, of process: ProcessID?, with control: (any DashboardControl)?, budget: Duration, time: TimeSource) {
        self.opened = opened
        self.control = control
        self.process = process
        self.budget = budget
        self.time = time
    }

    /// Closes and releases. The outcome contains what became of the scopes and the leases.
    func run() async -> DashboardOutcome {
        var outcome = DashboardOutcome(reason: .quit)
        guard let control = self.control else { return outcome }
        let deadline = self.time.now + self.budget
        await self.opened.closeAll(with: control, budget: self.budget, time: self.time, into: &outcome)
        guard let lines = await self.released(by: control, until: deadline) else {
            let leases = self.process.map { "the leases in \($0)" } ?? "the leases"
            outcome.problems.append("\(leases) were not released within \(self.budget)")
            return outcome
        }
        outcome.released = lines
        return outcome
    }

    /// Releases all leases, and returns one line for each; nil if the deadline passed first. Cancellation does not shorten the wait.
    private func released(by control: any DashboardControl, until deadline: TimeSource.Instant) async -> [String]? {
        let result = Promise<[String]?>()
        let limit = self.time.schedule(at: deadline) { result.fulfill(nil) }
        // Not a child task: a task group cannot return before a child that does not answer.
        Task { result.fulfill(await control.releaseAll()) }
        let lines = await result.waitThroughCancellation()
        limit.cancel()
        return lines
    }
}
