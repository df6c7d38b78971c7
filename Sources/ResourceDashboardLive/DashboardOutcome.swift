import ResourceContainer

/// How a live dashboard ended, and what became of what the person had opened in it.
public struct DashboardOutcome: Sendable {
    /// Why it ended.
    public enum Reason: Hashable, Sendable {
        /// The person quit, or the task was cancelled.
        case quit
        /// The process was asked to end by this signal: the program should close what it has and exit with 128 + the number.
        case signal(Int32)
        /// The terminal has gone.
        case hangUp
    }

    /// Why it ended.
    public var reason: Reason
    /// The scopes the person had opened and left open: closed now, newest first.
    public var closed: [DisposeReport]
    /// The leases that the person had taken and not given back, a line each.
    public var released: [String]
    /// The recordings that were made, a line each.
    public var recorded: [String]
    /// The recordings that could not be written to their end, as on a full disk, a line each.
    public var cutOff: [String]
    /// What went wrong in closing, a line each: a scope that did not close in time, or was closed by others with an error.
    public var problems: [String]

    init(reason: Reason) {
        self.reason = reason
        self.closed = []
        self.released = []
        self.recorded = []
        self.cutOff = []
        self.problems = []
    }

    /// The exit code that tells the reason: 0, or 128 + the number of the signal; a hang-up is told as SIGHUP. 1 if the person quit and a
    /// recording is cut off.
    public var exitCode: Int32 {
        switch self.reason {
        case .quit: self.cutOff.isEmpty ? 0 : 1
        case .signal(let number): 128 + number
        case .hangUp: 128 + 1
        }
    }

    /// What a person should be told, a line each: what was recorded and closed, and by name what failed; empty if nothing was left open.
    public var summary: [String] {
        let closed = self.closed.flatMap { $0.lines("closed scope \($0.name)") }
        return self.recorded + self.cutOff + self.released + closed + self.problems
    }
}
