import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The identity of an attached process in one dashboard. Two runs of a program have different identities.
public struct ProcessID: Hashable, Sendable, CustomStringConvertible {
    /// The text of the identity, which is shown in the column PROC: the process's number, with a container's number if it has several.
    public let text: String

    /// Creates an identity. The text must be unique among the processes of a directory.
    public init(_ text: String) {
        self.text = text
    }

    /// The text.
    public var description: String { self.text }
}

/// The state of the connection to an attached process.
public enum ConnectionStatus: Hashable, Sendable {
    /// No data have arrived yet.
    case connecting
    /// Data arrive. The lag is how late the process runs tasks; nil if it was not measured yet.
    case live(lag: Duration?)
    /// The connection is open, and nothing has arrived for a while.
    case silent(for: Duration)
    /// The connection was lost. The next attempt follows after a while.
    case reconnecting(in: Duration)
    /// The process has ended: when, by the clock of its data, and how, such as `without goodbye`.
    case ended(at: TimeSource.Instant?, how: String)
    /// The process does not accept the connection, for a reason that the user can act on.
    case refused(String)

    /// Whether the figures that are shown are current.
    package var isLive: Bool {
        if case .live = self { true } else { false }
    }

    /// Whether the figures that are shown are old, and a new attempt to connect may help.
    package var isLost: Bool {
        switch self {
        case .silent, .reconnecting, .refused: true
        case .connecting, .live, .ended: false
        }
    }

    /// Whether the process has ended.
    package var hasEnded: Bool {
        if case .ended = self { true } else { false }
    }
}

/// A sentence about a process that needs attention, with its severity. Lines of several processes are comparable by their severity.
public struct AttentionLine: Hashable, Sendable {
    /// The severity.
    public var severity: Finding.Severity
    /// The sentence, without the name of the process.
    public var text: String

    /// Creates a line.
    public init(severity: Finding.Severity, text: String) {
        self.severity = severity
        self.text = text
    }
}

/// An attached process as a row of the view Processes. Figures that are not known are nil.
public struct ProcessRow: Hashable, Sendable, Identifiable {
    /// The identity.
    public var id: ProcessID
    /// The number of the process on its host.
    public var pid: Int32
    /// The name of the container.
    public var name: String
    /// The name of the host.
    public var host: String
    /// The time since the process began to serve the container.
    public var uptime: Duration?
    /// The state of the connection.
    public var status: ConnectionStatus
    /// The number of open scopes.
    public var scopes: Int?
    /// The number of active instances.
    public var active: Int?
    /// The pool with the highest use.
    public var pool: PoolUse?
    /// The number of waiters in the queues of all pools.
    public var waiting: Int?
    /// The number of active findings.
    public var findings: Int?
    /// The highest severity of the active findings; nil without findings.
    public var worstFinding: Finding.Severity?
    /// The health verdict; nil if no resource was ever checked.
    public var health: HealthStatus?
    /// Whether the process accepts commands that act on its container.
    public var mayAct: Bool
    /// Whether the user has asked to act. Acting needs the consent of both sides.
    public var actsWithConsent: Bool
    /// The time that the dashboard can go back in the process. The dashboard sets it.
    public var depth: Duration?
    /// Why the process is not sent commands that act on its container, and what allows it, as a whole text; nil if acting is possible, or if
    /// it is not known yet.
    public var refusal: String?
    /// The lines about everything in the process that needs attention, most important first. They belong to the last data of the process.
    public var attention: [AttentionLine]
    /// The process that replaced this one after its end; nil if there is none.
    public var successor: ProcessID?
    /// The clock that maps the instants of the process's data to times of day; nil if they are those of this process.
    public var clock: WallClock?

    /// Creates a row.
    public init(
        id: ProcessID,
        pid: Int32,
        name: String,
        host: String,
        uptime: Duration? = nil,
        status: ConnectionStatus,
        scopes: Int? = nil,
        active: Int? = nil,
        pool: PoolUse? = nil,
        waiting: Int? = nil,
        findings: Int? = nil,
        worstFinding: Finding.Severity? = nil,
        health: HealthStatus? = nil,
        mayAct: Bool = false,
        actsWithConsent: Bool = false,
        depth: Duration? = nil,
        refusal: String? = nil,
        attention: [AttentionLine] = [],
        successor: ProcessID? = nil,
        clock: WallClock? = nil
    ) {
        self.id = id
        self.pid = pid
        self.name = name
        self.host = host
        self.uptime = uptime
        self.status = status
        self.scopes = scopes
        self.active = active
        self.pool = pool
        self.waiting = waiting
        self.findings = findings
        self.worstFinding = worstFinding
        self.health = health
        self.mayAct = mayAct
        self.actsWithConsent = actsWithConsent
        self.depth = depth
        self.refusal = refusal
        self.attention = attention
        self.successor = successor
        self.clock = clock
    }

    /// Whether commands that act on the container are sent to the process.
    package var acts: Bool { self.mayAct && self.actsWithConsent }

    /// Whether the process ended before anything was seen of it, so that it cannot be shown. The dashboard sets the depth of all others.
    var isUnseen: Bool { self.status.hasEnded && self.depth == nil }

    /// The process in words: `shop 4711@web1`.
    package var words: String {
        self.host.isEmpty ? "\(self.name) \(self.id)" : "\(self.name) \(self.id)@\(self.host)"
    }
}

extension [ProcessRow] {
    /// Returns the last one of the processes that replaced a process one after the other, of those that pass; nil if none passes.
    ///
    /// A process that ends at once may never be seen, and its successor replaces both.
    func successor(of process: ProcessID, where passes: (ProcessID) -> Bool) -> ProcessID? {
        var (last, current, known) = (ProcessID?.none, process, Set([process]))
        while let next = self.first(where: { $0.id == current })?.successor, known.insert(next).inserted {
            if passes(next) { last = next }
            current = next
        }
        return last
    }

    /// Returns the last one of the processes that replaced a process one after the other, of those that can be shown.
    func successor(of process: ProcessID) -> ProcessID? {
        self.successor(of: process) { next in !self.contains { $0.id == next && $0.isUnseen } }
    }
}

/// The processes that a dashboard is attached to. They may come and go at any time.
public protocol ProcessDirectory: Sendable {
    /// Returns the attached processes in a fixed order, with the figures that are known. Cheap: no call waits for a process.
    func rows() -> [ProcessRow]

    /// Returns a stream with an element after a row changed, at most four a second. A consumer that is slow receives one element for
    /// several changes.
    func changes() -> AsyncStream<Void>

    /// Returns the source of a process, which gives the same stream of data on every call; nil for an unknown process.
    func source(of id: ProcessID) -> (any DashboardSource)?

    /// Attempts to connect to a process now instead of at the next time. Does nothing if the connection is open or the process has ended.
    func reconnectNow(_ id: ProcessID)
}

/// A span of time without data, because the connection to the process was lost.
public struct TimeGap: Hashable, Sendable {
    /// The time of the last data before the gap.
    public var from: TimeSource.Instant
    /// The time of the first data after the gap.
    public var to: TimeSource.Instant
    /// The reason, such as `the connection was lost`.
    public var reason: String

    /// Creates a gap. It ends no earlier than it begins.
    public init(from: TimeSource.Instant, to: TimeSource.Instant, reason: String) {
        self.from = from
        self.to = max(from, to)
        self.reason = reason
    }
}
