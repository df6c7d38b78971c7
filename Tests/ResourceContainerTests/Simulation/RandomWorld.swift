import ResourceSimulation
import ResourceTesting

@testable import ResourceContainer

/// A value that tracks its lifecycle stage and reads the container when it is freed.
final class Part: Sendable {
    enum Stage: Sendable { case new, ready, disposed }

    private let state = Lock(Stage.new)
    private let probe: LockProbe

    init(_ probe: LockProbe) {
        self.probe = probe
    }

    deinit {
        self.probe.read()
    }

    var stage: Stage {
        self.state.withLock { $0 }
    }

    /// Returns false if the part was not in stage `from`.
    func move(from: Stage, to: Stage) -> Bool {
        self.state.withLock { stage in
            defer { stage = to }
            return stage == from
        }
    }
}

/// The random decisions of a world and the faults found in it. Separate from the world because the container's bindings capture it, and the
/// container must not retain itself.
final class Fate: Sendable {
    let environment: ResourceEnvironment
    let probe = LockProbe()
    private let found = Lock<[String]>([])

    init(_ environment: ResourceEnvironment) {
        self.environment = environment
    }

    var faults: [String] {
        self.found.withLock { $0 }
    }

    func fault(_ text: String) {
        self.found.withLock { if $0.count < 10 { $0.append(text) } }
    }

    func random(_ range: ClosedRange<Int>) -> Int {
        var source = self.environment.random
        return Int.random(in: range, using: &source)
    }

    func sometimes(_ one: Int) -> Bool {
        self.random(1...one) == 1
    }

    /// Fails, hangs, takes time, or does nothing.
    func injectFailure() async throws {
        switch self.random(0...19) {
        case 0: throw ReadingError("injected failure", self.probe)
        case 1: try await self.environment.time.sleep(for: .seconds(120))
        case 2...9: try await self.environment.time.sleep(for: .milliseconds(self.random(0...30)))
        default: break
        }
    }

    var stepOrder: StepOrder {
        self.sometimes(2) ? .serial : .concurrent(limit: self.random(1...4))
    }

    /// Usually nil; otherwise a budget that expires before every step has returned, or long after.
    var budget: Duration? {
        self.sometimes(3) ? .milliseconds(self.random(0...6000)) : nil
    }

    var lifecycle: Lifecycle<Part> {
        .managed(
            onInitialize: { [self] part in
                try await self.injectFailure()
                self.begin(part)
            },
            onDispose: { [self] part in
                self.end(part)
                try await self.injectFailure()
            }
        )
    }

    var synchronousLifecycle: Lifecycle<Part> {
        .managedSynchronously(
            onInitialize: { [self] part in
                if self.sometimes(20) { throw ReadingError("injected failure", self.probe) }
                self.begin(part)
            },
            onDispose: { [self] part in
                self.end(part)
                if self.sometimes(20) { throw ReadingError("injected failure", self.probe) }
            }
        )
    }

    private func begin(_ part: Part) {
        if !part.move(from: .new, to: .ready) { self.fault("initialized twice") }
    }

    private func end(_ part: Part) {
        if !part.move(from: .ready, to: .disposed) { self.fault("disposed twice, or without having been ready") }
        if Task.isCancelled { self.fault("a dispose was canceled") }
    }
}

/// A container with random bindings, and tasks that open, get, lease, cancel, close, fail, hang, and time out at random moments, including
/// those between two critical sections.
final class RandomWorld: Sendable {
    let simulation: Simulation
    let container: Container
    private let fate: Fate
    private let bindings = 8

    init(seed: UInt64) throws {
        self.simulation = Simulation(seed: seed, order: .random)
        self.fate = Fate(self.simulation.environment)
        self.container = Container(environment: self.simulation.environment, disposal: self.fate.stepOrder)
        self.fate.probe.watch(self.container)
        try self.bind()
    }

    private func random(_ range: ClosedRange<Int>) -> Int {
        self.fate.random(range)
    }

    private func sometimes(_ one: Int) -> Bool {
        self.fate.sometimes(one)
    }

    // MARK: Bindings

    /// Binds numbered parts that may need parts with smaller numbers, which gives a random acyclic graph. One key is an alias, one has a
    /// fallback, and one is a pool.
    private func bind() throws {
        for number in 0..<self.bindings {
            let lifetime: Lifetime = number < 2 ? .singleton : [.scoped, .scoped, .transient, .tagged("a")][self.random(0...3)]
            let needs = number < 2 ? [] : (0..<number).filter { $0 < 2 || self.sometimes(3) }
            let bind = Bind(
                Part.self,
                name: "\(number)",
                lifetime: lifetime,
                lifecycle: self.sometimes(3) ? self.fate.synchronousLifecycle : self.fate.lifecycle,
                options: BindingOptions(initializeTimeout: .seconds(5), disposeTimeout: .seconds(3), eager: number < 2)
            ) { [fate] (resolver: Resolver) in
                for need in needs { _ = try await resolver.get(Part.self, name: "\(need)") }
                return Part(fate.probe)
            }
            if number > 3, self.sometimes(3) {
                try self.container.bind(bind.fallback(to: ResourceKey(Part.self, name: "\(self.random(0...number - 1))")))
            } else {
                try self.container.bind(bind)
            }
        }
        try self.container.bind(Bind(Part.self, name: "alias", alias: ResourceKey(Part.self, name: "\(self.bindings - 1)")) { $0 })
        try self.container.bind(ResourcePool<Part>.self, lifetime: .singleton) { [fate] in
            try ResourcePool(
                name: "pool",
                configuration: PoolConfiguration(maximum: 2, acquireBudget: .seconds(3), creationConcurrency: 2),
                environment: fate.environment,
                make: {
                    try await fate.injectFailure()
                    let part = Part(fate.probe)
                    _ = part.move(from: .new, to: .ready)
                    return part
                },
                close: { part in
                    if !part.move(from: .ready, to: .disposed) { fate.fault("an item was closed twice") }
                    try await fate.injectFailure()
                }
            )
        }
        try self.container.bind(KeyedResourcePool<ReadingKey, Part>.self, lifetime: .singleton) { [fate] in
            try KeyedResourcePool(
                name: "keyed",
                configuration: PoolConfiguration(maximum: 2, acquireBudget: .seconds(3)),
                maximumPerKey: 1,
                environment: fate.environment,
                make: { _ in
                    try await fate.injectFailure()
                    return Part(fate.probe)
                }
            )
        }
    }

