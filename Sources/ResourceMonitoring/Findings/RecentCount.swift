import ResourceContainer

/// A count of occurrences within the last 10 seconds, by second. Uses constant memory; adding is O(1).
struct RecentCount: Sendable {
    /// The length of the window in seconds, including the current second.
    static let window: Int64 = 10

    private var seconds: [(second: Int64, count: Int)] = []

    /// Adds `number` occurrences at `time`. A time before the last one counts as the last one.
    mutating func add(_ number: Int, at time: TimeSource.Instant) {
        self.add(number, second: Self.second(of: time))
    }

    /// Adds `number` occurrences at unknown times between two moments: each second gets an equal part.
    mutating func add(_ number: Int, from start: TimeSource.Instant, to end: TimeSource.Instant) {
        guard number > 0 else { return }
        let (first, last) = (Self.second(of: start), Self.second(of: end))
        guard first < last else { return self.add(number, second: last) }
        let all = last - first + 1
        let known = min(all, Self.window)
        // Parts before the window are dropped.
        var rest = all == known ? number : Int(Int64(saturating: Double(number) * Double(known) / Double(all)))
        for second in (last - known + 1)...last {
            let part = rest / Int(last - second + 1)
            self.add(part, second: second)
            rest -= part
        }
    }

    private mutating func add(_ number: Int, second: Int64) {
        guard number > 0 else { return }
        if let last = self.seconds.indices.last, self.seconds[last].second >= second {
            self.seconds[last].count.addSaturated(number)
        } else {
            self.seconds.append((second, number))
            self.forget(before: second)
        }
    }

    /// The number of occurrences in the window that ends at `time`.
    mutating func total(at time: TimeSource.Instant) -> Int {
        self.forget(before: Self.second(of: time))
        return self.seconds.reduce(0) { $0.addingSaturated($1.count) }
    }

    private mutating func forget(before second: Int64) {
        while let first = self.seconds.first, first.second <= second - Self.window { self.seconds.removeFirst() }
    }

    private static func second(of time: TimeSource.Instant) -> Int64 {
        time.nanoseconds / 1_000_000_000
    }
}
