import Glibc

/// How much of a processor the process takes, between two askings.
struct ProcessCost {
    private var processor: Duration
    private var wall: ContinuousClock.Instant

    init() {
        self.processor = Self.processorTime()
        self.wall = .now
    }

    /// The share of one processor since the last call, or since the beginning; nil if that is too short to tell.
    mutating func share() -> Double? {
        let wall = ContinuousClock.now
        guard wall - self.wall >= .milliseconds(200) else { return nil }
        let processor = Self.processorTime()
        defer {
            self.processor = processor
            self.wall = wall
        }
        return (processor - self.processor) / (wall - self.wall)
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
