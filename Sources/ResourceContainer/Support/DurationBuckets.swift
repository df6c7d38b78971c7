/// A histogram of durations with exponential buckets, four per doubling.
///
/// A quantile is the upper end of its bucket: it is never below the true value and at most 25 % above it, except that every duration in the
/// first bucket, below 1.024 µs, counts as zero. Durations beyond the last bucket, about an hour, count in the last one. Memory is
/// constant; adding a duration is O(1).
public struct DurationBuckets: Sendable, Hashable, Codable {
    /// The number of buckets.
    public static let count = 130
    /// The binary logarithm of the first bucket's upper end, in nanoseconds: 1.024 µs.
    private static let firstPower = 10

    /// The count in each bucket; empty until a duration is recorded.
    private var counts: [UInt32] = []
    /// The number of recorded durations.
    public private(set) var total = 0
    private var nanoseconds: Int64 = 0

    /// The sum of the recorded durations. Saturates at 292 years.
    public var sum: Duration {
        .nanoseconds(self.nanoseconds)
    }

    /// Creates an empty histogram. Allocates nothing.
    public init() {}

    /// Records a duration. O(1); only the first call allocates.
    public mutating func record(_ duration: Duration) {
        self.record(nanoseconds: duration.wholeNanoseconds)
    }

    mutating func record(nanoseconds: Int64) {
        if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
        self.count(1, in: Self.bucket(of: nanoseconds))
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(max(0, nanoseconds))
        self.nanoseconds = overflow ? .max : sum
    }

    /// Counts saturate at `UInt32.max`; the total then counts only what its bucket holds.
    private mutating func count(_ number: Int, in bucket: Int) {
        let counted = min(UInt32(clamping: number), UInt32.max - self.counts[bucket])
        self.counts[bucket] += counted
        self.total += Int(counted)
    }

    /// Records `number` durations of zero. O(1). A negative number records nothing.
    public mutating func recordNone(_ number: Int) {
        guard number > 0 else { return }
        if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
        self.count(number, in: 0)
    }

    /// Adds the durations that `other` recorded. O(buckets).
    mutating func add(_ other: DurationBuckets) {
        if other.counts.isEmpty { return }
        if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
        for (bucket, count) in other.counts.enumerated() where count > 0 { self.count(Int(count), in: bucket) }
        self.nanoseconds.addSaturated(other.nanoseconds)
    }

    /// Adds the recorded durations to `other`, and forgets them. O(buckets); O(1) if none is recorded. Keeps the memory.
    mutating func move(to other: inout DurationBuckets) {
        if self.total == 0 { return }
        other.add(self)
        for bucket in self.counts.indices { self.counts[bucket] = 0 }
        (self.total, self.nanoseconds) = (0, 0)
    }

    /// Returns the durations recorded since `earlier`, an earlier state of this histogram. O(buckets).
    public func since(_ earlier: DurationBuckets) -> DurationBuckets {
        guard !earlier.counts.isEmpty, !self.counts.isEmpty else { return self }
        var difference = self
        for index in self.counts.indices { difference.counts[index] -= min(difference.counts[index], earlier.counts[index]) }
        difference.total = difference.counts.reduce(0) { $0 + Int($1) }
        difference.nanoseconds = max(0, self.nanoseconds) - min(max(0, self.nanoseconds), max(0, earlier.nanoseconds))
        return difference
    }

    /// Returns the duration that the fraction `part` (0...1) of the recorded durations did not exceed, rounded up to the end of its bucket.
    ///
    /// Returns zero if nothing is recorded or if the quantile is in the first bucket. A `part` outside 0...1 is clamped; NaN counts as 0.
    /// O(buckets).
    public func quantile(_ part: Double) -> Duration {
        guard self.total > 0 else { return .zero }
        // The comparison also maps NaN to 0.
        let part = part > 0 ? min(part, 1) : 0
        let rank = max(1, Int((part * Double(self.total)).rounded(.up)))
        var seen = 0
        for (index, count) in self.counts.enumerated() {
            seen += Int(count)
            if seen >= rank { return index == 0 ? .zero : .nanoseconds(Self.end(of: index)) }
        }
        return .nanoseconds(Self.end(of: Self.count - 1))
    }

    /// The non-empty buckets, shortest durations first: the upper end of each and its count.
    public var buckets: [(end: Duration, count: Int)] {
        self.counts.indices.lazy.filter { self.counts[$0] > 0 }.map { (.nanoseconds(Self.end(of: $0)), Int(self.counts[$0])) }
    }

    /// Returns how many recorded durations were at most `limit`, rounded up to the end of its bucket. O(buckets).
    public func count(upTo limit: Duration) -> Int {
        let last = Self.bucket(of: limit.wholeNanoseconds)
        return self.counts.prefix(last + 1).reduce(0) { $0 + Int($1) }
    }

    private static func bucket(of nanoseconds: Int64) -> Int {
        guard nanoseconds >= 1 << Int64(Self.firstPower) else { return 0 }
        let power = Int64.bitWidth - 1 - nanoseconds.leadingZeroBitCount
        let quarter = Int(nanoseconds >> Int64(power - 2)) & 3
        return min(Self.count - 1, 1 + (power - Self.firstPower) * 4 + quarter)
    }

    /// The exclusive upper end of bucket `index`, in nanoseconds.
    private static func end(of index: Int) -> Int64 {
        guard index > 0 else { return 1 << Int64(Self.firstPower) }
        let (power, quarter) = (Self.firstPower + (index - 1) / 4, (index - 1) % 4)
        return (Int64(5 + quarter)) << Int64(power - 2)
    }

    // MARK: Codable

    private enum CodingKeys: String, CodingKey {
        case nanoseconds = "sum"
        case buckets
    }

    /// Decodes the sum in nanoseconds and the pairs of bucket index and count.
    ///
    /// - Throws: `DecodingError` if a pair is malformed or its index is out of range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.nanoseconds = try container.decode(Int64.self, forKey: .nanoseconds)
        for pair in try container.decode([[UInt32]].self, forKey: .buckets) {
            guard pair.count == 2, pair[0] < Self.count else {
                let message = "a bucket must be a pair of an index below \(Self.count) and a count"
                throw DecodingError.dataCorruptedError(forKey: .buckets, in: container, debugDescription: message)
            }
            if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
            self.counts[Int(pair[0])] = pair[1]
        }
        self.total = self.counts.reduce(0) { $0 + Int($1) }
    }

    /// The non-empty buckets as they are encoded: the index of each and its count.
    package var recordedBuckets: [(index: UInt32, count: UInt32)] {
        self.counts.indices.lazy.filter { self.counts[$0] > 0 }.map { (UInt32($0), self.counts[$0]) }
    }

    /// Encodes the sum in nanoseconds and, for every non-empty bucket, the pair of its index and count.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.nanoseconds, forKey: .nanoseconds)
        try container.encode(self.recordedBuckets.map { [$0.index, $0.count] }, forKey: .buckets)
    }
}
