import ResourceContainer

#if canImport(Histogram)
    import Histogram
#else
    #error("ResourceMonitoring needs a trait of the package resmon, such as Monitoring: docs/libraries.md lists the trait of each library")
#endif

/// Statistics of durations in constant memory.
///
/// Count and maximum are always exact, and so is the sum up to 292 years. Up to ``Precision/exactLimit`` values are kept sorted: the median
/// is the mean of the middle two, and p95 and p99 are recorded values (nearest rank). Beyond that limit, quantiles come from a histogram
/// with a relative error of 1% at two significant digits and 10% at one. The histogram counts values above one hour as one hour.
struct DurationStatistics: Sendable {
    /// The precision: two significant digits for the container's statistics, one digit for each row's.
    enum Precision: Sendable {
        case overall, perRow

        var exactLimit: Int {
            switch self {
            case .overall: 4096
            case .perRow: 1024
            }
        }
    }

    private static let hour: UInt64 = 3_600_000_000_000

    private let precision: Precision
    private(set) var count = 0
    private var sum: Int64 = 0
    private var maximum: Int64 = 0
    private var sorted: [Int64] = []
    /// The histogram; empty until it is needed. An array takes one word, which matters because each row has several statistics.
    private var histogram: [Histogram<UInt32>] = []

    init(_ precision: Precision) {
        self.precision = precision
    }

    /// Adds a value. O(exact values) while exact, O(1) beyond.
    mutating func record(_ duration: Duration) {
        let value = max(0, duration.wholeNanoseconds)
        self.count.addSaturated(1)
        self.sum.addSaturated(value)
        self.maximum = max(self.maximum, value)
        if !self.histogram.isEmpty {
            self.add(value)
        } else if self.sorted.count < self.precision.exactLimit {
            self.sorted.insert(value, at: self.sorted.partitioningIndex { $0 > value })
        } else {
            let histogram = Histogram<UInt32>(
                lowestDiscernibleValue: 1000,
                highestTrackableValue: Self.hour,
                numberOfSignificantValueDigits: self.precision == .overall ? .two : .one
            )
            self.histogram = [histogram]
            for value in self.sorted { self.add(value) }
            self.sorted = []
            self.add(value)
        }
    }

    /// Adds the values of `other`. The result is exact if both are exact and fit the limit, otherwise within the histograms' error.
    mutating func merge(_ other: DurationStatistics) {
        if let histogram = other.histogram.first {
            for bucket in histogram.recordedValues() {
                for _ in 0..<bucket.count { self.record(.nanoseconds(Int64(clamping: bucket.value))) }
            }
        } else {
            for value in other.sorted { self.record(.nanoseconds(value)) }
        }
    }

    /// The memory used by the values, in bytes.
    var bytes: Int {
        self.sorted.capacity * MemoryLayout<Int64>.stride + self.histogram.reduce(0) { $0 + $1.estimatedFootprintInBytes }
    }

    /// The summary of the values so far. O(1) while exact.
    var summary: DurationSummary {
        guard self.count > 0 else { return DurationSummary() }
        return DurationSummary(
            count: self.count,
            average: .nanoseconds(self.sum / Int64(self.count)),
            median: self.median,
            p95: self.quantile(0.95),
            p99: self.quantile(0.99),
            maximum: .nanoseconds(self.maximum)
        )
    }

    private var median: Duration {
        if let histogram = self.histogram.first { return .nanoseconds(min(self.maximum, Int64(clamping: histogram.median))) }
        let middle = self.sorted.count / 2
        if self.sorted.count % 2 == 1 { return .nanoseconds(self.sorted[middle]) }
        return .nanoseconds(self.sorted[middle - 1] + (self.sorted[middle] - self.sorted[middle - 1]) / 2)
    }

    private func quantile(_ part: Double) -> Duration {
        if let histogram = self.histogram.first {
            return .nanoseconds(min(self.maximum, Int64(clamping: histogram.valueAtPercentile(part * 100))))
        }
        let rank = Int((part * Double(self.sorted.count)).rounded(.up))
        return .nanoseconds(self.sorted[max(1, rank) - 1])
    }

    private mutating func add(_ value: Int64) {
        self.histogram[0].record(min(UInt64(value), Self.hour))
    }
}
