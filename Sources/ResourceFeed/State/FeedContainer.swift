import ResourceContainer

/// The state of a container as the lines of a feed describe it: what is alive, the books, and the events that are not taken. A pure value.
///
/// Names become numbers. A line that contradicts the state changes nothing and throws a ``FeedFault``, so the books balance after every line.
struct FeedContainer: Sendable {
    struct ScopeRow: Sendable {
        let name: String
        var shown: ScopeSnapshot
        /// The open scopes directly inside it.
        var children: Set<ScopeID> = []
        /// The instances that it owns.
        var instances: Set<ResourceID> = []
        /// The number of its instances whose dispose threw.
        var threw = 0
        var closingAt: TimeSource.Instant?
    }

    struct InstanceRow: Sendable {
        let name: String
        var shown: ResourceSnapshot
        var disposingAt: TimeSource.Instant?
    }

    /// The name of the container.
    var name: String
    /// The name of the outermost scope.
    var rootName: String
    var books = Books()
    var closedScopes = 0
    var outcomes = ScopeOutcomeCounts()
    var bindings: [BindingSnapshot] = []
    var scopes: [ScopeID: ScopeRow] = [:]
    var instances: [ResourceID: InstanceRow] = [:]
    var pools: [ResourceID: PoolSample] = [:]
    // The numbers of the names of what is alive.
    private(set) var bindingIDs: [String: BindingID] = [:]
    var scopeIDs: [String: ScopeID] = [:]
    var instanceIDs: [String: ResourceID] = [:]
    /// The instances whose uses have changed since the last sample.
    var usedInstances: Set<ResourceID> = []
    /// The number of the last event.
    var sequence: UInt64 = 0
    private var lastScope = ScopeID.root
    private var lastInstance = ResourceID(0)
    private var lastOrder: UInt64 = 0
    /// The events that are not taken.
    private(set) var events: [ResourceEvent] = []
    /// The description of what exists, while lines describe it; nil while lines report what happens.
    var description: FeedDescription?
    /// The texts that arrived while lines described what exists, to be recorded after the snapshot.
    var held: [String] = []
    /// The reports of closes that a client requested.
    var closes = FeedCloses()

    /// The time by which a stated duration may exceed the computed one, as in recordings.
    static let lead = Duration.seconds(10)

    /// Creates a container with an open outermost scope.
    init(_ name: String, root: String, at time: TimeSource.Instant) {
        self.name = name.asName
        self.rootName = root
        self.openRoot(at: time)
    }

    /// Adds the outermost scope, which the feed does not open.
    mutating func openRoot(at time: TimeSource.Instant) {
        let name = self.rootName
        let shown = ScopeSnapshot(id: .root, name: name.asName, parent: nil, location: Self.unknown, openedAt: time)
        self.scopes = [.root: ScopeRow(name: name, shown: shown)]
        self.scopeIDs = [name: .root]
    }

    /// The source location of what states none.
    static let unknown = CodeLocation(file: "feed", line: 0)

    // MARK: Events

    /// Records an event, unless lines describe what exists.
    mutating func record(
        _ kind: ResourceEvent.Kind,
        _ scope: ScopeID,
        _ resource: ResourceID? = nil,
        _ binding: BindingID? = nil,
        at time: TimeSource.Instant
    ) {
        guard self.description == nil else { return }
        self.sequence += 1
        self.events.append(
            ResourceEvent(sequence: self.sequence, time: time, scope: scope, resource: resource, binding: binding, kind: kind)
        )
    }

    /// Records a text for the event log. A text that arrives while lines describe what exists is recorded after them.
    mutating func note(_ text: String, _ scope: ScopeID = .root, at time: TimeSource.Instant) {
        if self.description != nil { self.description?.note(text) } else { self.record(.noted(text), scope, at: time) }
    }

    /// Removes and returns the events that are not taken.
    mutating func takeEvents() -> [ResourceEvent] {
        defer { self.events = [] }
        return self.events
    }

    // MARK: Types

    /// The number of a type, which is bound with its first mention.
    mutating func binding(
        of type: String,
        lifetime: Lifetime? = nil,
        _ location: CodeLocation? = nil,
        at time: TimeSource.Instant
    ) throws(FeedFault) -> BindingID {
        if let id = self.bindingIDs[type] {
            guard lifetime != nil || location != nil else { return id }
            var shown = self.bindings[id.rawValue]
            shown.lifetime = lifetime ?? shown.lifetime
            shown.location = location ?? shown.location
            guard shown != self.bindings[id.rawValue] else { return id }
            self.bindings[id.rawValue] = shown
            shown.books = Books()
            self.record(.rebound(shown), .root, nil, id, at: time)
            return id
        }
        guard self.bindings.count < FeedLimits.types else { throw FeedFault("there are more than \(FeedLimits.types) types") }
        let id = BindingID(self.bindings.count)
        let shown = BindingSnapshot(id: id, type: type.asName, lifetime: lifetime ?? .scoped, location: location ?? Self.unknown)
        self.bindings.append(shown)
        self.bindingIDs[type] = id
        self.record(.bound(shown), .root, nil, id, at: time)
        return id
    }

    // MARK: Scopes

