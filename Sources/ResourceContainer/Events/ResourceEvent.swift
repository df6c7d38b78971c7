/// A numbered record of one occurrence in a container.
///
/// A container numbers its events without gaps, in the order in which they happen. Ordinary leases are counted in ``PoolSample`` instead of
/// recorded as events.
public struct ResourceEvent: Sendable, Hashable {
    /// The event's number within its container, starting at 1.
    public var sequence: UInt64
    /// When the event happened, on the container's time source.
    public var time: TimeSource.Instant
    /// The scope in which the event happened.
    public var scope: ScopeID
    /// The instance that the event concerns; nil if it concerns none.
    public var resource: ResourceID?
    /// The binding that the event concerns; nil if it concerns none.
    public var binding: BindingID?
    /// The kind of the event, with its details.
    public var kind: Kind

    /// Creates an event from its parts.
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

    /// The text that reports use for an instance that was abandoned without a dispose: its container was dropped, or the program behind a feed
    /// closed its scope without it.
    public static let droppedText = "its dispose was not run: its container was dropped, or its scope ended without it"

    /// A life-cycle step of an instance.
    public enum Phase: String, Sendable, Hashable, Codable {
        /// The step that makes an instance ready.
        case initialize
        /// The step that ends an instance.
        case dispose
    }

    /// The kinds of events, with their details.
    public enum Kind: Sendable, Hashable {
        /// A binding was added. Its snapshot has empty books.
        indirect case bound(BindingSnapshot)
        /// A key was bound again; the new binding overrides the previous one and keeps its figures.
        indirect case rebound(BindingSnapshot)
        /// A scope opened.
        indirect case scopeOpened(ScopeSnapshot)
        /// A scope began to close. It refuses requests from now on.
        case scopeClosing
        /// The budget of a close is nearly used up. The `left` remaining instances of the scope and its nested scopes are disposed at once,
        /// without waiting for their dependents.
        case closeExpedited(left: Int)
        /// A scope is closed.
        ///
        /// Reports how many of the resources it owned were disposed, threw, or were abandoned, and how long the close took. Nested scopes
        /// are not included. `outcome` is how the scope's body ended; nil for a scope without one, see ``ScopeOutcome``.
        case scopeClosed(disposed: Int, threw: Int, abandoned: Int, took: Duration, outcome: ScopeOutcome? = nil)
        /// An instance was created and its initialization started.
        case initializing
        /// An instance is ready. `took` is the time since its initialization started; `order` is its position in the order in which
        /// instances became ready.
        case ready(took: Duration, order: UInt64, dependencies: [ResourceID])
        /// An initialization failed: it threw, was refused, or its scope closed. The text names the reason.
        case initializationFailed(String, took: Duration)
        /// A ready instance resolved another one, on which it depends from now on.
        case dependencyAdded(ResourceID)
        /// A dispose started.
        case disposing
        /// A dispose finished. `lived` is the time from ready to the start of the dispose.
        case disposed(took: Duration, lived: Duration)
        /// A dispose threw. The instance counts as disposed.
        case disposeThrew(String, took: Duration, lived: Duration)
        /// An initialize or a dispose did not finish within its budget. A budget of zero means that the container was dropped and the
        /// dispose did not run.
        case abandoned(Phase, budget: Duration)
        /// An abandoned step finished after all. `took` is the time since it started.
        case completedLate(Phase, took: Duration)
        /// A resource recorded a note, or a client of another process acted on the container.
        case noted(String)
        /// A resource reported an error that it handled.
        case errorReported(String)
        /// An acquisition waited at least as long as the pool's slow threshold.
        case leaseSlow(waited: Duration)
        /// An acquisition exceeded its budget.
        indirect case leaseTimedOut(waited: Duration, message: String)
        /// An acquisition was refused because the pool was exhausted.
        case leaseExhausted
        /// A task that holds a lease tried to acquire another one from the exhausted pool.
        case leaseReentrant
        /// A lease was still held when the scope that acquired it had closed.
        indirect case leaseLost(location: CodeLocation, scope: ScopeID?, held: Duration)
        /// A lease that counted as lost was released.
        indirect case leaseRecovered(location: CodeLocation, after: Duration)
        /// A health check's result differs from the previous one.
        indirect case healthChanged(from: HealthStatus, to: HealthResult)
        /// The instance is the fallback for the key `from`, whose instance could not be created.
        indirect case fellBack(from: String, reason: String)
        /// A lease has been held longer than the pool's leak threshold. Recorded once per lease.
        indirect case leakSuspected(location: CodeLocation, scope: ScopeID?, held: Duration)
        /// A suspected lease was released.
        indirect case leakWithdrawn(location: CodeLocation, after: Duration)
        /// The container was dropped without having been closed.
        ///
        /// An ``ResourceEvent/Kind/abandoned(_:budget:)`` event with a budget of zero follows for each of the `live` instances; their
        /// disposes do not run.
        case droppedOpen(live: Int)
        /// A fault was injected into the next instance of the binding.
        indirect case faultInjected(InjectedFault)
    }
}

extension ResourceEvent.Kind {
    /// Whether the event reports an error of the application.
    ///
    /// ``Books/errors`` counts exactly these events, so every view of a container shows the same number.
    public var isError: Bool {
        switch self {
        case .initializationFailed, .disposeThrew, .abandoned, .errorReported, .leaseTimedOut, .leaseExhausted: true
        case .bound, .rebound, .scopeOpened, .scopeClosing, .closeExpedited, .droppedOpen, .scopeClosed, .initializing, .ready,
            .dependencyAdded, .disposing, .disposed, .completedLate, .noted, .leaseSlow, .leaseReentrant, .leaseLost, .leaseRecovered,
            .healthChanged, .fellBack, .leakSuspected,
            .leakWithdrawn, .faultInjected:
            false
        }
    }
}

/// Events in the order of their numbers, and how many events the subscriber missed before them.
public struct EventBatch: Sendable, Hashable {
    /// The number of events that the subscriber missed before this batch because it fell behind.
    public var missed: UInt64
    /// The snapshot to continue from; set if events were missed. It includes everything up to now, so the batch has no events; those of the
    /// next batch follow the snapshot.
    public var snapshot: ContainerSnapshot?
    /// The events; empty if events were missed.
    public var events: [ResourceEvent]

    /// Creates a batch from its parts.
    public init(missed: UInt64 = 0, snapshot: ContainerSnapshot? = nil, events: [ResourceEvent]) {
        self.missed = missed
        self.snapshot = snapshot
        self.events = events
    }
}
