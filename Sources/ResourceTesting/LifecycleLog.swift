import ResourceContainer

/// The state of every instance, derived from a container's events. It checks each transition.
struct LifecycleLog: Sendable {
    private(set) var books = Books()
    /// The scopes that closed since the record began by their outcome, without the root.
    private(set) var outcomes = ScopeOutcomeCounts()
    private(set) var faults: [String] = []
    private(set) var failures: [String] = []
    private(set) var states: [ResourceID: ResourceState] = [:]
    private(set) var disposed: [ResourceID] = []
    private(set) var mostActive: [String: Int] = [:]
    private var active: [String: Int] = [:]
    private var bindings: [BindingID: BindingSnapshot] = [:]
    private var made: [ResourceID: (binding: BindingID, scope: ScopeID)] = [:]
    /// Labels of the instances that were active before the record began and still are. They are counted, and their transitions are ignored.
    private var earlier: [ResourceID: String] = [:]
    private var dependents: [ResourceID: [ResourceID]] = [:]
    /// The scopes that were opened since the record began and are not closed.
    private var open: [ScopeID: ScopeSnapshot] = [:]
    private var scopeNames: [ScopeID: String] = [:]
    private var parents: [ScopeID: ScopeID] = [:]
    /// The scopes whose running close was expedited: the rest of them and of their descendants is disposed without further waiting.
    private var expedited: Set<ScopeID> = []
    private var lastSequence: UInt64

    /// Creates a log that begins after `snapshot`.
    init(_ snapshot: ContainerSnapshot) {
        self.lastSequence = snapshot.sequence
        for binding in snapshot.bindings { self.bindings[binding.id] = binding }
        for scope in snapshot.scopes {
            self.scopeNames[scope.id] = scope.name
            self.parents[scope.id] = scope.parent
        }
        for resource in snapshot.resources {
            guard let label = self.bindings[resource.binding]?.label else { continue }
            self.earlier[resource.id] = label
            self.change(label, by: 1)
        }
    }

    // MARK: Names

    private func binding(_ id: ResourceID) -> BindingSnapshot? {
        self.made[id].flatMap { self.bindings[$0.binding] }
    }

    func label(_ id: ResourceID) -> String {
        self.binding(id)?.label ?? "?"
    }

    func isSingleton(_ id: ResourceID) -> Bool {
        self.binding(id)?.lifetime == .singleton
    }

    /// The labels of all bindings, in binding order.
    var labels: [String] {
        self.bindings.sorted { $0.key < $1.key }.map(\.value.label)
    }

    func name(_ scope: ScopeID) -> String {
        self.scopeNames[scope] ?? "\(scope)"
    }

    /// The scope of an instance and the source location of its binding: `in scope job, bound at Shop.swift:12`.
    func whereabouts(_ id: ResourceID) -> String {
        let scope = self.made[id].map { "in scope \(self.name($0.scope))" }
        return [scope, self.binding(id).map { "bound at \($0.location)" }].compactMap { $0 }.joined(separator: ", ")
    }

    // MARK: Unfinished work

    /// Instances that were created since the record began and are active.
    var unfinished: [ResourceID] {
        self.states.filter(\.value.isActive).keys.sorted()
    }

    var abandoned: [ResourceID] {
        self.states.filter { $0.value == .abandoned }.keys.sorted()
    }

    /// The scopes that were opened since the record began and are not closed, in opening order.
    var openScopes: [ScopeSnapshot] {
        self.open.sorted { $0.key < $1.key }.map(\.value)
    }

    // MARK: Events

    mutating func apply(_ batch: EventBatch) {
        if batch.missed > 0 { self.faults.append("\(batch.missed) events were missed: read the record more often") }
        for event in batch.events { self.apply(event) }
    }