    /// The open scope with this name; the outermost one for nil.
    func scope(_ name: String?) throws(FeedFault) -> ScopeID {
        guard let name else {
            if self.scopes[.root] != nil { return .root }
            throw FeedFault("the outermost scope is closed")
        }
        guard let id = self.scopeIDs[name] else { throw FeedFault("no scope '\(name.asName)' is open") }
        return id
    }

    mutating func open(
        _ name: String,
        in parent: String?,
        tag: String?,
        _ location: CodeLocation?,
        at time: TimeSource.Instant
    ) throws(FeedFault) {
        guard self.scopeIDs[name] == nil else { throw FeedFault("scope '\(name.asName)' is opened twice") }
        let parent = try self.scope(parent)
        guard self.scopes.count < FeedLimits.alive else { throw FeedFault("more than \(FeedLimits.alive) scopes are open") }
        let known = self.description?.scope(name, in: parent)
        let id = known ?? ScopeID(self.lastScope.rawValue + 1)
        if known == nil { self.lastScope = id }
        let shown = ScopeSnapshot(
            id: id,
            name: name.asName,
            tag: tag?.asName,
            parent: parent,
            location: location ?? Self.unknown,
            openedAt: time
        )
        self.scopes[id] = ScopeRow(name: name, shown: shown)
        self.scopeIDs[name] = id
        self.scopes[parent]?.children.insert(id)
        self.record(.scopeOpened(shown), id, at: time)
    }

    mutating func closing(_ name: String, at time: TimeSource.Instant) throws(FeedFault) {
        let id = try self.scope(name)
        guard self.scopes[id]?.shown.state == .open else { throw FeedFault("scope '\(name.asName)' begins to close twice") }
        self.beginClosing(id, at: time)
    }

    private mutating func beginClosing(_ id: ScopeID, at time: TimeSource.Instant) {
        self.scopes[id]?.shown.state = .closing
        self.scopes[id]?.closingAt = time
        self.record(.scopeClosing, id, at: time)
    }

    /// Closes a scope. Its instances that have not ended are left undisposed, and scopes inside it are closed first.
    mutating func close(_ name: String, _ outcome: ScopeOutcome?, at time: TimeSource.Instant) throws(FeedFault) {
        let id = try self.scope(name)
        let inner = self.scopesInside(id)
        if !inner.isEmpty {
            let scopes = inner.count == 1 ? "a scope" : "\(inner.count) scopes"
            self.note("feed: scope '\(name.asName)' closed before \(scopes) inside it", id, at: time)
        }
        for scope in inner.reversed() { self.close(scope, nil, at: time) }
        self.close(id, outcome, at: time)
    }

    /// The open scopes inside a scope, each after the one around it.
    func scopesInside(_ id: ScopeID) -> [ScopeID] {
        var found: [ScopeID] = []
        var rest = [id]
        while let scope = rest.popLast() {
            let children = (self.scopes[scope]?.children ?? []).sorted()
            found += children
            rest += children
        }
        return found
    }

    private mutating func close(_ id: ScopeID, _ outcome: ScopeOutcome?, at time: TimeSource.Instant) {
        if self.scopes[id]?.shown.state == .open { self.beginClosing(id, at: time) }
        for instance in (self.scopes[id]?.instances ?? []).sorted(by: >) { self.leave(instance, at: time) }
        guard let scope = self.scopes.removeValue(forKey: id) else { return }
        self.scopeIDs[scope.name] = nil
        if let parent = scope.shown.parent { self.scopes[parent]?.children.remove(id) }
        let outcome = id == .root ? nil : outcome
        if id != .root {
            self.closedScopes += 1
            self.outcomes.add(outcome)
        }
        let took = time - (scope.closingAt ?? time)
        // Counts of an event have 32 bits.
        let (disposed, abandoned) = (Int(Int32(clamping: scope.shown.books.disposed)), Int(Int32(clamping: scope.shown.books.abandoned)))
        let threw = min(scope.threw, disposed)
        self.record(
            .scopeClosed(disposed: disposed, threw: threw, abandoned: abandoned, took: took, outcome: outcome),
            id,
            at: time
        )
        self.closes.closed(id, took: took)
    }

    // MARK: Numbers of instances

    /// The number of a new instance, or the one that it had before the description of what exists began.
    mutating func number(of name: String, _ binding: BindingID, in scope: ScopeID) -> ResourceID {
        if let known = self.description?.instance(name, binding, in: scope) { return known }
        self.lastInstance = ResourceID(self.lastInstance.rawValue + 1)
        return self.lastInstance
    }

    /// The next position in the order in which instances become ready.
    mutating func nextOrder() -> UInt64 {
        self.lastOrder += 1
        return self.lastOrder
    }

    // MARK: Reading

    /// The state after the last line.
    func snapshot(at time: TimeSource.Instant) -> ContainerSnapshot {
        var snapshot = ContainerSnapshot(container: self.name, sequence: self.sequence, time: time)
        snapshot.books = self.books
        snapshot.closedScopes = self.closedScopes
        snapshot.outcomes = self.outcomes
        snapshot.bindings = self.bindings
        snapshot.scopes = self.scopes.values.map(\.shown).sorted { $0.id < $1.id }
        snapshot.resources = self.instances.values.map(\.shown).sorted { $0.id < $1.id }
        snapshot.pools = self.poolSamples
        return snapshot
    }

    /// The pools, in the order of their instances.
    var poolSamples: [PoolSample] {
        self.pools.sorted { $0.key < $1.key }.map(\.value)
    }
}
