import ResourceContainer

/// The configuration of a ``FileStore``: its limits, its budgets, and its durability. ``FileStore/initialize()`` validates it.
public struct FileStoreConfiguration: Sendable, Hashable {
    /// The durability of a file written by ``FileStore/write(_:to:overwriting:)-(String,_,_)``.
    public enum Durability: String, Sendable, Hashable {
        /// The new content survives: the file and then its directory are flushed (`fsync`) before the call returns. Costs a few
        /// milliseconds per file.
        case synced
        /// The old, the new, or no content may survive: the system writes at its own pace. A crash of the process loses nothing.
        case buffered
    }

    /// The maximum number of files that are open at a time; at least 1. A file that several handles share in one mode counts once.
    public var maximumOpen: Int
    /// How long opening may wait for another file to be closed; positive.
    public var openBudget: Duration
    /// Whether opening waits or fails when `maximumOpen` files are open.
    public var whenFull: PoolConfiguration.EmptyPolicy
    /// The shortest wait of an opening that is reported as slow.
    public var slowThreshold: Duration
    /// The age at which an open handle is suspected of being leaked; at least `slowThreshold`. Nil disables the detection, for stores
    /// that keep files open on purpose.
    public var leakThreshold: Duration?
    /// How long dispose waits for open handles before it closes their files; zero to close them at once.
    public var drainTimeout: Duration
    /// The maximum number of file operations that a store runs at a time, each on a thread outside the concurrency pool; further operations
    /// wait. From 1 to 1,024.
    public var parallelism: Int
    /// The durability of files that are written whole: the content that survives a power failure.
    public var durability: Durability

    /// Creates a configuration. The values are validated when a store is initialized: see ``FileStoreError/Code/invalidConfiguration``.
    public init(
        maximumOpen: Int = 64,
        openBudget: Duration = .seconds(30),
        whenFull: PoolConfiguration.EmptyPolicy = .wait,
        slowThreshold: Duration = .seconds(1),
        leakThreshold: Duration? = .seconds(60),
        drainTimeout: Duration = .seconds(5),
        parallelism: Int = 4,
        durability: Durability = .synced
    ) {
        self.maximumOpen = maximumOpen
        self.openBudget = openBudget
        self.whenFull = whenFull
        self.slowThreshold = slowThreshold
        self.leakThreshold = leakThreshold
        self.drainTimeout = drainTimeout
        self.parallelism = parallelism
        self.durability = durability
    }

    /// The pool of slots for open files.
    var slots: PoolConfiguration {
        PoolConfiguration(
            maximum: self.maximumOpen,
            acquireBudget: self.openBudget,
            whenEmpty: self.whenFull,
            slowThreshold: self.slowThreshold,
            leakThreshold: nil,
            drainTimeout: self.drainTimeout
        )
    }

    /// The pool in which every handle is a lease, so that a suspected leak names the handle that was not closed, not the one that opened
    /// the shared file first.
    var handles: PoolConfiguration {
        PoolConfiguration(
            maximum: 1_000_000,
            whenEmpty: .fail,
            reentrancy: .allow,
            slowThreshold: self.slowThreshold,
            leakThreshold: self.leakThreshold,
            drainTimeout: self.drainTimeout
        )
    }
}
