import ResourceContainer

/// What is known of many durations: their number and, if there was one, average, quantiles and extremes.
public struct DurationSummary: Sendable, Hashable, Codable {
    /// How many there were.
    public var count: Int
    /// Zero if there were none.
    @InNanoseconds public var average: Duration
    /// The middle one, or the mean of the middle two.
    @InNanoseconds public var median: Duration
    /// The 95th and 99th percentile.
    @InNanoseconds public var p95: Duration
    @InNanoseconds public var p99: Duration
    /// The longest.
    @InNanoseconds public var maximum: Duration

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
