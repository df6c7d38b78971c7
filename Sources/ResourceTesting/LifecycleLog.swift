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
    private var labels: [BindingID: String] = [:]
    private var bindings: [ResourceID: BindingID] = [:]
    private var dependents: [ResourceID: [ResourceID]] = [:]
    private var scopes: [ScopeID: String] = [:]
    private var lastSequence: UInt64

    /// Begins after `snapshot`. What was there before is not the record's business.
    init(_ snapshot: ContainerSnapshot) {
        self.lastSequence = snapshot.sequence
        for binding in snapshot.bindings { self.labels[binding.id] = binding.label }
    }

    func label(_ id: ResourceID) -> String {
        self.bindings[id].flatMap { self.labels[$0] } ?? "?"
    }

    /// Instances that were made since and are active.
    var unfinished: [ResourceID] {
        self.states.filter(\.value.isActive).keys.sorted()
    }

    var abandoned: [ResourceID] {
        self.states.filter { $0.value == .abandoned }.keys.sorted()
    }

    /// The names of scopes that were opened since and are not closed.
    var openScopes: [String] {
        self.scopes.sorted { $0.key < $1.key }.map(\.value)
    }

    mutating func apply(_ batch: EventBatch) {
        if batch.missed > 0 { self.faults.append("\(batch.missed) events were missed: read the record more often") }
        for event in batch.events { self.apply(event) }
    }

    private mutating func apply(_ event: ResourceEvent) {
        if event.sequence != self.lastSequence + 1 { self.faults.append("events are missing before \(event.sequence)") }
        self.lastSequence = event.sequence
        switch event.kind {
        case .bound(let binding): self.labels[binding.id] = binding.label
        case .scopeOpened(let scope): self.scopes[scope.id] = scope.name
        case .scopeClosed: self.scopes[event.scope] = nil
        default: break
        }
        guard let id = event.resource, let binding = event.binding else { return }
        if event.kind == .initialising { self.bindings[id] = binding }
        // What was there before the record was begun is not counted.
        guard self.bindings[id] != nil else { return }
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
            for dependent in self.dependents[id] ?? [] where self.states[dependent]?.isActive == true {
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
        case .abandoned(let phase, _):
            self.books.errors += 1
            self.failures.append("\(self.label(id))\(id) was abandoned in its \(phase.rawValue)")
            self.move(id, from: phase == .initialise ? .initialising : .disposing, to: .abandoned)
        case .errorReported:
            self.books.errors += 1
        case .completedLate where self.states[id] != .abandoned:
            self.faults.append("\(self.label(id))\(id) came late without having been abandoned")
        default:
            break
        }
    }

    private mutating func move(_ id: ResourceID, from: ResourceState?, to: ResourceState) {
        if self.states[id] != from {
            self.faults.append("\(self.label(id))\(id) went from \(self.states[id]?.rawValue ?? "nothing") to \(to.rawValue)")
        }
        if let from { self.count(from, -1) }
        self.count(to, 1)
        self.states[id] = to
        let label = self.label(id)
        let change = (to.isActive ? 1 : 0) - (from?.isActive == true ? 1 : 0)
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
