import ResourceContainer

/// The events and samples that a monitor receives in one read.
///
/// The same inputs in the same order produce the same figures, findings, and updates. A recording is a list of inputs.
public struct MonitorInput: Sendable, Hashable {
    /// The time of the read. No event of the input is later.
    public var time: TimeSource.Instant
    /// The events since the previous input.
    public var batch: EventBatch
    /// The samples, if a point of the 250 ms grid has passed since the previous ones.
    public var samples: MonitorSamples?

    /// Creates an input.
    public init(time: TimeSource.Instant, batch: EventBatch = EventBatch(events: []), samples: MonitorSamples? = nil) {
        self.time = time
        self.batch = batch
        self.samples = samples
    }
}

/// Figures that have no events and are therefore sampled.
public struct MonitorSamples: Sendable, Hashable {
    /// The pools, with their holders and waiters.
    public var pools: [PoolSample]
    /// The use counts of the resources sampled at this grid point.
    ///
    /// A sample reads at most 4,096 resources; successive samples visit all of them in turn.
    public var uses: [Uses]
    /// The figures that cost more and are sampled once per second; nil in between.
    public var slow: Slow?

    /// The use count of one resource.
    public struct Uses: Sendable, Hashable, Codable {
        /// The resource.
        public var resource: ResourceID
        /// The number of times that the resource has been resolved so far.
        public var uses: Int

        /// Creates a use count.
        public init(resource: ResourceID, uses: Int) {
            self.resource = resource
            self.uses = uses
        }
    }

    /// The figures that are sampled once per second.
    public struct Slow: Sendable, Hashable {
        /// The instances that are still referenced after their dispose.
        public var outliving: [OutlivingResource]
        /// The open scopes that no code references anymore, so that none can close them.
        public var forgottenScopes: [ScopeID]
        /// The container's own books.
        public var books: Books
        /// The sequence number of the last event included in ``books``.
        public var booksSequence: UInt64
        /// The container's health; nil if it has never had a health checker.
        public var health: HealthPicture?

        /// Creates a slow sample.
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

    /// Creates samples.
    public init(pools: [PoolSample] = [], uses: [Uses] = [], slow: Slow? = nil) {
        self.pools = pools
        self.uses = uses
        self.slow = slow
    }
}
