import ResourceContainer
import ResourceSimulation
import Testing

/// Random bindings, random trees of scopes, tasks that ask, cancel, close, fail, hang and time out at random moments.
@Suite("Whatever happens in whatever order, the books balance and nothing is disposed twice or before its dependents")
struct RandomWorldTests {
    @Test("a random world", arguments: 0..<300 as Range<UInt64>)
    func world(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let subscription = container.subscribe()
        let world = RandomWorld(simulation: simulation, container: container)
        try world.bind()
        simulation.spawn { await world.run() }
        simulation.run(for: .seconds(600))
        let report = Lock<DisposeReport?>(nil)
        simulation.spawn {
            let closed = try? await container.close()
            report.withLock { $0 = closed }
        }
        simulation.run(for: .seconds(600))

        #expect(report.withLock { $0 } != nil, "closing never ended")
        let events = subscription.drain().events
        var ledger = Ledger()
        for event in events { ledger.apply(event) }
        #expect(ledger.faults == [])
        let snapshot = container.snapshot()
        #expect(snapshot.books == ledger.books)
        #expect(snapshot.scopes.isEmpty && snapshot.resources.isEmpty)
        #expect(world.faults == [])
    }

    @Test("the same seed gives the same events")
    func reproducible() throws {
        func events() throws -> [ResourceEvent] {
            let simulation = Simulation(seed: 42, order: .random)
            let container = Container(environment: simulation.environment)
            let subscription = container.subscribe()
            let world = RandomWorld(simulation: simulation, container: container)
            try world.bind()
            simulation.spawn { await world.run() }
            simulation.run(for: .seconds(600))
            return subscription.drain().events
        }
        let (first, second) = (try events(), try events())
        #expect(first.count > 50)
        #expect(first == second)
    }
}

/// What the events say, checked one by one.
private struct Ledger {
    private(set) var books = Books()
    private(set) var faults: [String] = []
    private var states: [ResourceID: ResourceState] = [:]
    private var dependencies: [ResourceID: [ResourceID]] = [:]
    private var lastSequence: UInt64?

    mutating func apply(_ event: ResourceEvent) {
        if let last = self.lastSequence, event.sequence != last + 1 { self.faults.append("gap before \(event.sequence)") }
        self.lastSequence = event.sequence
        guard let id = event.resource else { return }
        switch event.kind {
        case .initialising:
            self.books.created += 1
            self.move(id, from: nil, to: .initialising)
        case .ready(_, _, let dependencies):
            self.dependencies[id] = dependencies
            self.move(id, from: .initialising, to: .ready)
        case .initialisationFailed:
            self.books.errors += 1
            self.move(id, from: .initialising, to: .initFailed)
        case .disposing:
            for (dependent, itsDependencies) in self.dependencies where itsDependencies.contains(id) {
                if self.states[dependent]?.isActive == true { self.faults.append("\(id) disposed before its dependent \(dependent)") }
            }
            self.move(id, from: .ready, to: .disposing)
        case .disposed:
            self.move(id, from: .disposing, to: .disposed)
        case .disposeThrew:
            self.books.errors += 1
            self.move(id, from: .disposing, to: .disposed)
        case .abandoned(let phase, _):
            self.books.errors += 1
            self.move(id, from: phase == .initialise ? .initialising : .disposing, to: .abandoned)
        case .errorReported:
            self.books.errors += 1
        case .completedLate:
            if self.states[id] != .abandoned { self.faults.append("\(id) came late without having been abandoned") }
        default:
            break
        }
        if !self.books.isBalanced { self.faults.append("books do not balance at \(event.sequence)") }
    }

    private mutating func move(_ id: ResourceID, from: ResourceState?, to: ResourceState) {
        if self.states[id] != from { self.faults.append("\(id) went from \(String(describing: self.states[id])) to \(to)") }
        if let from { self.count(from, -1) }
        self.count(to, 1)
        self.states[id] = to
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

/// A value that knows whether it may be used.
private final class Part: Sendable {
    enum Stage: Sendable { case new, ready, disposed }

    let number: Int
    private let stage = Lock(Stage.new)

    init(number: Int) {
        self.number = number
    }

    /// False if the part was not in stage `from`.
    func move(from: Stage, to: Stage) -> Bool {
        self.stage.withLock { stage in
            defer { stage = to }
            return stage == from
        }
    }
}

private final class RandomWorld: Sendable {
    private let simulation: Simulation
    private let container: Container
    private let found = Lock<[String]>([])
    private let bindings: Int

    init(simulation: Simulation, container: Container) {
        self.simulation = simulation
        self.container = container
        self.bindings = 8
    }

    var faults: [String] {
        self.found.withLock { $0 }
    }

    private func random(_ range: ClosedRange<Int>) -> Int {
        var source = self.simulation.environment.random
        return Int.random(in: range, using: &source)
    }

    private func mishap() async throws {
        let time = self.simulation.environment.time
        switch self.random(0...19) {
        case 0: throw Failure(description: "mishap")
        case 1: try await time.sleep(for: .seconds(120))
        case 2...9: try await time.sleep(for: .milliseconds(self.random(0...30)))
        default: break
        }
    }

    /// Bindings 0... of which each may need some with smaller numbers: a random acyclic graph.
    func bind() throws {
        for number in 0..<self.bindings {
            let lifetime: Lifetime = number < 2 ? .singleton : [.scoped, .scoped, .transient, .tagged("a")][self.random(0...3)]
            let needs = number < 2 ? [] : (0..<number).filter { $0 < 2 || self.random(0...2) == 0 }
            try self.container.bind(
                Part.self,
                name: "\(number)",
                lifetime: lifetime,
                lifecycle: .managed(
                    onInitialize: { [self] part in
                        try await self.mishap()
                        if !part.move(from: .new, to: .ready) { self.found.withLock { $0.append("initialised twice") } }
                    },
                    onDispose: { [self] part in
                        if !part.move(from: .ready, to: .disposed) { self.found.withLock { $0.append("disposed twice or unready") } }
                        if Task.isCancelled { self.found.withLock { $0.append("dispose was cancelled") } }
                        try await self.mishap()
                    }
                ),
                options: BindingOptions(initializeTimeout: .seconds(5), disposeTimeout: .seconds(3))
            ) { (resolver: Resolver) in
                for need in needs { _ = try await resolver.get(Part.self, name: "\(need)") }
                return Part(number: number)
            }
        }
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { await self.live(in: self.container.root, depth: 0) } }
            try? await self.simulation.environment.time.sleep(for: .seconds(self.random(1...30)))
            if self.random(0...1) == 0 { group.cancelAll() }
        }
    }

    private func live(in parent: Scope, depth: Int) async {
        for _ in 0..<self.random(1...3) {
            try? await parent.withScope("s", tag: self.random(0...1) == 0 ? "a" : nil) { scope in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<self.random(1...5) {
                        group.addTask {
                            _ = try? await scope.get(Part.self, name: "\(self.random(0...self.bindings - 1))")
                        }
                    }
                    if self.random(0...4) == 0 { group.cancelAll() }
                    if depth < 3, self.random(0...1) == 0 { group.addTask { await self.live(in: scope, depth: depth + 1) } }
                    if self.random(0...7) == 0 {
                        group.addTask { _ = try? await scope.close() }
                    }
                }
            }
        }
    }
}
