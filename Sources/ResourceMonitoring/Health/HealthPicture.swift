import ResourceContainer

/// A change of what is held to be the health of something.
public struct HealthTransition: Sendable, Hashable, Codable {
    public var time: TimeSource.Instant
    public var from: HealthStatus
    public var to: HealthStatus
    /// Why: `2 good answers in a row`, or what the resource said.
    public var reason: String

    public init(time: TimeSource.Instant, from: HealthStatus, to: HealthStatus, reason: String) {
        self.time = time
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// The health of one resource.
public struct HealthRow: Sendable, Hashable, Codable {
    public var resource: ResourceID
    /// `DatabasePool#1`.
    public var label: String
    public var scope: ScopeID
    /// Whether the overall verdict is unhealthy when this is.
    public var isCritical: Bool
    /// What is held to be its health: one bad answer does not make it, one good answer does not mend it (``HealthPolicy``).
    public var status: HealthStatus
    /// Since when.
    public var since: TimeSource.Instant
    /// The last answers, oldest first; at most ``HealthPicture/historyLimit``.
    public var history: [HealthResult]
    /// The last changes of ``status``, oldest first; at most ``HealthPicture/transitionLimit``.
    public var transitions: [HealthTransition]
    /// How often it is asked, and when next; nil if no checker runs.
    @InNanoseconds public var interval: Duration
    public var nextCheck: TimeSource.Instant?
    /// Whether a check is out beyond its deadline.
    public var isLate: Bool
    /// The label of the binding that it stands in for, if it does.
    public var standsInFor: String?
    /// What it depends on, directly or not, and is unhealthy.
    public var affectedBy: [ResourceID]

    public init(
        resource: ResourceID,
        label: String,
        scope: ScopeID,
        isCritical: Bool,
        status: HealthStatus,
        since: TimeSource.Instant,
        history: [HealthResult],
        transitions: [HealthTransition],
        interval: Duration,
        nextCheck: TimeSource.Instant?,
        isLate: Bool,
        standsInFor: String?,
        affectedBy: [ResourceID]
    ) {
        self.resource = resource
        self.label = label
        self.scope = scope
        self.isCritical = isCritical
        self.status = status
        self.since = since
        self.history = history
        self.transitions = transitions
        self.interval = interval
        self.nextCheck = nextCheck
        self.isLate = isLate
        self.standsInFor = standsInFor
        self.affectedBy = affectedBy
    }

    /// The share of the kept answers that were healthy or degraded, of those that said something; 1 if none did.
    public var goodShare: Double {
        let telling = self.history.filter { $0.status != .unknown }
        return telling.isEmpty ? 1 : Double(telling.count { !$0.status.isBad }) / Double(telling.count)
    }

    /// The latency that 95 in 100 of the kept answers did not exceed; nil if there are none.
    public var p95Latency: Duration? {
        let latencies = self.history.filter { $0.status != .unknown }.map(\.latency).sorted()
        return latencies.isEmpty ? nil : latencies[(latencies.count * 95 + 99) / 100 - 1]
    }
}

/// The health of a whole container at one moment.
public struct HealthPicture: Sendable, Hashable, Codable {
    /// How many answers, and how many changes, are kept for each resource.
    public static let historyLimit = 60
    public static let transitionLimit = 32

    public var time: TimeSource.Instant
    /// The worst of the critical resources. One that is not critical makes it degraded at most; what is unknown does not count, and a
    /// container of which nothing is known is unknown.
    public var verdict: HealthStatus
    public var since: TimeSource.Instant
    /// Why the verdict is not healthy: a line for each resource, the worst first.
    public var causes: [String]
    /// The last changes of the verdict, oldest first.
    public var transitions: [HealthTransition]
    /// The resources, by identity.
    public var rows: [HealthRow]

    public init(
        time: TimeSource.Instant,
        verdict: HealthStatus,
        since: TimeSource.Instant,
        causes: [String],
        transitions: [HealthTransition],
        rows: [HealthRow]
    ) {
        self.time = time
        self.verdict = verdict
        self.since = since
        self.causes = causes
        self.transitions = transitions
        self.rows = rows
    }
}

/// What a server says when it is asked whether it is ready, or alive.
public struct ServiceAnswer: Sendable, Hashable, Codable {
    public var isPassing: Bool
    /// Why not, or what there is to say besides.
    public var reasons: [String]
}

extension HealthStatus {
    /// Whether the resource, or its check, failed.
    public var isBad: Bool {
        switch self {
        case .unhealthy, .error: true
        case .healthy, .degraded, .unknown: false
        }
    }

    /// How grave it is, in the order healthy, degraded, unhealthy or error; nil for unknown.
    var gravity: Int? {
        switch self {
        case .unknown: nil
        case .healthy: 0
        case .degraded: 1
        case .unhealthy, .error: 2
        }
    }
}
