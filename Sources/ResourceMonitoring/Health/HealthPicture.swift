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

/// Whose checker asks resources how they are.
public enum HealthAsker: String, Sendable, Hashable, Codable {
    /// One that the program runs.
    case program
    /// A dashboard's own, which runs where the program has none.
    case dashboard
    /// Nobody's: what is known is what was asked by hand, or while a checker ran.
    case nobody
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
    ///
    /// Unknown while it has not answered, and once it has not answered for three intervals (``isStale``).
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
    /// Whether a check is out beyond its deadline, or no answer came for three intervals.
    public var isLate: Bool
    /// The label of the binding that it stands in for, if it does.
    public var standsInFor: String?
    /// What it depends on, directly or not, and is unhealthy.
    public var affectedBy: [ResourceID]
    /// Whether the status is unknown because no answer came for three intervals.
    public var isStale: Bool
    /// Whether it has anything to be asked; true as long as nobody has looked.
    public var hasProbe: Bool
    /// The status it counts with in the verdict of the whole; nil if it does not count.
    ///
    /// One that is ready and was not asked yet counts by what an instance of its binding last answered, and as unknown if none has.
    public var countsAs: HealthStatus?

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
        affectedBy: [ResourceID],
        isStale: Bool = false,
        hasProbe: Bool = true
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
        self.isStale = isStale
        self.hasProbe = hasProbe
        self.countsAs = status == .unknown ? nil : status
    }

    /// The share of the kept answers that were healthy, of those that said something; nil if none did.
    public var goodShare: Double? {
        let telling = self.history.filter { $0.status != .unknown }
        return telling.isEmpty ? nil : Double(telling.count { $0.status == .healthy }) / Double(telling.count)
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
    /// The worst of the critical resources. One that is not critical makes it degraded at most. Unknown if nothing is worse and a critical
    /// one that has something to be asked is unknown, or if nothing is known.
    public var verdict: HealthStatus
    /// Whether the verdict is unknown because answers did not come for three intervals.
    public var isStale: Bool
    public var since: TimeSource.Instant
    /// Why the verdict is not healthy: a line for each resource, the worst first.
    public var causes: [String]
    /// The last changes of the verdict, oldest first.
    public var transitions: [HealthTransition]
    /// The resources, by identity: each that is alive.
    public var rows: [HealthRow]
    /// Whose checker asks; nil if that is not known, as in recordings of earlier versions.
    public var asker: HealthAsker?

    public init(
        time: TimeSource.Instant,
        verdict: HealthStatus,
        isStale: Bool = false,
        since: TimeSource.Instant,
        causes: [String],
        transitions: [HealthTransition],
        rows: [HealthRow],
        asker: HealthAsker? = nil
    ) {
        self.time = time
        self.verdict = verdict
        self.isStale = isStale
        self.since = since
        self.causes = causes
        self.transitions = transitions
        self.rows = rows
        self.asker = asker
    }
}

// MARK: - Reading

/// What came after version 1.0 may be absent.
extension HealthRow {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            resource: try fields.decode(ResourceID.self, forKey: .resource),
            label: try fields.decode(String.self, forKey: .label),
            scope: try fields.decode(ScopeID.self, forKey: .scope),
            isCritical: try fields.decode(Bool.self, forKey: .isCritical),
            status: try fields.decode(HealthStatus.self, forKey: .status),
            since: try fields.decode(TimeSource.Instant.self, forKey: .since),
            history: try fields.decode([HealthResult].self, forKey: .history),
            transitions: try fields.decode([HealthTransition].self, forKey: .transitions),
            interval: try fields.decode(InNanoseconds.self, forKey: .interval).wrappedValue,
            nextCheck: try fields.decodeIfPresent(TimeSource.Instant.self, forKey: .nextCheck),
            isLate: try fields.decode(Bool.self, forKey: .isLate),
            standsInFor: try fields.decodeIfPresent(String.self, forKey: .standsInFor),
            affectedBy: try fields.decode([ResourceID].self, forKey: .affectedBy),
            isStale: try fields.decodeIfPresent(Bool.self, forKey: .isStale) ?? false,
            // An earlier version wrote an answer for what has nothing to be asked.
            hasProbe: try fields.decodeIfPresent(Bool.self, forKey: .hasProbe) ?? true
        )
        if !fields.contains(.hasProbe), self.history.last?.probe == HealthResult.noProbe { self.hasProbe = false }
        self.countsAs = try fields.decodeIfPresent(HealthStatus.self, forKey: .countsAs) ?? self.countsAs
    }
}

extension HealthPicture {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            time: try fields.decode(TimeSource.Instant.self, forKey: .time),
            verdict: try fields.decode(HealthStatus.self, forKey: .verdict),
            isStale: try fields.decodeIfPresent(Bool.self, forKey: .isStale) ?? false,
            since: try fields.decode(TimeSource.Instant.self, forKey: .since),
            causes: try fields.decode([String].self, forKey: .causes),
            transitions: try fields.decode([HealthTransition].self, forKey: .transitions),
            rows: try fields.decode([HealthRow].self, forKey: .rows),
            asker: try fields.decodeIfPresent(HealthAsker.self, forKey: .asker)
        )
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
