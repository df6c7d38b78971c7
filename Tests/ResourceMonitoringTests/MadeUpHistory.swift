import ResourceContainer
import ResourceSimulation

/// A generated history of a container: every event that the container's rules allow occurs, in an order drawn from a seed.
struct MadeUpHistory {
    private(set) var events: [ResourceEvent] = []
    private var random: SeededRandom
    private var now = TimeSource.Instant(nanoseconds: 0)
    private var scopes: [ScopeID] = []
    private var states: [(id: ResourceID, binding: BindingID, scope: ScopeID, state: ResourceState)] = []
    private var (lastScope, lastResource, lastOrder): (UInt64, UInt64, UInt64) = (0, 0, 0)

    static let start: ContainerSnapshot = {
        var snapshot = ContainerSnapshot(container: "app", time: TimeSource.Instant(nanoseconds: 0))
        let location = CodeLocation(file: "Test/Test.swift", line: 1)
        snapshot.scopes = [ScopeSnapshot(id: .root, name: "app", parent: nil, location: location, openedAt: snapshot.time)]
        snapshot.bindings = (0..<3).map { BindingSnapshot(id: BindingID($0), type: "T\($0)", lifetime: .scoped, location: location) }
        return snapshot
    }()

    init(seed: UInt64, length: Int) {
        self.random = SeededRandom(seed: seed)
        while self.events.count < length {
            self.now = self.now + .microseconds(Int.random(in: 0...20_000, using: &self.random))
            switch Int.random(in: 0...9, using: &self.random) {
            case 0: self.openScope()
            case 1: self.closeScope()
            case 2...4: self.begin()
            default: self.goOn()
            }
        }
    }

    private mutating func add(_ kind: ResourceEvent.Kind, _ scope: ScopeID, _ resource: ResourceID? = nil, _ binding: BindingID? = nil) {
        let sequence = UInt64(self.events.count + 1)
        self.events.append(
            ResourceEvent(sequence: sequence, time: self.now, scope: scope, resource: resource, binding: binding, kind: kind)
        )
    }

    private var someDuration: Duration {
        mutating get { .nanoseconds(Int64.random(in: 0...5_000_000_000, using: &self.random)) }
    }

    private mutating func openScope() {
        guard self.scopes.count < 20 else { return }
        self.lastScope += 1
        let id = ScopeID(self.lastScope)
        let tag = Bool.random(using: &self.random) ? "worker" : nil
        let location = CodeLocation(file: "Test/Test.swift", line: 2)
        self.scopes.append(id)
        self.add(
            .scopeOpened(
                ScopeSnapshot(id: id, name: "req-\(id.rawValue)", tag: tag, parent: .root, location: location, openedAt: self.now)
            ),
            id
        )
    }

    private mutating func closeScope() {
        let empty = self.scopes.filter { scope in !self.states.contains { $0.scope == scope } }
        guard let id = empty.randomElement(using: &self.random) else { return }
        self.scopes.removeAll { $0 == id }
        self.add(.scopeClosing, id)
        // The outcome follows from the number, and not from the random source, so that a seed keeps its meaning.
        let outcomes: [ScopeOutcome?] = [nil, .returned, .threw(type: "Refused", text: "no"), .canceled, .returned]
        let outcome = outcomes[Int(id.rawValue % UInt64(outcomes.count))]
        self.add(.scopeClosed(disposed: 0, threw: 0, abandoned: 0, took: .zero, outcome: outcome), id)
    }

    private mutating func begin() {
        self.lastResource += 1
        let id = ResourceID(self.lastResource)
        let scope = self.scopes.randomElement(using: &self.random) ?? .root
        let binding = BindingID(Int.random(in: 0...2, using: &self.random))
        self.states.append((id, binding, scope, .initializing))
        self.add(.initializing, scope, id, binding)
    }

    private mutating func goOn() {
        guard let index = self.states.indices.randomElement(using: &self.random) else { return }
        let (id, binding, scope, state) = self.states[index]
        let choice = Int.random(in: 0...9, using: &self.random)
        let (kind, next): (ResourceEvent.Kind, ResourceState)
        switch (state, choice) {
        case (.initializing, 0): (kind, next) = (.initializationFailed("no", took: self.someDuration), .initFailed)
        case (.initializing, 1): (kind, next) = (.abandoned(.initialize, budget: .seconds(1)), .abandoned)
        case (.initializing, _):
            self.lastOrder += 1
            (kind, next) = (.ready(took: self.someDuration, order: self.lastOrder, dependencies: []), .ready)
        case (.ready, 0): (kind, next) = (.errorReported("hm"), .ready)
        case (.ready, 1): (kind, next) = (.noted("well"), .ready)
        case (.ready, _): (kind, next) = (.disposing, .disposing)
        case (_, 0): (kind, next) = (.disposeThrew("no", took: self.someDuration, lived: self.someDuration), .disposed)
        case (_, 1): (kind, next) = (.abandoned(.dispose, budget: .seconds(1)), .abandoned)
        case (_, _): (kind, next) = (.disposed(took: self.someDuration, lived: self.someDuration), .disposed)
        }
        self.states[index].state = next
        if !next.isActive { self.states.remove(at: index) }
        self.add(kind, scope, id, binding)
    }
}
