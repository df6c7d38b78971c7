/// A pool's configuration in the form its state machine uses: durations in nanoseconds, with `Int64.max` for never, and which hooks exist.
struct PoolRules: Sendable {
    var maximum: Int
    var minimum = 0
    /// The maximum number of items per key; nil for a pool without keys.
    var maximumPerKey: Int?
    var creationConcurrency = 4
    var failsWhenEmpty = false
    var leasesOldestFirst = false
    var validates = false
    var resets = false
    var freshness: Int64 = 500_000_000
    var createTimeout = Int64.max
    var validateTimeout = Int64.max
    var resetTimeout = Int64.max
    var closeTimeout = Int64.max
    var idleTimeout = Int64.max
    var keepalive = Int64.max
    var lifetime = Int64.max
    /// The largest fraction of the lifetime by which an item may expire early.
    var lifetimeJitter = 0.1
    var leakThreshold = Int64.max
    var failFastAfter: Int64 = 60_000_000_000

    var isKeyed: Bool {
        self.maximumPerKey != nil
    }

    /// The maximum number of items reaped per second.
    var reapBatch: Int {
        self.creationConcurrency
    }
}

extension PoolRules {
    init(_ configuration: PoolConfiguration, maximumPerKey: Int? = nil, validates: Bool, resets: Bool) {
        func limit(_ duration: Duration?) -> Int64 { duration?.wholeNanoseconds ?? .max }
        self.init(maximum: configuration.maximum)
        self.minimum = configuration.minimumSize
        self.maximumPerKey = maximumPerKey
        self.creationConcurrency = configuration.creationConcurrency
        self.failsWhenEmpty = configuration.whenEmpty == .fail
        self.leasesOldestFirst = configuration.idleOrder == .oldestFirst
        self.validates = validates
        self.resets = resets
        self.freshness = configuration.validationFreshness.wholeNanoseconds
        self.createTimeout = configuration.createTimeout.wholeNanoseconds
        self.validateTimeout = configuration.validateTimeout.wholeNanoseconds
        self.resetTimeout = configuration.resetTimeout.wholeNanoseconds
        self.closeTimeout = configuration.closeTimeout.wholeNanoseconds
        self.idleTimeout = limit(configuration.idleTimeout)
        self.keepalive = limit(configuration.keepalive)
        self.lifetime = limit(configuration.maximumLifetime)
        self.lifetimeJitter = configuration.lifetimeJitter
        self.leakThreshold = limit(configuration.leakThreshold)
        self.failFastAfter = configuration.failFastAfter.wholeNanoseconds
    }
}

extension TimeSource.Instant {
    /// The instant `nanoseconds` later; saturates, so adding `Int64.max` means never.
    @inline(__always)
    func later(by nanoseconds: Int64) -> TimeSource.Instant {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return TimeSource.Instant(nanoseconds: overflow ? .max : sum)
    }
}