    private mutating func apply(_ event: ResourceEvent) {
        if event.sequence != self.lastSequence + 1 { self.faults.append("events are missing before \(event.sequence)") }
        self.lastSequence = event.sequence
        switch event.kind {
        case .bound(let binding), .rebound(let binding): self.bindings[binding.id] = binding
        case .scopeOpened(let scope):
            self.open[scope.id] = scope
            self.scopeNames[scope.id] = scope.name
            self.parents[scope.id] = scope.parent
        case .closeExpedited: self.expedited.insert(event.scope)
        case .scopeClosed(_, _, _, _, let outcome):
            self.open[event.scope] = nil
            if event.scope != .root { self.outcomes.add(outcome) }
        default: break
        }
        guard let id = event.resource, let binding = event.binding else { return }
        if let label = self.earlier[id], event.kind.endsActivity {
            self.earlier[id] = nil
            self.change(label, by: -1)
        }
        if event.kind == .initializing { self.made[id] = (binding, event.scope) }
        // Instances that existed before the record began are not in its books.
        guard self.made[id] != nil else { return }
        self.apply(event.kind, to: id)
        if !self.books.isBalanced { self.faults.append("the books do not balance at event \(event.sequence): \(self.books)") }
    }

    private mutating func apply(_ kind: ResourceEvent.Kind, to id: ResourceID) {
        switch kind {
        case .initializing:
            self.books.created += 1
            self.move(id, from: nil, to: .initializing)
        case .ready(_, _, let dependencies):
            for dependency in dependencies { self.dependents[dependency, default: []].append(id) }
            self.move(id, from: .initializing, to: .ready)
        case .dependencyAdded(let dependency):
            self.dependents[dependency, default: []].append(id)
        case .initializationFailed:
            self.books.errors += 1
            self.move(id, from: .initializing, to: .initFailed)
        case .disposing:
            let isExpedited = self.isExpedited(self.made[id]?.scope)
            for dependent in self.dependents[id] ?? [] where self.states[dependent]?.isActive == true {
                // An expedited close no longer waits for the dependent's dispose, but that dispose must have begun.
                if isExpedited, self.states[dependent] == .disposing { continue }
                self.faults.append("\(self.label(id))\(id) is disposed before \(self.label(dependent))\(dependent), which depends on it")
            }
            self.move(id, from: .ready, to: .disposing)
        case .disposed:
            self.disposed.append(id)
            self.move(id, from: .disposing, to: .disposed)
        case .disposeThrew(let error, _, _):
            self.books.errors += 1
            self.disposed.append(id)
            self.failures.append("the dispose of \(self.label(id))\(id) threw: \(error)")
            self.move(id, from: .disposing, to: .disposed)
        case .abandoned(let phase, let budget):
            self.books.errors += 1
            self.failures.append(
                "\(self.label(id))\(id) was abandoned" + (budget == .zero ? ": \(ResourceEvent.droppedText)" : " in its \(phase.rawValue)")
            )
            self.move(id, from: phase == .initialize ? .initializing : .disposing, to: .abandoned)
        case .errorReported, .leaseTimedOut, .leaseExhausted:
            self.books.errors += 1
        case .completedLate where self.states[id] != .abandoned:
            self.faults.append("\(self.label(id))\(id) completed late without having been abandoned")
        default:
            break
        }
    }

    private func isExpedited(_ scope: ScopeID?) -> Bool {
        if self.expedited.isEmpty { return false }
        var scope = scope
        while let around = scope {
            if self.expedited.contains(around) { return true }
            scope = self.parents[around]
        }
        return false
    }

    private mutating func move(_ id: ResourceID, from: ResourceState?, to: ResourceState) {
        if self.states[id] != from {
            self.faults.append("\(self.label(id))\(id) went from \(self.states[id]?.rawValue ?? "nothing") to \(to.rawValue)")
        }
        if let from { self.count(from, -1) }
        self.count(to, 1)
        self.states[id] = to
        self.change(self.label(id), by: (to.isActive ? 1 : 0) - (from?.isActive == true ? 1 : 0))
    }

    private mutating func change(_ label: String, by change: Int) {
        self.active[label, default: 0] += change
        self.mostActive[label] = max(self.mostActive[label] ?? 0, self.active[label] ?? 0)
    }

    private mutating func count(_ state: ResourceState, _ amount: Int) {
        switch state {
        case .initializing: self.books.initializing += amount
        case .ready: self.books.ready += amount
        case .disposing: self.books.disposing += amount
        case .disposed: self.books.disposed += amount
        case .initFailed: self.books.initFailed += amount
        case .abandoned: self.books.abandoned += amount
        }
    }
}

extension ResourceEvent.Kind {
    /// Whether the instance is no longer active after this event.
    fileprivate var endsActivity: Bool {
        switch self {
        case .disposed, .disposeThrew, .initializationFailed, .abandoned: true
        default: false
        }
    }
}
