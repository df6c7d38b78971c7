import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much of a processor the process takes, between two askings.
struct ProcessCost {
    private var processor: Duration
    private var asked: TimeSource.Instant

    /// Counts from `now` on.
    init(at now: TimeSource.Instant) {
        self.processor = Self.processorTime()
        self.asked = now
    }

    /// The share of one processor since the last call that told one, or since the beginning; nil if that is too short to tell.
    mutating func share(at now: TimeSource.Instant) -> Double? {
        guard now - self.asked >= .milliseconds(200) else { return nil }
        let processor = Self.processorTime()
        defer {
            self.processor = processor
            self.asked = now
        }
        return (processor - self.processor) / (now - self.asked)
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
