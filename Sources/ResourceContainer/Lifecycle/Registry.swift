/// Everything a container knows: bindings, scopes, instances, books, events. A pure state machine.
///
/// One method per thing that can happen; each returns what is to be done about it. There is no lock, no clock, no continuation and no
/// call of user code in here: the ``Engine`` holds a registry under its lock, and acts after it let go of it. Every change of an
/// instance's state goes through ``move(_:to:at:_:)``, which keeps the books and the events in step.
struct Registry: Sendable {
    let container: String
    var bindings: [Binding] = []
    var bindingsByKey: [KeyID: Binding] = [:]
    var bindingBooks: [Books] = []
    /// The scopes that are not closed.
    var scopes: [ScopeID: ScopeRecord] = [:]
    /// The active instances.
    var resources: [ResourceID: ResourceRecord] = [:]
    /// Instances that did not come back within their budget and may still do so.
    var abandoned: [ResourceID: Abandonment] = [:]
    var books = Books()
    var log = EventLog()
    private var lastScope = ScopeID.root
    private var lastResource: UInt64 = 0
    private var lastReadyOrder: UInt64 = 0

    init(container: String) {
        self.container = container
    }

    /// A scope that is not closed.
    struct ScopeRecord: Sendable {
        let scope: Scope
        var state = ScopeSnapshot.State.open
        var books = Books()
        var children: Set<ScopeID> = []
        /// Active instances that this scope owns.
        var owned: Set<ResourceID> = []
        /// The shared ones among them.
        var shared: [BindingID: ResourceID] = [:]
        /// Whether somebody closes this very scope; one inside it may be `closing` before its turn comes.
        var isBeingClosed = false
        var disposeThrew = 0
    }

    /// An active instance.
    struct ResourceRecord: Sendable {
        let id: ResourceID
        let binding: Binding
        let scope: ScopeID
        let createdAt: TimeSource.Instant
        /// Whether it is made without suspending, so that a thread may wait for it.
        let isMadeSynchronously: Bool
        /// Fulfilled when its initialisation has ended, one way or the other.
        let initialised = Promise<Result<AnyInstance, ResourceError>>()
        var state = ResourceState.initialising
        /// There from `ready` on.
        var instance: AnyInstance?
        var readyAt: TimeSource.Instant?
        var readyOrder: UInt64 = 0
        var disposingSince: TimeSource.Instant?
        var dependencies: [ResourceID] = []
        /// The instances whose initialisation this one's initialisation waits for at the moment.
        var waitsFor: [ResourceID] = []
        var health: HealthResult?
        /// Fulfilled when the instance is no longer active; there if somebody waits for that.
        var ended: Promise<Void>?
    }

    /// What is remembered of an instance that was abandoned, until it comes back.
    struct Abandonment: Sendable {
        let binding: BindingID
        let scope: ScopeID
        let since: TimeSource.Instant
        let phase: ResourceEvent.Phase
        /// What it was made with so far.
        var dependencies: [ResourceID]
    }

    // MARK: Bindings

    /// Adds the binding that `make` returns for the next identity.
    mutating func bind(
        _ key: KeyID,
        override: Bool,
        at now: TimeSource.Instant,
        _ make: (BindingID) -> Binding
    ) throws(ResourceError) {
        let binding = make(BindingID(self.bindings.count))
        if let existing = self.bindingsByKey[key], !override {
            throw ResourceError(
                .duplicateBinding,
                key: binding.label,
                "\(binding.label) is bound already, at \(existing.place): give this binding a name, or say override: true to replace that one"
            )
        }
        self.bindings.append(binding)
        self.bindingBooks.append(Books())
        self.bindingsByKey[key] = binding
        self.log.append(.bound(binding.snapshot(books: Books())), scope: .root, binding: binding.id, at: now)
    }

    // MARK: Scopes

    /// Adds the root scope, which `make` makes.
    mutating func openRoot(at now: TimeSource.Instant, _ make: (ScopeID) -> Scope) -> Scope {
        self.add(make(.root), at: now)
    }

