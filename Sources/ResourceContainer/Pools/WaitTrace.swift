/// The trace of an acquisition that waited, as an example of the waits in one range of a pool's histogram.
public struct WaitTrace: Sendable, Hashable, Codable {
    /// The trace of the acquisition.
    public var trace: TraceID
    /// The time that it waited.
    @InNanoseconds public var waited: Duration

    /// Creates an example.
    public init(trace: TraceID, waited: Duration) {
        self.trace = trace
        self.waited = waited
    }

    /// The number of the range of ``DurationBuckets/exportedBounds`` that includes the wait.
    package var range: Int {
        DurationBuckets.exportedBounds.firstIndex { self.waited < $0 } ?? DurationBuckets.exportedBounds.count
    }
}

extension [WaitTrace] {
    /// Adds an example, which replaces that of its range. There are at most 15 ranges.
    package mutating func note(_ example: WaitTrace) {
        if let index = self.firstIndex(where: { $0.range == example.range }) {
            self[index] = example
        } else {
            self.append(example)
        }
    }
}

extension DurationBuckets {
    /// The bounds of exported histograms: every second power of two in nanoseconds, from 1.024 µs to 69 s. They are ends of buckets, so that
    /// exported counts are exact.
    package static let exportedBounds: [Duration] = stride(from: 10, through: 36, by: 2).map { .nanoseconds(1 << Int64($0)) }
}
