/// The figures of a pool, all read in one critical section.
public struct PoolSample: Sendable, Hashable, Codable {
    /// One who holds an item.
    public struct Holder: Sendable, Hashable, Codable {
        /// The item's slot, from 0.
        public var slot: Int
        /// The scope that took it, if it was taken inside one.
        public var scope: ScopeID?
        /// Where it was taken.
        public var place: SourcePlace
        /// Since when.
        public var since: TimeSource.Instant

        public init(slot: Int, scope: ScopeID?, place: SourcePlace, since: TimeSource.Instant) {
            self.slot = slot
            self.scope = scope
            self.place = place
            self.since = since
        }
    }

    /// One who waits for an item.
    public struct Waiter: Sendable, Hashable, Codable {
        /// The scope that asks, if it asks inside one.
        public var scope: ScopeID?
        /// Where it asks.
        public var place: SourcePlace
        /// Since when.
        public var since: TimeSource.Instant
        /// When its budget ends.
        public var deadline: TimeSource.Instant

        public init(scope: ScopeID?, place: SourcePlace, since: TimeSource.Instant, deadline: TimeSource.Instant) {
            self.scope = scope
            self.place = place
            self.since = since
            self.deadline = deadline
        }
    }

    /// The pool's own identity as a resource; nil while it is not bound in a container.
    public var resource: ResourceID?
    /// The pool's name.
    public var name: String
    /// The most items it may hold.
    public var maximum: Int
    /// How many items it keeps.
    public var minimum = 0
    /// The most that may be lent: the maximum or, after that was lowered, what was lent then and has not come back.
    public var leaseLimit: Int
    /// Items made so far, whatever became of them.
    public var made = 0
    /// Items waiting for a borrower.
    public var idle = 0
    /// Items lent.
    public var leased = 0
    /// Items being made, validated, reset or closed.
    public var pending = 0
    /// Of those, the ones being validated.
    public var validating = 0
    /// Of those, the ones being reset.
    public var resetting = 0
    /// Items closed.
    public var closed = 0
    /// Creations that failed.
    public var failed = 0
    /// Items that did not come back from being made or closed within their budget.
    public var abandoned = 0
    /// Borrowers in the queue.
    public var waiting = 0
    /// Leases granted so far.
    public var leases = 0
    /// Acquisitions that ran out of their budget.
    public var timedOut = 0
    /// Acquisitions refused because the pool was empty and its policy is to fail, or the pool was closing.
    public var refused = 0
    /// Of those, the ones refused because the pool was empty.
    public var exhausted = 0
    /// Acquisitions that had to wait, and for how long in sum and at most.
    public var waited = 0
    @InNanoseconds public var totalWait: Duration = .zero
    @InNanoseconds public var longestWait: Duration = .zero
    /// How long acquisitions waited that ended with a lease or ran out of their budget; one that need not wait counts as zero.
    public var waits = DurationBuckets()
    /// How long leases were held that have ended.
    public var holds = DurationBuckets()
    /// How long it took to make the items.
    public var creations = DurationBuckets()
    /// Leases that ended because the value was dropped instead of released.
    public var dropped = 0
    /// Leases that were still out when the scope that took them had closed.
    public var lost = 0
    /// Leases that were out for longer than the leak threshold, and how many of them have come back.
    public var leaksSuspected = 0
    public var leaksWithdrawn = 0
    /// Leases that are out at this moment and are suspected, or lost, or both.
    public var leaked = 0
    /// Items closed because nobody used them.
    public var reaped = 0
    /// Items closed at the end of their lifetime.
    public var retired = 0
    /// Items closed because everything was expired.
    public var expired = 0
    /// Items closed to make room for another key.
    public var evicted = 0
    /// Items closed because their borrower found them broken.
    public var brokenDiscarded = 0
    /// Validations begun, and those that failed or did not come back; their items are closed.
    public var validations = 0
    public var validationFailures = 0
    /// Resets that failed or did not come back; their items are closed.
    public var resetFailures = 0
    /// Acquisitions by a task that held a lease of the exhausted pool.
    public var reentrant = 0
    /// Returns of leases that had ended; they change nothing.
    public var staleReturns = 0
    /// By how much the last deadline was met late, and the most so far: what keeps the pool's clock from it keeps others waiting, too.
    @InNanoseconds public var lateness: Duration = .zero
    @InNanoseconds public var longestLateness: Duration = .zero
    /// The first 50 holders, longest first.
    public var holders: [Holder] = []
    /// The first 50 waiters, in the order they are served.
    public var waiters: [Waiter] = []

    /// An empty pool.
    public init(resource: ResourceID? = nil, name: String, maximum: Int) {
        self.resource = resource
        self.name = name
        self.maximum = maximum
        self.leaseLimit = maximum
    }

    /// Whether everything made is accounted for and no more is lent than may be.
    public var isBalanced: Bool {
        let parts = [self.idle, self.leased, self.pending, self.closed, self.failed, self.abandoned]
        return self.made == parts.reduce(0) { $0.addingSaturated($1) } && self.waiting >= 0 && parts.allSatisfy { $0 >= 0 }
            && self.leased <= max(self.maximum, self.leaseLimit)
    }
}
