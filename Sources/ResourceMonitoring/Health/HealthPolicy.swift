import ResourceContainer

/// How health is asked for, and how many answers it takes to change one's mind.
public struct HealthPolicy: Sendable, Hashable, Codable {
    /// How long a check may take. 1 s; a binding can say otherwise.
    @InNanoseconds public var deadline: Duration = .seconds(1)
    /// How often ``HealthChecker/run()`` asks each resource. 5 s; a binding can say otherwise.
    @InNanoseconds public var interval: Duration = .seconds(5)
    /// By which part of the interval it is shortened or lengthened at random, so that checks do not march in step. 0.1; 0 to 0.5.
    public var jitter = 0.1
    /// So many bad answers in a row - unhealthy or error - make a resource that was not bad one that is. 2.
    public var fall = 2
    /// So many answers in a row that are not bad make a bad resource a better one, and so many healthy ones a degraded one healthy. 2.
    public var rise = 2

    public init() {}

    /// What is wrong with the values; nil if nothing is.
    var fault: String? {
        if self.deadline <= .zero { return "the deadline is \(self.deadline) and must be above zero" }
        if self.interval <= .zero { return "the interval is \(self.interval) and must be above zero" }
        if !(0...0.5).contains(self.jitter) { return "the jitter is \(self.jitter) and must be between 0 and 0.5" }
        if self.fall < 1 || self.rise < 1 { return "fall is \(self.fall) and rise is \(self.rise); both must be above 0" }
        return nil
    }
}

/// A policy that nothing can be checked with.
public struct HealthPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ fault: String) {
        self.description = "a health policy cannot be used: \(fault)"
    }
}
