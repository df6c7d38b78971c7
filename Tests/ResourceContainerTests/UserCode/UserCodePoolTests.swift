import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Random walks over pools whose hooks, errors, items, and keys read the container")
struct UserCodePoolTests {
    @Test("No user code runs and no user value is released under a pool's lock.", arguments: 0..<Soak.count(40, full: 2_000))
    func walk(seed: Int) throws {
        let simulation = Simulation(seed: UInt64(seed), order: .random)
        let container = Container(environment: simulation.environment)
        let world = ReadingPools(simulation, container)
        try world.bind()
        defer { simulation.end() }
        simulation.afterEachStep { world.readFigures() }
        try simulation.run {
            await world.run()
            _ = try? await container.close(world.sometimes(2) ? .force : .drain)
        }
        simulation.run(for: .seconds(600))
        #expect(container.books().books.isBalanced)
        #expect(world.probe.reads > 20)
    }
}

private final class ReadingPools: Sendable {
    let probe = LockProbe()
    private let simulation: Simulation
    private let container: Container

    init(_ simulation: Simulation, _ container: Container) {
        self.simulation = simulation
        self.container = container
        self.probe.watch(container)
    }

    func sometimes(_ one: Int) -> Bool {
        var random = self.simulation.environment.random
        return Int.random(in: 1...one, using: &random) == 1
    }

    private func random(_ range: ClosedRange<Int>) -> Int {
        var random = self.simulation.environment.random
        return Int.random(in: range, using: &random)
    }

    private static func hook(_ simulation: Simulation, _ probe: LockProbe) async throws {
        var random = simulation.environment.random
        probe.read()
        switch Int.random(in: 0...5, using: &random) {
        case 0: throw ReadingError("no", probe)
        case 1: try await simulation.environment.time.sleep(for: .milliseconds(Int.random(in: 1...300, using: &random)))
        default: break
        }
    }

    func bind() throws {
        let (simulation, probe) = (self.simulation, self.probe)
        let configuration = PoolConfiguration(
            maximum: 3,
            acquireBudget: .milliseconds(200),
            createTimeout: .milliseconds(100),
            failFastAfter: .milliseconds(500),
            validationFreshness: .zero,
            validateTimeout: .milliseconds(100),
            resetTimeout: .milliseconds(100),
            idleTimeout: .milliseconds(400),
            maximumLifetime: .milliseconds(300),
            slowThreshold: .milliseconds(1),
            leakThreshold: .milliseconds(50),
            drainTimeout: .milliseconds(100),
            closeTimeout: .milliseconds(100)
        )
        let hook: @Sendable () async throws -> Void = { try await Self.hook(simulation, probe) }
        try self.container.bind(ResourcePool<ReadingValue>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "plain",
                configuration: configuration,
                environment: simulation.environment,
                make: {
                    try await hook()
                    return ReadingValue(probe)
                },
                validate: { _ in
                    try await hook()
                    return true
                },
                reset: { _ in try await hook() },
                close: { _ in try await hook() }
            )
        }
        try self.container.bind(KeyedResourcePool<ReadingKey, ReadingValue>.self, lifetime: .singleton) {
            try KeyedResourcePool(
                name: "keyed",
                configuration: configuration,
                maximumPerKey: 2,
                environment: simulation.environment,
                make: { _ in
                    try await hook()
                    return ReadingValue(probe)
                },
                close: { _ in try await hook() }
            )
        }
    }

    /// Reads every public figure of the pools.
    func readFigures() {
        for resource in self.container.resources() {
            (resource.value as? ResourcePool<ReadingValue>).map { _ = ($0.poolSample(), $0.metrics()) }
            (resource.value as? KeyedResourcePool<ReadingKey, ReadingValue>).map { _ = ($0.poolSample(), $0.metrics(), $0.keyCount) }
        }
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<12 { await self.act() } }
            }
        }
    }

    private func act() async {
        guard let plain = try? await self.container.get(ResourcePool<ReadingValue>.self),
            let keyed = try? await self.container.get(KeyedResourcePool<ReadingKey, ReadingValue>.self)
        else { return }
        let time = self.simulation.environment.time
        switch self.random(0...9) {
        case 0: plain.expireAll()
        case 1: try? plain.resize(maximum: self.random(1...4))
        case 2:
            let health = try? await plain.healthCheck()
            #expect(health?.message?.isEmpty != true)
        case 3: keyed.expireAll()
        case 4...6:
            let key = ReadingKey(self.random(0...5), self.probe)
            let hold = Duration.milliseconds(self.random(0...80))
            try? await keyed.withLease(key) { _ in try? await time.sleep(for: hold) }
        default:
            let hold = Duration.milliseconds(self.random(0...80))
            let breaks = self.sometimes(4)
            let task = self.simulation.spawn {
                do {
                    try await plain.withLease { _, handle in
                        try? await time.sleep(for: hold)
                        if breaks { try handle.markBroken() }
                    }
                } catch { _ = "\(error)" }
            }
            if self.sometimes(4) { self.simulation.intervene { task.cancel() } }
            await task.value
        }
    }
}
