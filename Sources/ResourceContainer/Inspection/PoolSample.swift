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
    /// Items made so far, whatever became of them.
    public var made = 0
    /// Items waiting for a borrower.
    public var idle = 0
    /// Items lent.
    public var leased = 0
    /// Items being made, validated, reset or closed.
    public var pending = 0
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
    /// Acquisitions that had to wait, and for how long in sum and at most.
    public var waited = 0
    public var totalWait: Duration = .zero
    public var longestWait: Duration = .zero
    /// The first 50 holders, longest first.
    public var holders: [Holder] = []
    /// The first 50 waiters, in the order they are served.
    public var waiters: [Waiter] = []

    /// An empty pool.
    public init(resource: ResourceID? = nil, name: String, maximum: Int) {
        self.resource = resource
        self.name = name
        self.maximum = maximum
    }

    /// Whether everything made is accounted for and no more is lent than may be.
    public var isBalanced: Bool {
        self.made == self.idle + self.leased + self.pending + self.closed + self.failed + self.abandoned
            && self.waiting >= 0 && self.leased <= self.maximum
    }
}
