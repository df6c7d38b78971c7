import ResourceContainer

/// The timing of health checks, and the numbers of answers that change a settled status.
///
/// Durations are encoded as whole nanoseconds.
public struct HealthPolicy: Sendable, Hashable, Codable {
    /// The longest duration of a check; must be above zero. Default: 1 s. A binding can set its own.
    @InNanoseconds public var deadline: Duration = .seconds(1)
    /// The time between checks of a resource by ``HealthChecker/run()``; must be above zero. Default: 5 s. A binding can set its own.
    @InNanoseconds public var interval: Duration = .seconds(5)
    /// The largest random change of the interval, as a fraction of it from 0 to 0.5, so that checks spread over time. Default: 0.1.
    public var jitter = 0.1
    /// The number of bad answers in a row, `unhealthy` or `error`, that make a resource bad; at least 1. Default: 2.
    public var fall = 2
    /// The number of answers in a row, at least 1, that improve a status. Default: 2.
    ///
    /// A bad resource needs answers that are not bad; a degraded resource needs healthy ones.
    public var rise = 2

    /// Creates a policy with the default values.
    public init() {}

    /// The reason why the values are invalid; nil if they are valid.
    var fault: String? {
        if self.deadline <= .zero { return "the deadline is \(self.deadline) and must be above zero" }
        if self.interval <= .zero { return "the interval is \(self.interval) and must be above zero" }
        if !(0...0.5).contains(self.jitter) { return "the jitter is \(self.jitter) and must be between 0 and 0.5" }
        if self.fall < 1 || self.rise < 1 { return "fall is \(self.fall) and rise is \(self.rise); both must be above 0" }
        return nil
    }
}

/// An error that explains why a health policy is invalid.
public struct HealthPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The explanation.
    public let description: String

    init(_ fault: String) {
        self.description = "invalid health policy: \(fault)"
    }
}
