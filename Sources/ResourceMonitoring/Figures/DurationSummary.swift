import ResourceContainer

/// A summary of a set of durations: count, mean, quantiles, and maximum.
///
/// All durations are zero if the set is empty. They are encoded as whole nanoseconds.
public struct DurationSummary: Sendable, Hashable, Codable {
    /// The number of durations.
    public var count: Int
    /// The mean.
    @InNanoseconds public var average: Duration
    /// The median: the middle value, or the mean of the middle two.
    @InNanoseconds public var median: Duration
    /// The 95th percentile.
    @InNanoseconds public var p95: Duration
    /// The 99th percentile.
    @InNanoseconds public var p99: Duration
    /// The longest duration.
    @InNanoseconds public var maximum: Duration

    /// Creates a summary from its figures.
    public init(
        count: Int = 0,
        average: Duration = .zero,
        median: Duration = .zero,
        p95: Duration = .zero,
        p99: Duration = .zero,
        maximum: Duration = .zero
    ) {
        self.count = count
        self.average = average
        self.median = median
        self.p95 = p95
        self.p99 = p99
        self.maximum = maximum
    }
}
