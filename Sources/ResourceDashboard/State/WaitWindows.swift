import ResourceContainer

/// The waits of a pool's acquisitions in the current minute and in the previous one, derived from cumulative counts.
struct WaitWindows: Sendable, Hashable {
    private static let length: Int64 = 60_000_000_000

    private var minute: Int64?
    private var atBeginning = DurationBuckets()
    private var now = DurationBuckets()
    /// The waits of the previous minute; empty at first.
    private(set) var previous = DurationBuckets()

    /// The waits of the current minute.
    var current: DurationBuckets {
        self.now.since(self.atBeginning)
    }

    /// Takes the cumulative counts at `time`.
    mutating func take(_ waits: DurationBuckets, at time: TimeSource.Instant) {
        let minute = time.nanoseconds / Self.length
        if let last = self.minute, minute > last {
            self.previous = minute == last + 1 ? self.current : DurationBuckets()
            self.atBeginning = self.now
        }
        self.minute = minute
        self.now = waits
    }
}