    /// Adds a scope in `parent`; `make` is given its identity.
    mutating func open(in parent: Scope, at now: TimeSource.Instant, _ make: (ScopeID) -> Scope) throws(ResourceError) -> Scope {
        guard self.scopes[parent.id]?.state == .open else { throw .closed(parent, refused: "opening a scope in it") }
        self.lastScope = ScopeID(self.lastScope.rawValue + 1)
        self.scopes[parent.id]?.children.insert(self.lastScope)
        return self.add(make(self.lastScope), at: now)
    }

    private mutating func add(_ scope: Scope, at now: TimeSource.Instant) -> Scope {
        self.scopes[scope.id] = ScopeRecord(scope: scope)
        self.log.append(.scopeOpened(scope.snapshot(state: .open, books: Books())), scope: scope.id, at: now)
        return scope
    }

    // MARK: Transitions

    /// Moves an instance to another state: its record, the three books it is counted in, and the event.
    mutating func move(_ id: ResourceID, to state: ResourceState, at now: TimeSource.Instant, _ kind: ResourceEvent.Kind) {
        guard let record = self.resources[id] else { preconditionFailure("only active instances change their state") }
        let isError =
            switch kind {
            case .disposeThrew, .initialisationFailed, .abandoned: true
            default: false
            }
        self.count(binding: record.binding.id, scope: record.scope) { books in
            books.leave(record.state)
            books.enter(state)
            if isError { books.errors += 1 }
        }
        self.resources[id]?.state = state
        self.log.append(kind, scope: record.scope, resource: id, binding: record.binding.id, at: now)
        if !state.isActive {
            self.resources[id] = nil
            if let ended = record.ended { self.log.wake(ended) }
            self.scopes[record.scope]?.owned.remove(id)
            if self.scopes[record.scope]?.shared[record.binding.id] == id { self.scopes[record.scope]?.shared[record.binding.id] = nil }
        }
    }

    /// Begins an instance of `binding` in `owner`.
    mutating func begin(_ binding: Binding, in owner: Scope, synchronously: Bool, at now: TimeSource.Instant) -> ResourceRecord {
        self.lastResource += 1
        let id = ResourceID(self.lastResource)
        let record = ResourceRecord(
            id: id,
            binding: binding,
            scope: owner.id,
            createdAt: now,
            isMadeSynchronously: synchronously
        )
        self.resources[id] = record
        self.scopes[owner.id]?.owned.insert(id)
        if binding.lifetime != .transient { self.scopes[owner.id]?.shared[binding.id] = id }
        self.count(binding: binding.id, scope: owner.id) { books in
            books.created += 1
            books.enter(.initialising)
        }
        self.log.append(.initialising, scope: owner.id, resource: id, binding: binding.id, at: now)
        return record
    }

    mutating func nextReadyOrder() -> UInt64 {
        self.lastReadyOrder += 1
        return self.lastReadyOrder
    }

    /// Changes the books of the container, of a binding and of a scope in the same way.
    mutating func count(binding: BindingID, scope: ScopeID, _ change: (inout Books) -> Void) {
        change(&self.books)
        change(&self.bindingBooks[binding.rawValue])
        self.scopes[scope]?.books.apply(change)
    }
}

extension Books {
    mutating func enter(_ state: ResourceState) {
        self.add(1, to: state)
    }

    mutating func leave(_ state: ResourceState) {
        self.add(-1, to: state)
    }

    mutating func apply(_ change: (inout Books) -> Void) {
        change(&self)
    }

    private mutating func add(_ amount: Int, to state: ResourceState) {
        switch state {
        case .initialising: self.initialising += amount
        case .ready: self.ready += amount
        case .disposing: self.disposing += amount
        case .disposed: self.disposed += amount
        case .initFailed: self.initFailed += amount
        case .abandoned: self.abandoned += amount
        }
    }
}

extension ResourceError {
    static func closed(_ scope: Scope, key: String? = nil, refused: String) -> ResourceError {
        ResourceError(
            .scopeClosed,
            key: key,
            scope: scope.name,
            "scope \(scope.name) (opened at \(scope.place)) is closing or closed, and refused \(refused): use a scope that is still open"
        )
    }
}
