/// The state of a container: bindings, scopes, instances, books and events. A pure state machine.
///
/// Each method handles one input and returns what the caller must do next. The registry has no lock, clock or continuation and calls no
/// user code: the ``Engine`` keeps it under a lock and acts after releasing the lock. Every change of an instance's state goes through
/// ``move(_:to:at:_:)``, which keeps books and events consistent.
struct Registry: Sendable {
    let container: String
    /// All keys that are bound or have been bound, by their identity.
    var keys: ContiguousArray<KeyRow> = []
    var keyIDs: [KeyID: BindingID] = [:]
    /// The keys of each bound type, in the order in which they were first bound.
    var keysOfType: [ObjectIdentifier: [BindingID]] = [:]
    /// The container's own bindings.
    var unnamed = SmallTable<Binding>()
    var named: [KeyID: Binding] = [:]
    var lastBinding: UInt = 0
    var typePaths = TypePaths()
    var typeNames = TypeNames()
    /// The scopes that are not closed.
    var scopes = RowTable<ScopeRow>()
    /// The closing scopes whose disposes run in separate tasks, by row.
    var apart: [Int: Apart] = [:]
    /// The active instances.
    var resources = RowTable<ResourceRow>()
    /// The number of dependencies of all active instances, for which a snapshot needs memory.
    var dependencyCount = 0
    /// The active instances that are pools.
    var pools: [PoolEntry] = []
    /// The instances that are notified when a scope closes.
    var watchers: [any ScopeWatching] = []
    /// The results of the last health checks.
    var health: [ResourceID: HealthResult] = [:]
    /// The active instances that are used as fallbacks, with the bindings they replace.
    var fallbackUses: [ResourceID: FallbackUse] = [:]
    /// The keys of the values that active instances were given or did not find, for instances with such dependencies.
    var valueNeeds: [ResourceID: Set<BindingID>] = [:]
    /// Instances that did not return within their budget and may still do so.
    var abandoned: [ResourceID: Abandonment] = [:]
    /// Dependencies between bindings that were observed when closures resolved them.
    var observedEdges: Set<ObservedEdge> = []
    /// Disposed instances that may still be referenced.
    var outliving: [OutlivingEntry] = []
    var books = Books()
    /// The number of closed scopes, without the root.
    var closedScopes = 0
    /// The closed scopes, without the root, by their outcome.
    var outcomes = ScopeOutcomeCounts()
    /// Whether the root is closed, and with it the container.
    var isClosed = false
    /// Whether the container was released without having been closed.
    var isDropped = false
    var log = EventLog()
    /// The singletons whose last initialization failed, by the word of their binding.
    var failing: [UInt: Failing] = [:]
    /// The references that the current critical section dropped. The engine takes them after releasing the lock.
    var deferredReleases = DeferredReleases()
    private var lastScope = ScopeID.root
    private var lastResource: UInt64 = 0
    private var lastReadyOrder: UInt64 = 0

    /// The maximum depth of nested scopes. Freeing a scope frees its ancestors recursively on the stack, and so does freeing the report of
    /// a close.
    static let deepestScope = 1000

    init(container: String) {
        self.container = container
    }

    /// The container's own binding of `key`.
    func binding(_ key: KeyID) -> Binding? {
        key.name == nil ? self.unnamed.find(key.word) : self.named[key]
    }

    // MARK: Scopes

    /// Adds the root scope.
    mutating func openRoot(_ opening: ScopeOpening, _ engine: Engine, at now: TimeSource.Instant) -> Scope {
        let row = self.scopes.claim()
        return self.add(Scope(opening, engine: engine, id: .root, row: row, parent: nil, at: now), at: now)
    }

    /// Adds a scope in `parent`.
    mutating func open(
        _ opening: ScopeOpening,
        in parent: Scope,
        _ engine: Engine,
        at now: TimeSource.Instant
    ) throws(ResourceError) -> Scope {
        guard self.isOpen(parent) else { throw .closed(parent, refused: "a nested scope") }
        if opening.values.isEmpty { return try self.openChecked(opening, in: parent, engine, at: now) }
        return try self.openChecked(try self.checked(opening, in: parent), in: parent, engine, at: now)
    }

    private mutating func openChecked(
        _ opening: ScopeOpening,
        in parent: Scope,
        _ engine: Engine,
        at now: TimeSource.Instant
    ) throws(ResourceError) -> Scope {
        guard parent.depth < Self.deepestScope else {
            throw ResourceError(
                .nestedTooDeeply,
                scope: parent.name,
                "scope \(parent.name) (opened at \(parent.location)) is nested in \(Self.deepestScope) others, which is the limit: "
                    + "close scopes before opening more inside them, or open them side by side"
            )
        }
        self.lastScope = ScopeID(self.lastScope.rawValue + 1)
        let row = self.scopes.claim()
        let scope = Scope(opening, engine: engine, id: self.lastScope, row: row, parent: parent, at: now)
        _ = self.add(scope, at: now)
        var children = self.scopes[parent.row].children
        self.scopes.append(row, to: &children)
        self.scopes[parent.row].children = children
        return scope
    }

    private mutating func add(_ scope: Scope, at now: TimeSource.Instant) -> Scope {
        self.scopes.occupy(scope.row) { $0.occupy(scope) }
        self.log.append(.scopeOpened(OpenedScope(scope)), scope: scope.id, at: now)
        return scope
    }

    /// Whether a scope is not closed and still occupies its row.
    func holds(_ scope: Scope) -> Bool {
        self.scopes.isInUse(scope.row) && self.scopes[scope.row].id == scope.id
    }

