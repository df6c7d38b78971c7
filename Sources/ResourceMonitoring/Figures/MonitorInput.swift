import ResourceContainer

/// Everything a monitor was told at one moment. The same inputs in the same order make the same figures, findings and updates: a recording
/// is a list of them.
public struct MonitorInput: Sendable, Hashable {
    /// The moment it is of. Its events are not later.
    public var time: TimeSource.Instant
    /// What happened since the input before.
    public var batch: EventBatch
    /// What no event tells, if a point of the sampling grid has passed.
    public var samples: MonitorSamples?

    public init(time: TimeSource.Instant, batch: EventBatch = EventBatch(events: []), samples: MonitorSamples? = nil) {
        self.time = time
        self.batch = batch
        self.samples = samples
    }
}

/// What is sampled because no event tells of it.
public struct MonitorSamples: Sendable, Hashable {
    /// The pools, with their holders and waiters.
    public var pools: [PoolSample]
    /// How often resources were asked for, of as many as are looked at in one turn.
    public var uses: [Uses]
    /// What costs more, and is sampled once a second.
    public var slow: Slow?

    /// How often a resource was asked for until now.
    public struct Uses: Sendable, Hashable, Codable {
        public var resource: ResourceID
        public var uses: Int

        public init(resource: ResourceID, uses: Int) {
            self.resource = resource
            self.uses = uses
        }
    }

    /// What is looked at once a second.
    public struct Slow: Sendable, Hashable {
        /// What is still referred to although its scope closed.
        public var outliving: [OutlivingResource]
        /// Scopes that nobody holds any more and that were not closed.
        public var forgottenScopes: [ScopeID]
        /// The container's own books, and the event they are of.
        public var books: Books
        public var booksSequence: UInt64
        /// What the health checks add up to, where there is a checker.
        public var health: HealthPicture?

        public init(
            outliving: [OutlivingResource],
            forgottenScopes: [ScopeID],
            books: Books,
            booksSequence: UInt64,
            health: HealthPicture? = nil
        ) {
            self.outliving = outliving
            self.forgottenScopes = forgottenScopes
            self.books = books
            self.booksSequence = booksSequence
            self.health = health
        }
    }

    public init(pools: [PoolSample] = [], uses: [Uses] = [], slow: Slow? = nil) {
        self.pools = pools
        self.uses = uses
        self.slow = slow
    }
}
