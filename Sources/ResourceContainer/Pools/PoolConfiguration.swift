/// The settings of a pool: its limits, its behavior when it is exhausted, and its budgets.
///
/// Only ``maximum`` is required. <doc:PoolsOfResources> lists all settings in one table.
public struct PoolConfiguration: Sendable, Hashable {
    /// The behavior of an acquisition when every item is leased and no more may be created.
    public enum EmptyPolicy: String, Sendable, Hashable, Codable {
        /// The acquisition queues, first in, first out, until its budget expires.
        case wait
        /// The acquisition fails at once with ``PoolError/Code/exhausted`` (the specification's `ResourceExhaustedError`).
        case fail
    }

    /// Whether the initialization of a pool waits for its minimum.
    public enum Prefill: String, Sendable, Hashable, Codable {
        /// Items are created in the background; events and the pool's health show failures.
        case background
        /// The initialization waits for the items, and fails if they are not ready within the acquire budget.
        case wait
    }

    /// The order in which idle items are leased.
    public enum IdleOrder: String, Sendable, Hashable, Codable {
        /// The most recently released item first, so that surplus items stay idle and can be reaped.
        case newestFirst
        /// The longest idle item first, so that all items are used evenly.
        case oldestFirst
    }

    /// The behavior when a task that holds a lease acquires another one from the exhausted pool, and so would wait for itself.
    public enum Reentrancy: String, Sendable, Hashable, Codable {
        /// The acquisition queues.
        case allow
        /// The acquisition queues, and an event is recorded immediately.
        case report
        /// The acquisition fails with ``PoolError/Code/reentrant``.
        case `throw`
    }

    /// The maximum number of items, including those that are being created or closed; above 0.
    public var maximum: Int
    /// The number of items that the pool maintains, leased ones included, from its initialization or first request on; 0 to `maximum`, and
    /// at most 100,000.
    public var minimumSize: Int
    /// Whether the initialization waits for the minimum.
    public var prefill: Prefill
    /// The order in which idle items are leased.
    public var idleOrder: IdleOrder
    /// The time limit of an acquisition, including waiting, creation and validation; above zero. A single call can override it.
    public var acquireBudget: Duration
    /// The behavior of acquisitions when the pool is exhausted.
    public var whenEmpty: EmptyPolicy
    /// The behavior when a task would wait for itself.
    public var reentrancy: Reentrancy
    /// The number of items that may be created concurrently, and that may be reaped per second; above 0.
    public var creationConcurrency: Int
    /// The time limit for creating an item; above zero. An item that takes longer is abandoned, and closed if it is created after all.
    public var createTimeout: Duration
    /// How long creation must have failed, with no item in the pool, before requests are refused with ``PoolError/Code/unavailable``; above
    /// zero. Requests are accepted again when a creation succeeds.
    public var failFastAfter: Duration
    /// How long after its last use, creation or validation an item is leased without being validated; zero validates always.
    public var validationFreshness: Duration
    /// The time limit of a validation; above zero. An item that takes longer is closed.
    public var validateTimeout: Duration
    /// The time limit of a reset; above zero. An item that takes longer is closed.
    public var resetTimeout: Duration
    /// How long an item may be idle before it is closed, down to the minimum; above zero, nil for no limit.
    public var idleTimeout: Duration?
    /// How long after it was last used or validated an idle item is validated to keep it alive; above zero, nil for never. Requires a
    /// `validate` hook.
    public var keepalive: Duration?
    /// The maximum lifetime of an item; above zero, nil for no limit.
    ///
    /// An expired item is closed when it is idle or released. In a pool with a minimum, a replacement is created first if there is room.
    public var maximumLifetime: Duration?
    /// The largest fraction of the lifetime by which an item may expire early, so that items of the same age do not expire together; 0 to
    /// 0.5.
    public var lifetimeJitter: Double
    /// The shortest wait of an acquisition that is reported as slow, with ``ResourceEvent/Kind/leaseSlow(waited:)``; zero reports every
    /// acquisition that queues.
    public var slowThreshold: Duration
    /// The holding time after which a lease is a suspected leak; above zero and at least `slowThreshold`, nil for never.
    public var leakThreshold: Duration?
    /// How long closing the pool waits for leased items and for items that are being created; zero to not wait.
    public var drainTimeout: Duration
    /// The time limit for closing an item; an item that takes longer is abandoned.
    public var closeTimeout: Duration

    /// Creates a configuration. Its values are checked when a pool is created with it; see ``PoolError/Code/invalidConfiguration``.
    public init(
        maximum: Int,
        minimumSize: Int = 0,
        prefill: Prefill = .background,
        idleOrder: IdleOrder = .newestFirst,
        acquireBudget: Duration = .seconds(30),
        whenEmpty: EmptyPolicy = .wait,
        reentrancy: Reentrancy = .report,
        creationConcurrency: Int = 4,
        createTimeout: Duration = .seconds(30),
        failFastAfter: Duration = .seconds(60),
        validationFreshness: Duration = .milliseconds(500),
        validateTimeout: Duration = .seconds(5),
        resetTimeout: Duration = .seconds(5),
        idleTimeout: Duration? = .seconds(600),
        keepalive: Duration? = nil,
        maximumLifetime: Duration? = nil,
        lifetimeJitter: Double = 0.1,
        slowThreshold: Duration = .seconds(1),
        leakThreshold: Duration? = .seconds(60),
        drainTimeout: Duration = .seconds(5),
        closeTimeout: Duration = .seconds(3)
    ) {
        self.maximum = maximum
        self.minimumSize = minimumSize
        self.prefill = prefill
        self.idleOrder = idleOrder
        self.acquireBudget = acquireBudget
        self.whenEmpty = whenEmpty
        self.reentrancy = reentrancy
        self.creationConcurrency = creationConcurrency
        self.createTimeout = createTimeout
        self.failFastAfter = failFastAfter
        self.validationFreshness = validationFreshness
        self.validateTimeout = validateTimeout
        self.resetTimeout = resetTimeout
        self.idleTimeout = idleTimeout
        self.keepalive = keepalive
        self.maximumLifetime = maximumLifetime
        self.lifetimeJitter = lifetimeJitter
        self.slowThreshold = slowThreshold
        self.leakThreshold = leakThreshold
        self.drainTimeout = drainTimeout
        self.closeTimeout = closeTimeout
    }
}
