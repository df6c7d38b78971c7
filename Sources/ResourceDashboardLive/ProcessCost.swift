import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The processor use of this process between two readings.
struct ProcessCost {
    private var processor: Duration
    private var readAt: TimeSource.Instant

    /// Begins at `now`.
    init(at now: TimeSource.Instant) {
        self.processor = Self.processorTime()
        self.readAt = now
    }

    /// The share of one processor since the last call that returned a value, or since the beginning. Nil if less than 200 ms have passed.
    mutating func share(at now: TimeSource.Instant) -> Double? {
        guard now - self.readAt >= .milliseconds(200) else { return nil }
        let processor = Self.processorTime()
        defer {
            self.processor = processor
            self.readAt = now
        }
        return (processor - self.processor) / (now - self.readAt)
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