    // MARK: Activity

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.container.start(self.fate.stepOrder) }
            for _ in 0..<3 { group.addTask { await self.live(in: self.container.root, depth: 0) } }
            try? await self.simulation.environment.time.sleep(for: .seconds(self.random(1...20)))
            if self.sometimes(2) { group.cancelAll() }
        }
    }

    private func live(in parent: Scope, depth: Int) async {
        for _ in 0..<self.random(1...3) {
            let disposal = self.sometimes(3) ? self.fate.stepOrder : nil
            try? await parent.withScope("s", tag: self.sometimes(2) ? "a" : nil, disposal: disposal) { scope in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<self.random(1...4) { group.addTask { await self.act(in: scope) } }
                    if self.sometimes(5) { group.cancelAll() }
                    if depth < 3, self.sometimes(2) { group.addTask { await self.live(in: scope, depth: depth + 1) } }
                    if self.sometimes(8) { group.addTask { await self.close(scope) } }
                    if self.sometimes(8) { self.intervene(in: scope) }
                }
                // Every third body throws. It takes no random number, so that a seed keeps its meaning.
                if scope.id.rawValue.isMultiple(of: 3) { throw Failure(description: "\(scope.id)") }
                try Task.checkCancellation()
            }
        }
    }

    /// Closes a scope and checks that the close ends within its budget.
    private func close(_ scope: Scope) async {
        let time = self.simulation.environment.time
        let (begin, budget) = (time.now, self.fate.budget)
        _ = try? await scope.close(self.sometimes(3) ? .force : .drain, within: budget)
        if let budget, time.now > begin + budget { self.fate.fault("a close within \(budget) took \(time.now - begin)") }
    }

    private func intervene(in scope: Scope) {
        let mode = self.sometimes(3) ? CloseMode.force : .drain
        let budget = self.fate.budget
        self.simulation.intervene {
            if let budget { scope.engine.startClosing(scope, mode, within: budget) } else { _ = scope.engine.startClosing(scope, mode) }
        }
    }

    /// Performs one random action in a scope and may cancel it while it runs.
    private func act(in scope: Scope) async {
        let task = self.simulation.spawn { [self] in
            switch self.random(0...7) {
            case 0: await self.lease(in: scope)
            case 1: await self.leaseByKey(in: scope)
            default: await self.get(in: scope)
            }
        }
        if self.sometimes(3) { self.simulation.intervene { task.cancel() } }
        await task.value
    }

    private func get(in scope: Scope) async {
        let number = self.random(0...self.bindings)
        guard let part = try? await scope.get(Part.self, name: number == self.bindings ? "alias" : "\(number)") else { return }
        let stage = part.stage
        if stage != .ready, scope.isOpen { self.fate.fault("a resolved part is \(stage)") }
    }

    private func lease(in scope: Scope) async {
        guard let pool = try? await scope.get(ResourcePool<Part>.self) else { return }
        try? await pool.withLease { part in
            if part.stage != .ready { self.fate.fault("a leased item is \(part.stage)") }
            try await self.simulation.environment.time.sleep(for: .milliseconds(self.random(0...2000)))
        }
    }

    private func leaseByKey(in scope: Scope) async {
        guard let pool = try? await scope.get(KeyedResourcePool<ReadingKey, Part>.self) else { return }
        try? await pool.withLease(ReadingKey(self.random(0...2), self.fate.probe)) { _ in
            try await self.simulation.environment.time.sleep(for: .milliseconds(self.random(0...2000)))
        }
    }

    // MARK: The complete run

    /// Runs the world, closes the container, and checks the invariants after every step and at the end.
    func check() throws {
        let record = LifecycleRecord(of: self.container)
        self.simulation.afterEachStep { [container, fate] in
            for fault in container.audit() { fate.fault(fault) }
            for pool in container.poolSamples() where !pool.isBalanced { fate.fault("the pool does not balance: \(pool)") }
        }
        defer { self.simulation.end() }
        // A waiter that is never resumed ends this run with `Stalled`.
        let report = try self.simulation.run { [self] in
            await self.run()
            return try await self.container.close(within: self.fate.budget)
        }
        // Abandoned steps return within this time.
        self.simulation.run(for: .seconds(600))

        var found = self.fate.faults + record.faults
        let snapshot = self.container.snapshot()
        if snapshot.books != record.books { found.append("the books are \(snapshot.books), and the events give \(record.books)") }
        if snapshot.outcomes != record.outcomes {
            found.append("the outcomes are \(snapshot.outcomes.map { "\($0)" } ?? "unknown"), and the events give \(record.outcomes)")
        }
        let left = self.container.tableSizes.filter { $0.key != "edges" && !$0.key.hasSuffix("rows") && $0.value > 0 }
        if !left.isEmpty { found.append("left in the tables: \(left)") }
        if report.count(.abandoned) > snapshot.books.abandoned { found.append("the report counts more abandoned instances than the books") }
        if !found.isEmpty { throw Failure(description: found.joined(separator: "\n")) }
    }
}
