import ResourceContainer

/// A change of the settled health status of a resource, or of the verdict.
public struct HealthTransition: Sendable, Hashable, Codable {
    /// The time of the change.
    public var time: TimeSource.Instant
    /// The status before the change.
    public var from: HealthStatus
    /// The status after the change.
    public var to: HealthStatus
    /// The reason, such as `2 good answers in a row` or the message of the health check.
    public var reason: String

    /// Creates a transition.
    public init(time: TimeSource.Instant, from: HealthStatus, to: HealthStatus, reason: String) {
        self.time = time
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// The owner of the health checker that checks a container's resources.
public enum HealthCheckSource: String, Sendable, Hashable, Codable {
    /// The application runs a checker.
    case program
    /// A dashboard runs its own checker because the application runs none.
    case dashboard
    /// No checker runs. Statuses come from single checks, or from a checker that has stopped.
    case nobody
}

/// The health of one resource.
///
/// ``status`` is the settled status: a single answer does not change it (``HealthPolicy``).
public struct HealthRow: Sendable, Hashable, Codable {
    /// The resource.
    public var resource: ResourceID
    /// The label for users, such as `DatabasePool#1`.
    public var label: String
    /// The scope that owns the resource.
    public var scope: ScopeID
    /// Whether the container's verdict is unhealthy when this resource is.
    public var isCritical: Bool
    /// The settled status.
    ///
    /// The status is unknown until the first answer, and after three check intervals without an answer (``isStale``).
    public var status: HealthStatus
    /// The time since which the resource has had this status.
    public var since: TimeSource.Instant
    /// The last answers, oldest first; at most ``HealthPicture/historyLimit``.
    public var history: [HealthResult]
    /// The last changes of ``status``, oldest first; at most ``HealthPicture/transitionLimit``.
    public var transitions: [HealthTransition]
    /// The time between checks, encoded as whole nanoseconds.
    @InNanoseconds public var interval: Duration
    /// The time of the next check; nil if no checker runs.
    public var nextCheck: TimeSource.Instant?
    /// Whether a check is running beyond its deadline, or no answer has arrived for three intervals.
    public var isLate: Bool
    /// The label of the binding for which this resource is the fallback; nil if it is none.
    public var fallbackFor: String?
    /// The unhealthy resources that this one depends on, directly or indirectly.
    public var affectedBy: [ResourceID]
    /// Whether the status is unknown because no answer has arrived for three intervals.
    public var isStale: Bool
    /// Whether the resource has a health check. True until it has been determined.
    public var hasProbe: Bool
    /// The status that counts in the container's verdict; nil if the resource does not count.
    ///
    /// A resource that is ready but not yet checked counts with the last status of an instance of its binding, or as unknown without one.
    public var countsAs: HealthStatus?

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case resource, label, scope, isCritical, status, since, history, transitions, interval, nextCheck, isLate
        case fallbackFor = "standsInFor"
        case affectedBy, isStale, hasProbe, countsAs
    }

    /// Creates a row. ``countsAs`` is set to `status`, or to nil if `status` is unknown.
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
        fallbackFor: String?,
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
        self.fallbackFor = fallbackFor
        self.affectedBy = affectedBy
        self.isStale = isStale
        self.hasProbe = hasProbe
        self.countsAs = status == .unknown ? nil : status
    }

    /// The fraction, from 0 to 1, of healthy answers among the kept answers with a known status; nil if there are none.
    public var goodShare: Double? {
        let telling = self.history.filter { $0.status != .unknown }
        return telling.isEmpty ? nil : Double(telling.count { $0.status == .healthy }) / Double(telling.count)
    }

    /// The 95th percentile of the latencies of the kept answers with a known status; nil if there are none.
    public var p95Latency: Duration? {
        let latencies = self.history.filter { $0.status != .unknown }.map(\.latency).sorted()
        return latencies.isEmpty ? nil : latencies[(latencies.count * 95 + 99) / 100 - 1]
    }
}

