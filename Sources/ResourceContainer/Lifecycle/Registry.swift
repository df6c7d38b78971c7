/// Everything a container knows: bindings, scopes, instances, books, events. A pure state machine.
///
/// One method per thing that can happen; each returns what is to be done about it. There is no lock, no clock, no continuation and no
/// call of user code in here: the ``Engine`` holds a registry under its lock, and acts after it let go of it. Every change of an
/// instance's state goes through ``move(_:to:at:_:)``, which keeps the books and the events in step.
struct Registry: Sendable {
    let container: String
    /// All bindings by their identity, those included that were replaced or held in an overlay only.
    private(set) var bindings: [Binding] = []
    var bindingBooks: [Books] = []
    private var unnamed = SmallTable<Binding>()
    private var named: [KeyID: Binding] = [:]
    private(set) var fallbacks: [BindingID: Stand] = [:]
    private var typePaths = TypePaths()
    private var typeNames = TypeNames()
    /// The scopes that are not closed.
    var scopes = RowTable<ScopeRow>()
    /// The active instances.
    var resources = RowTable<ResourceRow>()
    /// The pools among them.
    var pools: [PoolEntry] = []
    /// The instances that want to know when a scope is closed.
    var watchers: [any ScopeWatching] = []
    /// What the last health checks said, of those that were checked.
    var health: [ResourceID: HealthResult] = [:]
    /// What instances stand in for, of those that do: a binding whose instance could not be made.
    var standIns: [ResourceID: StandIn] = [:]
    /// Instances that did not come back within their budget and may still do so.
    var abandoned: [ResourceID: Abandonment] = [:]
    /// Edges between bindings that were seen as closures asked for what they need.
    var observedEdges: Set<ObservedEdge> = []
    /// Instances that were disposed and may still be referenced.
    var outliving: [OutlivingEntry] = []
    var books = Books()
    /// Scopes that were closed, without the root.
    var closedScopes = 0
    var log = EventLog()
    private var lastScope = ScopeID.root
    private var lastResource: UInt64 = 0
    private var lastReadyOrder: UInt64 = 0

    /// How deep scopes may stand in each other. Freeing a scope frees those around it, one inside the other on the stack, and so does
    /// freeing the report of their closing.
    static let deepestScope = 1000

    init(container: String) {
        self.container = container
    }

    // MARK: Bindings

    /// The binding that holds for a request under `key` in `scope`.
    func binding(_ key: KeyID, in scope: Scope) -> Binding? {
        if let overlay = scope.overlay, let binding = overlay.find(key) { return binding }
        return self.binding(key)
    }

    /// The container's own binding of `key`.
    func binding(_ key: KeyID) -> Binding? {
        key.name == nil ? self.unnamed.find(key.word) : self.named[key]
    }

    /// Adds bindings; all of them, or on an error none.
    mutating func bind(_ declarations: [BindingDeclaration], at now: TimeSource.Instant) throws(ResourceError) {
        var places: [KeyID: SourcePlace] = [:]
        for declaration in declarations {
            if let place = places[declaration.key] ?? self.binding(declaration.key)?.place, !declaration.override {
                throw ResourceError(
                    .duplicateBinding,
                    key: declaration.label,
                    "\(declaration.label) is bound already, at \(place): give this binding a name, or say override: true to replace that one"
                )
            }
            places[declaration.key] = declaration.place
        }
        try self.checkProvided(declarations)
        for declaration in declarations {
            let replaced = self.binding(declaration.key)
            let binding = self.addBinding(declaration, insteadOf: replaced, at: now)
            if declaration.key.name == nil {
                self.unnamed.insert(binding, for: declaration.key.word)
            } else {
                self.named[declaration.key] = binding
            }
            // Scopes that were answered with the old binding's instance ask anew; the instance lives on as long as its scope.
            if replaced != nil {
                for row in self.scopes.indices { self.scopes[row].scope.cache.withLock { $0.forget(declaration.key) } }
            }
        }
    }

    /// One object under two keys would be initialised and disposed under both.
    private func checkProvided(_ declarations: [BindingDeclaration]) throws(ResourceError) {
        var labels: [ObjectIdentifier: String] = [:]
        let replaced = Set(declarations.map(\.key))
        if declarations.allSatisfy({ $0.provided == nil }) { return }
        for binding in self.currentBindings where !replaced.contains(binding.key) {
            if let provided = binding.declaration.provided { labels[provided] = binding.label }
        }
        for declaration in declarations {
            guard let provided = declaration.provided else { continue }
            if let label = labels[provided] {
                throw ResourceError(
                    .invalidBinding,
                    key: declaration.label,
                    "\(declaration.label) cannot be bound at \(declaration.place) to the instance that \(label) is bound to, which would be disposed twice: "
                        + "bind it as an alias of \(label), or say owned: false"
                )
            }
            labels[provided] = declaration.label
        }
    }

