/// How often durations of which length occurred: counts in buckets that grow with the duration, four to each doubling.
///
/// Constant memory, O(1) to add to and to merge. A quantile is the upper end of its bucket, so at most 25 % above the true value and
/// never below it. What is shorter than a microsecond counts as one, what is longer than an hour as the last bucket.
public struct DurationBuckets: Sendable, Hashable, Codable {
    /// How many buckets there are.
    public static let count = 130
    /// The binary logarithm of the first bucket's end: 1.024 µs.
    private static let firstPower = 10

    /// The number in each bucket; empty while nothing was added.
    private var counts: [UInt32] = []
    /// How many durations were added.
    public private(set) var total = 0
    private var nanoseconds: Int64 = 0

    /// The sum of those that were added.
    public var sum: Duration {
        .nanoseconds(self.nanoseconds)
    }

    public init() {}

    /// Adds a duration. O(1), and allocates at the first one only.
    public mutating func record(_ duration: Duration) {
        self.record(nanoseconds: duration.wholeNanoseconds)
    }

    mutating func record(nanoseconds: Int64) {
        if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
        self.count(1, in: Self.bucket(of: nanoseconds))
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(max(0, nanoseconds))
        self.nanoseconds = overflow ? .max : sum
    }

    /// What is too much for the counts stays at the most they can hold, and the total with it.
    private mutating func count(_ number: Int, in bucket: Int) {
        let counted = min(UInt32(clamping: number), UInt32.max - self.counts[bucket])
        self.counts[bucket] += counted
        self.total += Int(counted)
    }

    /// Adds `number` durations that took no time.
    public mutating func recordNone(_ number: Int) {
        guard number > 0 else { return }
        if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
        self.count(number, in: 0)
    }

    /// What was added since `earlier`, an earlier state of these counts.
    public func since(_ earlier: DurationBuckets) -> DurationBuckets {
        guard !earlier.counts.isEmpty, !self.counts.isEmpty else { return self }
        var difference = self
        for index in self.counts.indices { difference.counts[index] -= min(difference.counts[index], earlier.counts[index]) }
        difference.total = difference.counts.reduce(0) { $0 + Int($1) }
        difference.nanoseconds = max(0, self.nanoseconds) - min(max(0, self.nanoseconds), max(0, earlier.nanoseconds))
        return difference
    }

    /// The duration that `part` (0...1) of those added did not exceed, rounded up to the end of its bucket; zero if there are none, or if
    /// it lies among those below the first bucket's end.
    public func quantile(_ part: Double) -> Duration {
        guard self.total > 0 else { return .zero }
        // What is no part of anything - less than none, more than all, not a number - is none or all.
        let part = part > 0 ? min(part, 1) : 0
        let rank = max(1, Int((part * Double(self.total)).rounded(.up)))
        var seen = 0
        for (index, count) in self.counts.enumerated() {
            seen += Int(count)
            if seen >= rank { return index == 0 ? .zero : .nanoseconds(Self.end(of: index)) }
        }
        return .nanoseconds(Self.end(of: Self.count - 1))
    }

    /// The buckets that are not empty, shortest first: the end of each and the number in it.
    public var buckets: [(end: Duration, count: Int)] {
        self.counts.indices.lazy.filter { self.counts[$0] > 0 }.map { (.nanoseconds(Self.end(of: $0)), Int(self.counts[$0])) }
    }

    /// How many were at most `limit`, to the precision of the buckets.
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

    /// The first duration that is beyond bucket `index`, in nanoseconds.
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

    /// As text: the sum in nanoseconds, and pairs of bucket and count, of those that are not empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.nanoseconds = try container.decode(Int64.self, forKey: .nanoseconds)
        for pair in try container.decode([[UInt32]].self, forKey: .buckets) {
            guard pair.count == 2, pair[0] < Self.count else {
                let message = "a bucket is a pair of its index, below \(Self.count), and a count"
                throw DecodingError.dataCorruptedError(forKey: .buckets, in: container, debugDescription: message)
            }
            if self.counts.isEmpty { self.counts = [UInt32](repeating: 0, count: Self.count) }
            self.counts[Int(pair[0])] = pair[1]
        }
        self.total = self.counts.reduce(0) { $0 + Int($1) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.nanoseconds, forKey: .nanoseconds)
        try container.encode(self.counts.indices.filter { self.counts[$0] > 0 }.map { [UInt32($0), self.counts[$0]] }, forKey: .buckets)
    }
}
