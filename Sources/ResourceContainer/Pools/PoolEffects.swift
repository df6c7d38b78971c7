/// Work that the state machine has decided on and that must happen outside the lock.
struct PoolEffects: Sendable {
    /// A step with the item of a slot, or the creation of one. Its end is reported to the state machine under the same use.
    struct Step: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case make, validate, reset, close
        }

        let kind: Kind
        let use: PoolStateMachine.Use
        let group: Int
    }

    /// An occurrence to report to the container.
    enum Notice: Hashable, Sendable {
        case leakSuspected(location: CodeLocation, scope: ScopeID?, held: Duration)
        case leakWithdrawn(location: CodeLocation, held: Duration)
        case leaseLost(location: CodeLocation, scope: ScopeID?, held: Duration)
        case leaseRecovered(location: CodeLocation, held: Duration)
        /// Creating an item did not finish in time.
        case creationTimedOut
        case validationTimedOut
        case resetTimedOut
        /// Requests are refused from now on, until an item can be created.
        case circuitOpened
        case circuitClosed
        /// A key has no items, requests or failures left.
        case groupUnused(Int)
    }

    /// Requests whose suspended callers must be resumed.
    private(set) var resumed: [PoolRequests.ID] = []
    private(set) var steps: [Step] = []
    private(set) var notices: [Notice] = []
    private(set) var isEmpty = true

    mutating func resume(_ id: PoolRequests.ID) {
        self.resumed.append(id)
        self.isEmpty = false
    }

    mutating func start(_ kind: Step.Kind, _ use: PoolStateMachine.Use, group: Int) {
        self.steps.append(Step(kind: kind, use: use, group: group))
        self.isEmpty = false
    }

    mutating func report(_ notice: Notice) {
        self.notices.append(notice)
        self.isEmpty = false
    }

    /// Returns the pending effects and leaves none.
    mutating func take() -> PoolEffects {
        if self.isEmpty { return PoolEffects() }
        defer { self = PoolEffects() }
        return self
    }
}

/// The counters of a pool, except the books of its items.
struct PoolCounts: Sendable {
    var leases = 0
    var timedOut = 0
    var refused = 0
    var exhausted = 0
    var waited = 0
    var totalWait = Duration.zero
    var longestWait = Duration.zero
    /// Leases granted to queued requests; the other leases did not wait.
    var granted = 0
    var waits = DurationBuckets()
    /// The last example of each range of waits.
    var waitTraces: [WaitTrace] = []
    var holds = DurationBuckets()
    var creations = DurationBuckets()
    var dropped = 0
    var lost = 0
    var leaksSuspected = 0
    var leaksWithdrawn = 0
    var reaped = 0
    var retired = 0
    var expired = 0
    var brokenDiscarded = 0
    var validations = 0
    var validationFailures = 0
    var resetFailures = 0
    var evicted = 0
    var reentrant = 0
    var staleReturns = 0
}

/// The accumulated running time of an activity. Only differences between readings are meaningful.
struct PoolTimer: Sendable {
    private var total = Duration.zero
    private var runningSince: TimeSource.Instant?

    func reading(at now: TimeSource.Instant) -> Duration {
        self.runningSince.map { self.total + (now - $0) } ?? self.total
    }

    mutating func set(running: Bool, at now: TimeSource.Instant) {
        if running == (self.runningSince != nil) { return }
        self.total = self.reading(at: now)
        self.runningSince = running ? now : nil
    }
}