    /// Gives a binding an identity without making it the container's.
    mutating func addBinding(
        _ declaration: BindingDeclaration,
        insteadOf replaced: Binding?,
        at now: TimeSource.Instant
    ) -> Binding {
        let path = self.typePaths.path(of: declaration.key.type, reflected: declaration.reflected)
        _ = self.typeNames.insert(path)
        let binding = Binding(id: BindingID(self.bindings.count), declaration, path: path, insteadOf: replaced)
        self.bindings.append(binding)
        self.bindingBooks.append(Books())
        self.fallbacks[binding.id] = declaration.fallback
        let snapshot = self.snapshot(of: binding, books: Books())
        self.log.append(.boxed(.bound(snapshot)), scope: .root, binding: binding.id, at: now)
        return binding
    }

    /// What a binding is called: as short as tells its type from the others.
    func label(of binding: Binding) -> String {
        bindingLabel(self.typeNames.name(of: binding.path), binding.key.name)
    }

    func snapshot(of binding: Binding, books: Books) -> BindingSnapshot {
        binding.snapshot(type: self.typeNames.name(of: binding.path), books: books)
    }

    /// The bindings of an overlay hold no more.
    mutating func retire(_ bindings: [Binding]) {
        for binding in bindings { self.fallbacks[binding.id] = nil }
        let retired = Set(bindings.map(\.id))
        self.observedEdges = self.observedEdges.filter { !retired.contains($0.from) && !retired.contains($0.to) }
    }

    /// The bindings that hold outside of overlays, in the order they were made.
    var currentBindings: [Binding] {
        self.bindings.filter { self.binding($0.key) === $0 }
    }

    mutating func setFallback(_ stand: Stand, of key: KeyID) {
        if let binding = self.binding(key) { self.fallbacks[binding.id] = stand }
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
        guard self.isOpen(parent) else { throw .closed(parent, refused: "opening a scope in it") }
        guard parent.depth < Self.deepestScope else {
            throw ResourceError(
                .nestedTooDeeply,
                scope: parent.name,
                "scope \(parent.name) (opened at \(parent.place)) stands in \(Self.deepestScope) others, and takes none: "
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
        self.scopes.fill(scope.row, with: ScopeRow(scope: scope))
        self.log.append(.boxed(.scopeOpened(scope.snapshot(state: .open, books: Books()))), scope: scope.id, at: now)
        return scope
    }

    /// Whether a scope is not closed, so that its row is its own.
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

    /// Whether an instance is active, so that its row is its own.
    func holds(_ handle: ResourceHandle) -> Bool {
        self.resources.isInUse(handle.row) && self.resources[handle.row].id == handle.id
    }

    /// The row of an active instance by its identity. O(instances).
    func row(_ id: ResourceID) -> Int? {
        self.resources.indices.first { self.resources[$0].id == id }
    }

    /// Moves an instance to another state: its row, the three books it is counted in, and the event.
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
        let (id, scope, word) = (self.resources[row].id, self.resources[row].scope, self.resources[row].bindingID.word)
        if let ended = self.resources[row].ended { self.log.wake(ended) }
        self.resources.unlink(row, from: &self.scopes[scope].owned)
        // A scope that closes answers nobody any more.
        if self.scopes[scope].state == .open, self.scopes[scope].shared.find(word) == row { self.scopes[scope].shared.remove(word) }
        if !self.health.isEmpty { self.health[id] = nil }
        if !self.standIns.isEmpty { self.standIns[id] = nil }
        if !self.pools.isEmpty, self.pools.contains(where: { $0.handle.id == id }) {
            self.pools.removeAll { $0.handle.id == id }
            self.watchers = self.pools.compactMap { $0.pool as? any ScopeWatching }
        }
        self.resources.remove(row)
    }

    /// Begins an instance of `binding` in `owner`.
    mutating func begin(_ binding: Binding, in owner: Scope, synchronously: Bool, at now: TimeSource.Instant) -> ResourceHandle {
        self.lastResource += 1
        let id = ResourceID(self.lastResource)
        let row = self.resources.claim()
        self.resources.fill(
            row,
            with: ResourceRow(id: id, binding: binding, scope: owner.row, createdAt: now, isMadeSynchronously: synchronously)
        )
        self.resources.append(row, to: &self.scopes[owner.row].owned)
        self.scopes[owner.row].underWay += 1
        if binding.lifetime != .transient { self.scopes[owner.row].shared.insert(row, for: binding.word) }
        if binding.options.owned {
            self.count(binding: binding.id, scope: owner.row) { books in
                books.created += 1
                books.enter(.initialising)
            }
            self.log.append(.initialising, scope: owner.id, resource: id, binding: binding.id, at: now)
        }
        return ResourceHandle(row: row, id: id)
    }

    /// Puts an instance that became ready behind those that were so before.
    mutating func markReady(_ row: Int) -> UInt64 {
        let scope = self.resources[row].scope
        self.resources.unlink(row, from: &self.scopes[scope].owned)
        self.resources.append(row, to: &self.scopes[scope].owned)
        self.lastReadyOrder += 1
        return self.lastReadyOrder
    }

    /// Changes the books of the container, of a binding and of a scope in the same way.
    mutating func count(binding: BindingID, scope: Int, _ change: (inout Books) -> Void) {
        change(&self.books)
        change(&self.bindingBooks[binding.rawValue])
        change(&self.scopes[scope].books)
    }
}

extension BindingID {
    /// The binding as a key of small tables.
    var word: UInt {
        UInt(self.rawValue + 1)
    }
}

extension Binding {
    var word: UInt {
        self.id.word
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
