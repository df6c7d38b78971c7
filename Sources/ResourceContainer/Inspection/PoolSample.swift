/// A consistent sample of a pool's state and counters. All values are read in one critical section.
public struct PoolSample: Sendable, Hashable, Codable {
    /// The code that holds a leased item.
    public struct Holder: Sendable, Hashable, Codable {
        /// The item's slot, starting at 0.
        public var slot: Int
        /// The scope that acquired the lease; nil outside any scope.
        public var scope: ScopeID?
        /// The source location that acquired the lease.
        public var location: CodeLocation
        /// The time at which the lease was acquired, on the pool's time source.
        public var since: TimeSource.Instant

        /// The names in recordings, as version 1.0 of the format wrote them.
        private enum CodingKeys: String, CodingKey {
            case slot, scope
            case location = "place"
            case since
        }

        /// Creates a holder.
        public init(slot: Int, scope: ScopeID?, location: CodeLocation, since: TimeSource.Instant) {
            self.slot = slot
            self.scope = scope
            self.location = location
            self.since = since
        }
    }

    /// The code that is queued for an item.
    public struct Waiter: Sendable, Hashable, Codable {
        /// The requesting scope; nil outside any scope.
        public var scope: ScopeID?
        /// The source location of the acquisition.
        public var location: CodeLocation
        /// The time at which the acquisition started, on the pool's time source.
        public var since: TimeSource.Instant
        /// The time at which the acquisition times out.
        public var deadline: TimeSource.Instant

        /// The names in recordings, as version 1.0 of the format wrote them.
        private enum CodingKeys: String, CodingKey {
            case scope
            case location = "place"
            case since, deadline
        }

        /// Creates a waiter.
        public init(scope: ScopeID?, location: CodeLocation, since: TimeSource.Instant, deadline: TimeSource.Instant) {
            self.scope = scope
            self.location = location
            self.since = since
            self.deadline = deadline
        }
    }

    /// The identity of the pool's instance; nil if no container owns the pool.
    public var resource: ResourceID?
    /// The pool's name.
    public var name: String
    /// The maximum number of items.
    public var maximum: Int
    /// The minimum number of items that the pool maintains.
    public var minimum = 0
    /// The limit for leases: the maximum or, after the maximum was lowered, the number of leases from that time that are still held.
    public var leaseLimit: Int
    /// The number of items whose creation started, including failed and abandoned ones.
    public var made = 0
    /// The number of idle items.
    public var idle = 0
    /// The number of leased items.
    public var leased = 0
    /// The number of items that are being created, validated, reset, or closed.
    public var pending = 0
    /// The number of pending items that are being validated.
    public var validating = 0
    /// The number of pending items that are being reset.
    public var resetting = 0
    /// The number of closed items.
    public var closed = 0
    /// The number of failed creations.
    public var failed = 0
    /// The number of items whose creation or close did not finish within its timeout.
    public var abandoned = 0
    /// The number of waiters in the queue.
    public var waiting = 0
    /// The number of leases granted.
    public var leases = 0
    /// The number of acquisitions that timed out.
    public var timedOut = 0
    /// The number of acquisitions that were refused: the pool was closing, or was exhausted and its policy is `fail`.
    public var refused = 0
    /// The number of acquisitions that were refused because the pool was exhausted.
    public var exhausted = 0
    /// The number of acquisitions that had to wait.
    public var waited = 0
    /// The total time that acquisitions waited.
    @InNanoseconds public var totalWait: Duration = .zero
    /// The longest time that an acquisition waited.
    @InNanoseconds public var longestWait: Duration = .zero
    /// The waits of acquisitions that were granted or timed out. An acquisition that did not wait counts as zero.
    public var waits = DurationBuckets()
    /// The trace of the last acquisition that waited, for each range of waits; nil if no trace is known, as without a tracer.
    public var waitTraces: [WaitTrace]?
    /// The holding times of leases that have ended.
    public var holds = DurationBuckets()
    /// The times that it took to create items.
    public var creations = DurationBuckets()
    /// The number of leases that were dropped instead of released.
    public var dropped = 0
    /// The number of leases that were still held when the scope that acquired them had closed.
    public var lost = 0
    /// The number of leases that were held longer than the leak threshold.
    public var leaksSuspected = 0
    /// The number of suspected leases that were released.
    public var leaksWithdrawn = 0
    /// The number of leases that are held now and are suspected, lost, or both.
    public var leaked = 0
    /// The number of items that were closed because they were idle too long.
    public var reaped = 0
    /// The number of items that were closed at the end of their lifetime.
    public var retired = 0
    /// The number of items that were closed because all items were expired.
    public var expired = 0
    /// The number of idle items that were evicted for another key.
    public var evicted = 0
    /// The number of items that were closed because their holder marked them as broken.
    public var brokenDiscarded = 0
    /// The number of validations that started.
    public var validations = 0
    /// The number of validations that failed or timed out. Their items are closed.
    public var validationFailures = 0
    /// The number of resets that failed or timed out. Their items are closed.
    public var resetFailures = 0
    /// The number of acquisitions by a task that already held a lease of the exhausted pool.
    public var reentrant = 0
    /// The number of releases of leases that had already ended. Such a release has no effect.
    public var staleReturns = 0
    /// The delay with which the pool handled its last deadline. The cause of a delay, such as blocked threads, delays other work as well.
    @InNanoseconds public var lateness: Duration = .zero
    /// The longest delay with which the pool handled a deadline.
    @InNanoseconds public var longestLateness: Duration = .zero
    /// The holders, longest first; at most 50.
    public var holders: [Holder] = []
    /// The waiters, in the order in which they are served; at most 50.
    public var waiters: [Waiter] = []

    /// Creates a sample of an empty pool.
    public init(resource: ResourceID? = nil, name: String, maximum: Int) {
        self.resource = resource
        self.name = name
        self.maximum = maximum
        self.leaseLimit = maximum
    }

    /// Whether every created item is accounted for and the leases do not exceed their limit.
    public var isBalanced: Bool {
        let parts = [self.idle, self.leased, self.pending, self.closed, self.failed, self.abandoned]
        return self.made == parts.reduce(0) { $0.addingSaturated($1) } && self.waiting >= 0 && parts.allSatisfy { $0 >= 0 }
            && self.leased <= max(self.maximum, self.leaseLimit)
    }
}
