import ResourceContainer

/// How a ``FileStore`` behaves: its limits, its budgets and what it promises about what was written.
public struct FileStoreConfiguration: Sendable, Hashable {
    /// What is left of a file that ``FileStore/write(_:to:overwriting:)-(String,_,_)`` wrote if the machine loses its power.
    public enum Durability: String, Sendable, Hashable {
        /// What was written: the content and then the directory are flushed (`fsync`) before the call returns. A few milliseconds a file.
        case synced
        /// Perhaps the old content, perhaps none: the system writes when it sees fit. The crash of a process harms nothing.
        case buffered
    }

    /// The most files that may be open at a time; a file that several use in one mode counts once. Above 0.
    public var maximumOpen: Int
    /// How long opening may wait for another file to be closed; above zero.
    public var openBudget: Duration
    /// What happens when the maximum is reached.
    public var whenFull: PoolConfiguration.EmptyPolicy
    /// From which wait on an opening is reported as slow.
    public var slowThreshold: Duration
    /// From when on a handle that was not closed is suspected of being forgotten; at least `slowThreshold`, nil for never. For stores whose
    /// files stay open on purpose.
    public var leakThreshold: Duration?
    /// How long dispose waits for handles to be closed before it closes them itself; zero for not at all.
    public var drainTimeout: Duration
    /// How many of its operations a store does at the same time, each on a thread that is none of the concurrency pool's; the others wait
    /// their turn. From 1 to 1,024.
    public var parallelism: Int
    /// What a whole file that was written survives.
    public var durability: Durability

    /// A configuration. What it says is checked when a store is initialised with it: see ``FileStoreError/Code/invalidConfiguration``.
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

    /// The pool of places for open files.
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

    /// The pool in which every handle is a lease, so that it is the one that did not close its handle who is suspected, and not the one
    /// that opened the file before it was shared.
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
