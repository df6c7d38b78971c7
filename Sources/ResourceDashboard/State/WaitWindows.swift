import ResourceContainer

/// How long acquisitions of a pool waited, in the minute that runs and in the one before it, from counts that only grow.
struct WaitWindows: Sendable, Hashable {
    private static let length: Int64 = 60_000_000_000

    private var minute: Int64?
    private var atBeginning = DurationBuckets()
    private var now = DurationBuckets()
    /// The minute before; empty at first.
    private(set) var previous = DurationBuckets()

    /// The minute that runs.
    var current: DurationBuckets {
        self.now.since(self.atBeginning)
    }

    /// Takes the counts as they stood at `time`.
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
