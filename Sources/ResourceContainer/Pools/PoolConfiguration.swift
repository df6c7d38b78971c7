/// How a pool behaves: its limits, what it does when it is empty, and its budgets.
///
/// Only ``maximum`` has to be given. <doc:PoolsOfResources> has all settings in one table.
public struct PoolConfiguration: Sendable, Hashable {
    /// What an acquisition does when everything is lent and no more may be made.
    public enum EmptyPolicy: String, Sendable, Hashable, Codable {
        /// It queues, first come first served, for as long as its budget lasts.
        case wait
        /// It is refused at once with ``PoolError/Code/exhausted`` (the specification's `ResourceExhaustedError`).
        case fail
    }

    /// Whether initialising a pool with a minimum waits for the items.
    public enum Prefill: String, Sendable, Hashable, Codable {
        /// They are made in the background; a failure to make them is found in the events and in the pool's health.
        case background
        /// The pool is ready when they are there, and fails to initialise if they are not within the acquire budget.
        case wait
    }

    /// Which idle item is lent first.
    public enum IdleOrder: String, Sendable, Hashable, Codable {
        /// The one that came back last, so that a surplus can rest and be reaped.
        case newestFirst
        /// The one that has rested longest, so that all are used alike.
        case oldestFirst
    }

    /// What happens when a task that holds a lease asks for another of the exhausted pool, and so waits for itself.
    public enum Reentrancy: String, Sendable, Hashable, Codable {
        /// It queues.
        case allow
        /// It queues, and an event tells at once.
        case report
        /// It is refused with ``PoolError/Code/reentrant``.
        case `throw`
    }

    /// The most items there may be at a time, those included that are being made or closed; above 0.
    public var maximum: Int
    /// How many items the pool keeps, lent ones included, from its initialisation or its first request on; 0 to `maximum`, and 100,000 at most.
    public var minimumSize: Int
    /// Whether initialising waits for the minimum.
    public var prefill: Prefill
    /// Which idle item is lent first.
    public var idleOrder: IdleOrder
    /// How long an acquisition may take altogether, waiting, creating and validating; above zero. `withLease` may say otherwise for one call.
    public var acquireBudget: Duration
    /// What happens when the pool is empty.
    public var whenEmpty: EmptyPolicy
    /// What happens when a task waits for itself.
    public var reentrancy: Reentrancy
    /// How many items may be made at the same time, and how many may be reaped in a second; above 0.
    public var creationConcurrency: Int
    /// How long making an item may take; one that takes longer is abandoned, and closed should it come after all. Above zero.
    public var createTimeout: Duration
    /// After how long of nothing but failures, with no item there, requests are refused with ``PoolError/Code/unavailable`` until an item
    /// can be made; above zero.
    public var failFastAfter: Duration
    /// How long an item that was used, made or validated is lent without validating it; zero to validate always.
    public var validationFreshness: Duration
    /// How long a validation may take; an item that takes longer is closed. Above zero.
    public var validateTimeout: Duration
    /// How long a reset may take; an item that takes longer is closed. Above zero.
    public var resetTimeout: Duration
    /// After how long an item that nobody uses is closed, down to the minimum; above zero, nil for never.
    public var idleTimeout: Duration?
    /// After how long an idle item is validated, so that it stays alive; above zero, nil for never. Takes a `validate` hook.
    public var keepalive: Duration?
    /// How long an item lives at most; another one takes its place first. It ends when the item is idle or comes back. Above zero, nil for
    /// ever.
    public var maximumLifetime: Duration?
    /// The largest part of the lifetime by which an item may go earlier, so that those of one age do not go together; 0 to 0.5.
    public var lifetimeJitter: Double
    /// From which wait on an acquisition is reported as slow, with ``ResourceEvent/Kind/leaseSlow(waited:)``; zero reports every one that
    /// had to queue.
    public var slowThreshold: Duration
    /// From which holding time on a lease is suspected of being a leak; at least `slowThreshold`, nil for never.
    public var leakThreshold: Duration?
    /// How long closing waits for lent items and for items being made; zero for not at all.
    public var drainTimeout: Duration
    /// How long an item's closing may take; one that takes longer is abandoned.
    public var closeTimeout: Duration

    /// A configuration. What it says is checked when a pool is made with it, not here: see ``PoolError/Code/invalidConfiguration``.
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