    func isOpen(_ scope: Scope) -> Bool {
        self.holds(scope) && self.scopes[scope.row].state == .open
    }

    /// The scope with this identity that is not closed. O(scopes).
    func scope(_ id: ScopeID) -> ScopeRow? {
        self.scopes.indices.first { self.scopes[$0].id == id }.map { self.scopes[$0] }
    }

    // MARK: Instances

    /// Whether an instance is active and still occupies its row.
    func holds(_ handle: ResourceHandle) -> Bool {
        self.resources.isInUse(handle.row) && self.resources[handle.row].id == handle.id
    }

    /// The row of an active instance by its identity. O(instances).
    func row(_ id: ResourceID) -> Int? {
        self.resources.indices.first { self.resources[$0].id == id }
    }

    /// Moves an instance to another state, and updates its row and the books of container, key and scope. Appends the event.
    mutating func move(_ row: Int, to state: ResourceState, at now: TimeSource.Instant, _ kind: LoggedKind) {
        let before = self.resources[row].state
        let (id, binding, scope) = (self.resources[row].id, self.resources[row].bindingID, self.resources[row].scope)
        self.resources[row].state = state
        if before != .ready { self.scopes[scope].underWay -= 1 }
        if state == .disposing { self.scopes[scope].underWay += 1 }
        if self.resources[row].isOwned {
            let isError = kind.isError
            self.count(binding: binding, scope: scope) { books in
                books.leave(before)
                books.enter(state)
                if isError { books.errors += 1 }
            }
            self.log.append(kind, scope: self.scopes[scope].id, resource: id, binding: binding, at: now)
        }
        if !state.isActive { self.remove(row) }
    }

    private mutating func remove(_ row: Int) {
        let (id, scope, word) = (self.resources[row].id, self.resources[row].scope, self.resources[row].word)
        if let ended = self.resources[row].ended { self.log.wake(ended) }
        if let instance = self.resources[row].instance { self.deferredReleases.add(instance) }
        for alias in self.resources[row].aliases { self.deferredReleases.add(alias.instance) }
        let binding = self.resources[row].binding
        if self.keys[binding.id.rawValue].binding !== binding { self.deferredReleases.add(binding) }
        self.resources.unlink(row, from: &self.scopes[scope].owned)
        // A closing scope resolves no requests.
        if self.scopes[scope].state == .open, self.scopes[scope].shared.find(word) == row { self.scopes[scope].shared.remove(word) }
        if !self.health.isEmpty { self.health[id] = nil }
        if !self.fallbackUses.isEmpty { self.fallbackUses[id] = nil }
        if !self.valueNeeds.isEmpty { self.valueNeeds[id] = nil }
        if !self.pools.isEmpty, self.pools.contains(where: { $0.handle.id == id }) {
            self.pools.removeAll { $0.handle.id == id }
            self.watchers = self.pools.compactMap { $0.pool as? any ScopeWatching }
        }
        self.dependencyCount -= self.resources[row].dependencies.count
        self.resources.remove(row)
        if self.scopes[scope].closing?.isApart == true { self.noteGone(id, from: scope) }
    }

    /// Releases the dependencies of a disposed instance and resumes the closing run of its scope.
    private mutating func noteGone(_ id: ResourceID, from scope: Int) {
        self.apart[scope]?.schedule?.ended(id)
        if let progress = self.apart[scope]?.progress.take() { self.log.wake(progress) }
    }

    /// Adds a new instance of `binding` to `owner`.
    mutating func begin(_ binding: Binding, in owner: Scope, synchronously: Bool, at now: TimeSource.Instant) -> ResourceHandle {
        self.lastResource += 1
        let id = ResourceID(self.lastResource)
        let row = self.resources.claim()
        self.resources.occupy(row) { row in
            row.occupy(id: id, binding: binding, scope: owner.row, createdAt: now, isMadeSynchronously: synchronously)
        }
        self.resources.append(row, to: &self.scopes[owner.row].owned)
        self.scopes[owner.row].underWay += 1
        if binding.lifetime != .transient { self.scopes[owner.row].shared.insert(row, for: binding.word) }
        if binding.options.owned {
            self.count(binding: binding.id, scope: owner.row) { books in
                books.created += 1
                books.enter(.initializing)
            }
            self.log.append(.initializing, scope: owner.id, resource: id, binding: binding.id, at: now)
        }
        return ResourceHandle(row: row, id: id)
    }

    /// Moves an instance that became ready to the end of the scope's list, behind those that were ready before. Returns its ready order.
    mutating func markReady(_ row: Int) -> UInt64 {
        let scope = self.resources[row].scope
        self.resources.unlink(row, from: &self.scopes[scope].owned)
        self.resources.append(row, to: &self.scopes[scope].owned)
        self.lastReadyOrder += 1
        return self.lastReadyOrder
    }

    /// Applies the same change to the books of the container, a key and a scope.
    mutating func count(binding: BindingID, scope: Int, _ change: (inout Books) -> Void) {
        change(&self.books)
        change(&self.keys[binding.rawValue].books)
        change(&self.scopes[scope].books)
    }
}

extension Books {
    mutating func enter(_ state: ResourceState) {
        self.add(1, to: state)
    }

    mutating func leave(_ state: ResourceState) {
        self.add(-1, to: state)
    }

    private mutating func add(_ amount: Int, to state: ResourceState) {
        switch state {
        case .initializing: self.initializing += amount
        case .ready: self.ready += amount
        case .disposing: self.disposing += amount
        case .disposed: self.disposed += amount
        case .initFailed: self.initFailed += amount
        case .abandoned: self.abandoned += amount
        }
    }
}
