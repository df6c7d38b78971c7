/// The status of a resource's health.
public enum HealthStatus: String, Sendable, Codable, CaseIterable {
    /// The resource passed its check.
    case healthy
    /// The resource passed its check with a restriction: it was slow, is a fallback, or reported degraded service itself.
    case degraded
    /// A probe failed, or the resource reported that it is unhealthy.
    case unhealthy
    /// The status is not known: the resource has no health protocol, or no check has run.
    case unknown
    /// The check itself failed: it threw, or exceeded its deadline.
    case error
}

/// The result of one health check.
public struct HealthResult: Sendable, Hashable, Codable {
    /// The status of the resource.
    public var status: HealthStatus
    /// The reason for the status; nil if there is none.
    public var message: String?
    /// The check that ran: `health_check`, `ping`, `execute`, `get`, or `none`; `fallback` for an instance that became a fallback.
    public var probe: String
    /// The duration of the check.
    @InNanoseconds public var latency: Duration
    /// The time at which the check ended, on the container's time source.
    public var time: TimeSource.Instant

    /// The ``probe`` of a result for a resource without a health protocol.
    package static let noProbe = "none"

    /// Creates a result. Its texts are redacted, cleaned of control characters, and shortened.
    public init(status: HealthStatus, message: String? = nil, probe: String, latency: Duration, time: TimeSource.Instant) {
        self.status = status
        self.message = message?.asSentence
        self.probe = probe.asName
        self.latency = latency
        self.time = time
    }
}
