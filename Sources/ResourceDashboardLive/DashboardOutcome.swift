import ResourceContainer

/// The outcome of a live dashboard: why it ended, and what became of the scopes, leases and recordings of the user.
public struct DashboardOutcome: Sendable {
    /// The reason for the end of a dashboard.
    public enum Reason: Hashable, Sendable {
        /// The user quit, or the task was canceled.
        case quit
        /// This signal requested the end of the process. The program should close its resources and exit with 128 + the number.
        case signal(Int32)
        /// The terminal hung up.
        case hangUp
    }

    /// The reason for the end.
    public var reason: Reason
    /// The reports of the scopes that the user had left open and the dashboard closed at its end, newest first.
    public var closed: [DisposeReport]
    /// The leases that the user had not released and the dashboard released at its end, one line each.
    public var released: [String]
    /// The finished recordings, one line each.
    public var recorded: [String]
    /// The recordings that could not be completed, for example on a full disk, one line each.
    public var cutOff: [String]
    /// Problems of the close, one line each: a scope that did not close in time, or that failed while another task closed it.
    public var problems: [String]

    init(reason: Reason) {
        self.reason = reason
        self.closed = []
        self.released = []
        self.recorded = []
        self.cutOff = []
        self.problems = []
    }

    /// The exit code for the reason: 0, 128 + the number of the signal, or 129 (SIGHUP) for a hang-up. It is 1 if the user quit and a
    /// recording is cut off.
    public var exitCode: Int32 {
        switch self.reason {
        case .quit: self.cutOff.isEmpty ? 0 : 1
        case .signal(let number): 128 + number
        case .hangUp: 128 + 1
        }
    }

    /// The summary to show to the user, one line each: recordings, closed scopes, and the names of failed resources. Empty if nothing was
    /// left open or recorded.
    public var summary: [String] {
        let closed = self.closed.flatMap { $0.lines("closed scope \($0.name)") }
        return self.recorded + self.cutOff + self.released + closed + self.problems
    }
}
