import ResourceContainer

/// How often something happened over the last ten seconds: one bucket a second.
struct RateWindow: Sendable {
    private static let seconds: Int64 = 10

    private var buckets = [Int](repeating: 0, count: Int(Self.seconds))
    /// The second that the newest bucket stands for.
    private var newest: Int64
    private let first: Int64

    init(startingAt time: TimeSource.Instant) {
        self.newest = Self.second(of: time)
        self.first = self.newest
    }

    private static func second(of time: TimeSource.Instant) -> Int64 {
        time.nanoseconds / 1_000_000_000
    }

    mutating func count(_ amount: Int = 1, at time: TimeSource.Instant) {
        self.advance(to: time)
        self.buckets[Int(self.newest % Self.seconds)] += amount
    }

    /// The rate per second at `time`, over the time that was watched if that is shorter than the window.
    mutating func rate(at time: TimeSource.Instant) -> Double {
        self.advance(to: time)
        let watched = min(Self.seconds, self.newest - self.first + 1)
        return Double(self.buckets.reduce(0, +)) / Double(watched)
    }

    private mutating func advance(to time: TimeSource.Instant) {
        let second = Self.second(of: time)
        guard second > self.newest else { return }
        for passed in max(self.newest + 1, second - Self.seconds + 1)...second { self.buckets[Int(passed % Self.seconds)] = 0 }
        self.newest = second
    }
}
