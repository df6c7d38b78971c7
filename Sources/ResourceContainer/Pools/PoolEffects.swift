/// What is to be done outside of the lock about what the state machine decided in it.
struct PoolEffects: Sendable {
    /// Something to be done with the item of a slot, or to get one; the state machine is told of its end under the same name.
    struct Step: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case make, validate, reset, close
        }

        let kind: Kind
        let use: PoolStateMachine.Use
        let group: Int
    }

    /// Something that people may want to know.
    enum Notice: Hashable, Sendable {
        case leakSuspected(place: SourcePlace, scope: ScopeID?, held: Duration)
        case leakWithdrawn(place: SourcePlace, held: Duration)
        case leaseLost(place: SourcePlace, scope: ScopeID?, held: Duration)
        case leaseRecovered(place: SourcePlace, held: Duration)
        /// An item did not come from being made in time.
        case creationTimedOut
        case validationTimedOut
        case resetTimedOut
        /// Requests are refused from now on, until an item can be made.
        case circuitOpened
        case circuitClosed
        /// Nothing is left of a key.
        case groupUnused(Int)
    }

    /// Requests whose callers sleep and are to be resumed.
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

    mutating func tell(_ notice: Notice) {
        self.notices.append(notice)
        self.isEmpty = false
    }

    /// Everything up to now; nothing is left.
    mutating func take() -> PoolEffects {
        if self.isEmpty { return PoolEffects() }
        defer { self = PoolEffects() }
        return self
    }
}

/// What happened in a pool so far, apart from what became of its items.
struct PoolCounts: Sendable {
    var leases = 0
    var timedOut = 0
    var refused = 0
    var exhausted = 0
    var waited = 0
    var totalWait = Duration.zero
    var longestWait = Duration.zero
    /// Leases that were granted to a request in the queue; the others did not wait.
    var granted = 0
    var waits = DurationBuckets()
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

/// How long something has been going on in sum. Only differences of its readings mean something.
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
