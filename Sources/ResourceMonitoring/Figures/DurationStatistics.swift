import Histogram
import ResourceContainer

/// Many durations in constant memory: exact quantiles while there are few, a histogram's from then on.
///
/// Number and maximum are exact for ever, and so is the sum up to 292 years. Up to ``exactLimit`` values are kept in order, so that the median is the mean of the middle
/// two (the specification's page takes the upper one) and p95 and p99 are values that occurred (nearest rank); beyond, quantiles come from
/// a histogram with a relative error of 1 % at two digits and 10 % at one. Values beyond an hour count as an hour there.
struct DurationStatistics: Sendable {
    /// How precise the histogram is: two digits where there is one of them, one digit where there are many.
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
    /// The histogram, once there is one. In an array, which is a word: most statistics never need it, and there is one in every row.
    private var histogram: [Histogram<UInt32>] = []

    init(_ precision: Precision) {
        self.precision = precision
    }

    /// Adds a value. O(number of exact values) while exact, O(1) beyond.
    mutating func record(_ duration: Duration) {
        let value = max(0, duration.wholeNanoseconds)
        self.count.addSaturated(1)
        self.sum.addSaturated(value)
        self.maximum = max(self.maximum, value)
        if !self.histogram.isEmpty {
            self.add(value)
        } else if self.sorted.count < self.precision.exactLimit {
            self.sorted.insert(value, at: self.place(of: value))
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

    /// Adds everything that `other` has seen; exact if both are and the sum fits, otherwise within the histograms' error.
    mutating func merge(_ other: DurationStatistics) {
        if let histogram = other.histogram.first {
            for bucket in histogram.recordedValues() {
                for _ in 0..<bucket.count { self.record(.nanoseconds(Int64(clamping: bucket.value))) }
            }
        } else {
            for value in other.sorted { self.record(.nanoseconds(value)) }
        }
    }

    /// How much memory the values take, in bytes.
    var bytes: Int {
        self.sorted.capacity * MemoryLayout<Int64>.stride + self.histogram.reduce(0) { $0 + $1.estimatedFootprintInBytes }
    }

    /// What is known of the values so far. O(1) while exact.
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

    private func place(of value: Int64) -> Int {
        var (low, high) = (0, self.sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if self.sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
