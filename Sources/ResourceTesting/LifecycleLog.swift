import ResourceContainer

/// What the events say of every instance, checked one by one.
struct LifecycleLog: Sendable {
    private(set) var books = Books()
    private(set) var faults: [String] = []
    private(set) var failures: [String] = []
    private(set) var states: [ResourceID: ResourceState] = [:]
    private(set) var disposed: [ResourceID] = []
    private(set) var mostActive: [String: Int] = [:]
    private var active: [String: Int] = [:]
    private var bindings: [BindingID: BindingSnapshot] = [:]
    private var made: [ResourceID: (binding: BindingID, scope: ScopeID)] = [:]
    /// What was active before the record was begun and still is, by the label of its binding: counted, and otherwise not looked at.
    private var earlier: [ResourceID: String] = [:]
    private var dependents: [ResourceID: [ResourceID]] = [:]
    /// The scopes that were opened since and are not closed.
    private var open: [ScopeID: ScopeSnapshot] = [:]
    private var scopeNames: [ScopeID: String] = [:]
    private var parents: [ScopeID: ScopeID] = [:]
    /// The scopes whose closing is about to use up its budget: what is left in them and in those inside them is disposed at once.
    private var hurried: Set<ScopeID> = []
    private var lastSequence: UInt64

    /// Begins after `snapshot`. What was there before is not the record's business.
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

    /// The labels of all bindings, in the order they were made.
    var labels: [String] {
        self.bindings.sorted { $0.key < $1.key }.map(\.value.label)
    }

    func name(_ scope: ScopeID) -> String {
        self.scopeNames[scope] ?? "\(scope)"
    }

    /// Where an instance lives and where its binding stands: `in scope job, bound at Shop.swift:12`.
    func whereabouts(_ id: ResourceID) -> String {
        let scope = self.made[id].map { "in scope \(self.name($0.scope))" }
        return [scope, self.binding(id).map { "bound at \($0.place)" }].compactMap { $0 }.joined(separator: ", ")
    }

    // MARK: What is left

    /// Instances that were made since and are active.
    var unfinished: [ResourceID] {
        self.states.filter(\.value.isActive).keys.sorted()
    }

    var abandoned: [ResourceID] {
        self.states.filter { $0.value == .abandoned }.keys.sorted()
    }

    /// The scopes that were opened since and are not closed, in the order they were opened.
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
        case .closingHurried: self.hurried.insert(event.scope)
        case .scopeClosed: self.open[event.scope] = nil
        default: break
        }
        guard let id = event.resource, let binding = event.binding else { return }
        if let label = self.earlier[id], event.kind.endsActivity {
            self.earlier[id] = nil
            self.change(label, by: -1)
        }
        if event.kind == .initialising { self.made[id] = (binding, event.scope) }
        // What was there before the record was begun is in no books of its own.
        guard self.made[id] != nil else { return }
        self.apply(event.kind, to: id)
        if !self.books.isBalanced { self.faults.append("the books do not balance at event \(event.sequence): \(self.books)") }
    }

    private mutating func apply(_ kind: ResourceEvent.Kind, to id: ResourceID) {
        switch kind {
        case .initialising:
            self.books.created += 1
            self.move(id, from: nil, to: .initialising)
        case .ready(_, _, let dependencies):
            for dependency in dependencies { self.dependents[dependency, default: []].append(id) }
            self.move(id, from: .initialising, to: .ready)
        case .dependencyAdded(let dependency):
            self.dependents[dependency, default: []].append(id)
        case .initialisationFailed:
            self.books.errors += 1
            self.move(id, from: .initialising, to: .initFailed)
        case .disposing:
            let isHurried = self.isHurried(self.made[id]?.scope)
            for dependent in self.dependents[id] ?? [] where self.states[dependent]?.isActive == true {
                // Its dispose is waited for no longer, but must have begun.
                if isHurried, self.states[dependent] == .disposing { continue }
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
            self.move(id, from: phase == .initialise ? .initialising : .disposing, to: .abandoned)
        case .errorReported, .leaseTimedOut, .leaseExhausted:
            self.books.errors += 1
        case .completedLate where self.states[id] != .abandoned:
            self.faults.append("\(self.label(id))\(id) came late without having been abandoned")
        default:
            break
        }
    }

    private func isHurried(_ scope: ScopeID?) -> Bool {
        if self.hurried.isEmpty { return false }
        var scope = scope
        while let around = scope {
            if self.hurried.contains(around) { return true }
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
        case .initialising: self.books.initialising += amount
        case .ready: self.books.ready += amount
        case .disposing: self.books.disposing += amount
        case .disposed: self.books.disposed += amount
        case .initFailed: self.books.initFailed += amount
        case .abandoned: self.books.abandoned += amount
        }
    }
}

extension ResourceEvent.Kind {
    /// Whether the instance that this happens to is active no more.
    fileprivate var endsActivity: Bool {
        switch self {
        case .disposed, .disposeThrew, .initialisationFailed, .abandoned: true
        default: false
        }
    }
}
