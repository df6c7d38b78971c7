/// One thing that happened in a container.
///
/// Events of a container are numbered without a gap, in the order they happened. Ordinary leases are counted (``PoolSample``), not sent.
public struct ResourceEvent: Sendable, Hashable {
    /// Its number, from 1.
    public var sequence: UInt64
    /// When it happened.
    public var time: TimeSource.Instant
    /// The scope it happened in.
    public var scope: ScopeID
    /// The instance it is about.
    public var resource: ResourceID?
    /// The binding it is about.
    public var binding: BindingID?
    /// What happened.
    public var kind: Kind

    public init(
        sequence: UInt64,
        time: TimeSource.Instant,
        scope: ScopeID,
        resource: ResourceID? = nil,
        binding: BindingID? = nil,
        kind: Kind
    ) {
        self.sequence = sequence
        self.time = time
        self.scope = scope
        self.resource = resource
        self.binding = binding
        self.kind = kind
    }

    /// What is said of an instance that was abandoned because its container was dropped.
    public static let droppedText = "its container was dropped without being closed, and its dispose was not run"

    /// Which of its two life-cycle steps an instance was in.
    public enum Phase: String, Sendable, Hashable, Codable {
        case initialise, dispose
    }

    /// What can happen.
    public enum Kind: Sendable, Hashable {
        /// A binding was added; its snapshot has empty books.
        indirect case bound(BindingSnapshot)
        /// A key was bound anew, by a binding that overrides the one before: what holds from here on. Its figures go on.
        indirect case rebound(BindingSnapshot)
        /// A scope was opened.
        indirect case scopeOpened(ScopeSnapshot)
        /// A scope began to close and refuses requests.
        case scopeClosing
        /// The budget of a closing is nearly used up: what is left in the scope and those inside it is disposed at once, without waiting for
        /// what depends on it.
        case closingHurried(left: Int)
        /// A scope is closed: what became of the resources it owned, and how long closing took. Nested scopes are not included.
        case scopeClosed(disposed: Int, threw: Int, abandoned: Int, took: Duration)
        /// An instance was begun; its initialisation runs from here.
        case initialising
        /// An instance is ready. `order` is its place in the order of becoming ready.
        case ready(took: Duration, order: UInt64, dependencies: [ResourceID])
        /// An initialisation threw, was refused, or its scope was gone.
        case initialisationFailed(String, took: Duration)
        /// An instance that is ready asked for another one, which it depends on from here.
        case dependencyAdded(ResourceID)
        /// A dispose was begun.
        case disposing
        /// A dispose came back. `lived` is the time from ready to the beginning of the dispose.
        case disposed(took: Duration, lived: Duration)
        /// A dispose threw; the instance counts as disposed.
        case disposeThrew(String, took: Duration, lived: Duration)
        /// An initialisation or a dispose did not come back within its budget; with a budget of zero, the container was dropped, and the
        /// dispose was not run.
        case abandoned(Phase, budget: Duration)
        /// An abandoned step came back after all.
        case completedLate(Phase, took: Duration)
        /// A resource said something.
        case noted(String)
        /// A resource reported an error that it handled.
        case errorReported(String)
        /// An acquisition waited for the pool's threshold, or for longer.
        case leaseSlow(waited: Duration)
        /// An acquisition ran out of its budget.
        indirect case leaseTimedOut(waited: Duration, message: String)
        /// An acquisition was refused because the pool was empty.
        case leaseExhausted
        /// A task that holds a lease asks for another of the exhausted pool.
        case leaseReentrant
        /// A lease was still out when the scope that took it had closed.
        indirect case leaseLost(place: SourcePlace, scope: ScopeID?, held: Duration)
        /// A lease that counted as lost came back after all.
        indirect case leaseRecovered(place: SourcePlace, after: Duration)
        /// A health check's answer differs from the one before.
        indirect case healthChanged(from: HealthStatus, to: HealthResult)
        /// The instance stands in for one of the key `from`, which could not be made.
        indirect case fellBack(from: String, reason: String)
        /// A lease has been out for longer than the pool's leak threshold; told once for each.
        indirect case leakSuspected(place: SourcePlace, scope: ScopeID?, held: Duration)
        /// A lease that was suspected came back after all.
        indirect case leakWithdrawn(place: SourcePlace, after: Duration)
        /// The container was dropped without having been closed. So many instances were live; each is told next, as abandoned with a budget of
        /// zero, and its dispose is not run.
        case droppedOpen(live: Int)
        /// Somebody wants the next instance of the binding to go wrong.
        indirect case faultInjected(InjectedFault)
    }
}

extension ResourceEvent.Kind {
    /// Whether the event tells of an error of the program: something it asked for went wrong. ``Books/errors`` counts these events and no
    /// others, so that every view of a container names the same number.
    public var isError: Bool {
        switch self {
        case .initialisationFailed, .disposeThrew, .abandoned, .errorReported, .leaseTimedOut, .leaseExhausted: true
        case .bound, .rebound, .scopeOpened, .scopeClosing, .closingHurried, .droppedOpen, .scopeClosed, .initialising, .ready,
            .dependencyAdded, .disposing, .disposed, .completedLate, .noted, .leaseSlow, .leaseReentrant, .leaseLost, .leaseRecovered,
            .healthChanged, .fellBack, .leakSuspected,
            .leakWithdrawn, .faultInjected:
            false
        }
    }
}

/// Events in the order of their numbers, and what a subscriber missed before them.
public struct EventBatch: Sendable, Hashable {
    /// How many events this subscriber lost before this batch because it did not keep up.
    public var missed: UInt64
    /// Set when events were missed: the picture to go on from. It includes everything up to now, so that there are no events beside it;
    /// those of the next batch follow it.
    public var snapshot: ContainerSnapshot?
    /// The events.
    public var events: [ResourceEvent]

    public init(missed: UInt64 = 0, snapshot: ContainerSnapshot? = nil, events: [ResourceEvent]) {
        self.missed = missed
        self.snapshot = snapshot
        self.events = events
    }
}
