/// How a resource is, in the words of the specification.
public enum HealthStatus: String, Sendable, Codable, CaseIterable {
    /// It answered.
    case healthy
    /// It answered, but not as it should: slowly, or from its fallback.
    case degraded
    /// A probe failed, or the resource says so itself.
    case unhealthy
    /// Nobody can tell: no check is available, or none has run.
    case unknown
    /// The check itself failed: it threw, or ran past its deadline.
    case error
}

/// The answer of one health check.
public struct HealthResult: Sendable, Hashable, Codable {
    /// How the resource is.
    public var status: HealthStatus
    /// Why, if there is something to say.
    public var message: String?
    /// How the answer was got: `health_check`, `ping`, `execute`, `get` or `none`.
    public var probe: String
    /// How long the check took.
    @InNanoseconds public var latency: Duration
    /// When it ended.
    public var time: TimeSource.Instant

    /// The ``probe`` of an answer about something that has nothing to be asked.
    package static let noProbe = "none"

    public init(status: HealthStatus, message: String? = nil, probe: String, latency: Duration, time: TimeSource.Instant) {
        self.status = status
        self.message = message?.asSentence
        self.probe = probe.asName
        self.latency = latency
        self.time = time
    }
}
