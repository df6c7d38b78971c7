/// How a pool behaves.
public struct PoolConfiguration: Sendable, Hashable {
    /// What an acquisition does when everything is lent and no more may be made.
    public enum EmptyPolicy: String, Sendable, Hashable, Codable {
        /// It queues, first come first served, for as long as its budget lasts.
        case wait
        /// It is refused at once with ``PoolError/Code/exhausted`` (the specification's `ResourceExhaustedError`).
        case fail
    }

    /// The most items there may be at a time; above 0.
    public var maximum: Int
    /// How long an acquisition may take altogether, waiting and creating; above zero. `withLease` may say otherwise for one call.
    public var acquireBudget: Duration
    /// What happens when the pool is empty.
    public var whenEmpty: EmptyPolicy
    /// How many items may be made at the same time; above 0.
    public var creationConcurrency: Int
    /// From which wait on an acquisition is reported as slow.
    public var slowThreshold: Duration
    /// How long closing waits for lent items and for items being made.
    public var drainTimeout: Duration
    /// How long closing waits for the items' own closing, after draining.
    public var closeTimeout: Duration

    /// A configuration; what it says is checked when a pool is made with it.
    public init(
        maximum: Int,
        acquireBudget: Duration = .seconds(30),
        whenEmpty: EmptyPolicy = .wait,
        creationConcurrency: Int = 4,
        slowThreshold: Duration = .seconds(1),
        drainTimeout: Duration = .seconds(5),
        closeTimeout: Duration = .seconds(3)
    ) {
        self.maximum = maximum
        self.acquireBudget = acquireBudget
        self.whenEmpty = whenEmpty
        self.creationConcurrency = creationConcurrency
        self.slowThreshold = slowThreshold
        self.drainTimeout = drainTimeout
        self.closeTimeout = closeTimeout
    }

    /// Refuses what no pool can work with.
    func validate(name: String) throws(PoolError) {
        func refuse(_ text: String) -> PoolError {
            PoolError(.invalidConfiguration, pool: name, "pool \(name) cannot be made: \(text)")
        }
        if self.maximum < 1 { throw refuse("maximum is \(self.maximum) and must be at least 1") }
        if self.creationConcurrency < 1 { throw refuse("creationConcurrency is \(self.creationConcurrency) and must be at least 1") }
        if self.acquireBudget <= .zero { throw refuse("acquireBudget is \(self.acquireBudget) and must be above zero") }
        if self.slowThreshold < .zero { throw refuse("slowThreshold is \(self.slowThreshold) and must not be negative") }
        if self.drainTimeout < .zero { throw refuse("drainTimeout is \(self.drainTimeout) and must not be negative") }
        if self.closeTimeout < .zero { throw refuse("closeTimeout is \(self.closeTimeout) and must not be negative") }
    }
}