/// The health of a container and its resources at one moment.
///
/// The ``verdict`` is derived from the ``rows`` and never contradicts them.
public struct HealthPicture: Sendable, Hashable, Codable {
    /// The largest number of answers kept for each resource.
    public static let historyLimit = 60
    /// The largest number of status changes kept for each resource, and for the verdict.
    public static let transitionLimit = 32

    /// The time of the statuses.
    public var time: TimeSource.Instant
    /// The health of the container: the worst status among its critical resources.
    ///
    /// A resource that is not critical degrades the verdict at most. The verdict is unknown if no status is known, or if nothing is worse
    /// and a critical resource with a health check is unknown.
    public var verdict: HealthStatus
    /// Whether the verdict is unknown because answers have been missing for three check intervals.
    public var isStale: Bool
    /// The time since which the verdict has been the same.
    public var since: TimeSource.Instant
    /// The reasons why the verdict is not healthy, one line per resource, worst first.
    public var causes: [String]
    /// The last changes of the verdict, oldest first; at most ``transitionLimit``.
    public var transitions: [HealthTransition]
    /// The active resources, ordered by identity.
    public var rows: [HealthRow]
    /// The owner of the running checker; nil if unknown, as in recordings of earlier versions.
    public var checkedBy: HealthCheckSource?

    /// The names in recordings.
    private enum CodingKeys: String, CodingKey {
        case time, verdict, isStale, since, causes, transitions, rows
        case checkedBy = "asker"
    }

    /// Creates a picture from its figures.
    public init(
        time: TimeSource.Instant,
        verdict: HealthStatus,
        isStale: Bool = false,
        since: TimeSource.Instant,
        causes: [String],
        transitions: [HealthTransition],
        rows: [HealthRow],
        checkedBy: HealthCheckSource? = nil
    ) {
        self.time = time
        self.verdict = verdict
        self.isStale = isStale
        self.since = since
        self.causes = causes
        self.transitions = transitions
        self.rows = rows
        self.checkedBy = checkedBy
    }
}

// MARK: - Reading

/// Decoding accepts recordings of version 1.0, which lack later fields.
extension HealthRow {
    /// Decodes a row; fields added after version 1.0 may be absent.
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
            fallbackFor: try fields.decodeIfPresent(String.self, forKey: .fallbackFor),
            affectedBy: try fields.decode([ResourceID].self, forKey: .affectedBy),
            isStale: try fields.decodeIfPresent(Bool.self, forKey: .isStale) ?? false,
            // Version 1.0 wrote an answer for resources without a health check.
            hasProbe: try fields.decodeIfPresent(Bool.self, forKey: .hasProbe) ?? true
        )
        if !fields.contains(.hasProbe), self.history.last?.probe == HealthResult.noProbe { self.hasProbe = false }
        self.countsAs = try fields.decodeIfPresent(HealthStatus.self, forKey: .countsAs) ?? self.countsAs
    }
}

extension HealthPicture {
    /// Decodes a picture; fields added after version 1.0 may be absent.
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
            checkedBy: try fields.decodeIfPresent(HealthCheckSource.self, forKey: .checkedBy)
        )
    }
}

/// The answer to a readiness or liveness probe.
public struct ServiceAnswer: Sendable, Hashable, Codable {
    /// Whether the probe passes.
    public var isPassing: Bool
    /// The reasons for a failure, or remarks on a passing answer.
    public var reasons: [String]
}

extension HealthStatus {
    /// Whether the status is `unhealthy` or `error`: the resource or its check failed.
    public var isBad: Bool {
        switch self {
        case .unhealthy, .error: true
        case .healthy, .degraded, .unknown: false
        }
    }

    /// The rank of the status: healthy, then degraded, then unhealthy and error; nil for unknown.
    var gravity: Int? {
        switch self {
        case .unknown: nil
        case .healthy: 0
        case .degraded: 1
        case .unhealthy, .error: 2
        }
    }
}
