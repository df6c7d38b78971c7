import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

@Suite("Concurrent initialization and disposal in dependency order")
struct StepOrderTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    /// Counts how many resources are in a step at the same time.
    private final class Gauge: Sendable {
        private let counts = Lock((now: 0, most: 0))

        var most: Int { self.counts.withLock { $0.most } }

        func inside(_ body: () async throws -> Void) async rethrows {
            self.counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            defer { self.counts.withLock { $0.now -= 1 } }
            try await body()
        }
    }

    /// Binds ten independent resources whose initialization and dispose take 100 ms each.
    private func ten(in container: Container, _ gauge: Gauge) throws {
        let time = container.environment.time
        for number in 0..<10 {
            try container.bind(
                Thing.self,
                name: "\(number)",
                lifetime: .singleton,
                options: BindingOptions(eager: true)
            ) { [diary] in
                Thing(
                    "\(number)",
                    diary,
                    onInitialize: { try await gauge.inside { try await time.sleep(for: .milliseconds(100)) } },
                    onDispose: { try await gauge.inside { try await time.sleep(for: .milliseconds(100)) } }
                )
            }
        }
    }

    @Test(
        "With a limit of n, ten disposes of 100 ms run n at a time and end in the corresponding time.",
        arguments: [1, 4, 10, 100, 0, -1, Int.max, Int.min]
    )
    func disposing(limit: Int) throws {
        let container = Container(environment: self.simulation.environment, disposal: .concurrent(limit: limit))
        let gauge = Gauge()
        try self.ten(in: container, gauge)
        let report = try self.simulation.run {
            for number in 0..<10 { _ = try await container.get(Thing.self, name: "\(number)") }
            return try await container.close()
        }
        let atOnce = min(10, max(1, limit))
        #expect(report.isClean)
        #expect(report.took == .milliseconds(100) * ((10 + atOnce - 1) / atOnce))
        #expect(gauge.most == atOnce)
        #expect(self.diary.entries.suffix(10).sorted() == (0..<10).map { "-\($0)" })
    }

    @Test("By default, disposes run one at a time, newest first.")
    func serial() throws {
        let container = Container(environment: self.simulation.environment)
        let gauge = Gauge()
        try self.ten(in: container, gauge)
        let report = try self.simulation.run {
            try await container.start()
            return try await container.close()
        }
        #expect(gauge.most == 1)
        #expect(report.took == .seconds(1))
        #expect(self.diary.entries.suffix(10) == (0..<10).reversed().map { "-\($0)" })
    }

    @Test("A scope inherits the disposal order of its parent unless it sets its own; a synchronous scope is always serial.")
    func inherited() throws {
        let container = Container(environment: self.simulation.environment, disposal: .concurrent(limit: 3))
        let scope = try container.openScope("a")
        #expect(scope.disposal == .concurrent(limit: 3))
        let inner = try scope.openScope("b", disposal: .serial)
        #expect(inner.disposal.isSerial)
        #expect(try inner.openScope("c").disposal.isSerial)
        let snapshots = container.snapshot().scopes
        #expect(snapshots.map(\.disposal) == [.concurrent(limit: 3), .concurrent(limit: 3), nil, nil])
        let thing = SyncThing("a", self.diary)
        try container.bind(SyncThing.self) { thing }
        try container.withScope { scope in
            _ = try scope.get(SyncThing.self)
            #expect(container.snapshot().scopes.last?.disposal == nil)
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    /// Binds a random graph of twelve resources and returns the dependencies of each. Number 5 is not owned, so the books do not count it.
    private func graph(_ container: Container, seed: UInt64, hung: Int = -1, _ gauge: Gauge) throws -> [[Int]] {
        let time = container.environment.time
        var random = SplitMix(seed)
        var needs: [[Int]] = []
        for node in 0..<12 {
            let chosen = (0..<node).filter { _ in random.next() % 3 == 0 }
            let takes = Int(random.next() % 20)
            needs.append(chosen)
            let options = BindingOptions(disposeTimeout: .seconds(1), owned: node != 5)
            try container.bind(
                Bind(Thing.self, name: "\(node)", options: options) { [diary] (resolver: Resolver) in
                    for other in chosen { _ = try await resolver.get(Thing.self, name: "\(other)") }
                    return Thing(
                        "\(node)",
                        diary,
                        onDispose: {
                            try await gauge.inside { try await time.sleep(for: node == hung ? .seconds(60) : .milliseconds(takes)) }
                            diary.write("/\(node)")
                        }
                    )
                }
            )
        }
        return needs
    }

    @Test(
        "In random graphs a dependency's dispose begins after every dependent's has ended or was abandoned.",
        arguments: 0..<60 as Range<UInt64>
    )
    func randomGraphs(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let record = LifecycleRecord(of: container)
        let gauge = Gauge()
        let hung = seed % 3 == 0 ? Int(seed / 3 % 12) : -1
        let needs = try self.graph(container, seed: seed, hung: hung, gauge)
        let limit = 1 + Int(seed % 4)
        try simulation.run {
            try await container.withScope(disposal: .concurrent(limit: limit)) { scope in
                for node in 0..<12 { _ = try await scope.get(Thing.self, name: "\(node)") }
            }
        }
        #expect(record.faults.isEmpty)
        // An abandoned dispose is still running.
        #expect(gauge.most <= limit + (hung < 0 ? 0 : 1))
        let entries = self.diary.entries
        // Number 5 is not disposed, so its dependents depend directly on its dependencies.
        let direct = needs.map { $0.contains(5) ? Set($0).union(needs[5]).subtracting([5]) : Set($0) }
        for node in 0..<12 where node != 5 {
            #expect(self.diary.count("-\(node)") == 1)
            let end = try #require(entries.firstIndex(of: node == hung ? "-\(node)" : "/\(node)"))
            for dependency in direct[node] {
                let begin = try #require(entries.firstIndex(of: "-\(dependency)"))
                #expect(end < begin, "\(node) needs \(dependency)")
            }
        }
    }

    @Test("Some resources of a random graph are disposed concurrently, and the same seed produces the same events.")
    func reproducible() throws {
        func run() throws -> (most: Int, events: [ResourceEvent]) {
            let simulation = Simulation(seed: 9, order: .random)
            let container = Container(environment: simulation.environment, disposal: .concurrent(limit: 4))
            let subscription = container.subscribe()
            let gauge = Gauge()
            _ = try self.graph(container, seed: 9, gauge)
            try simulation.run {
                try await container.withScope { scope in
                    for node in 0..<12 { _ = try await scope.get(Thing.self, name: "\(node)") }
                }
            }
            return (gauge.most, subscription.drain().events)
        }
        let (first, second) = (try run(), try run())
        #expect(first.most > 1)
        #expect(first.events == second.events)
    }

    @Test("Late edges that form a cycle do not prevent a teardown that disposes every instance once.")
    func lateCycle() throws {
        let items = [
            TeardownOrder.Item(id: ResourceID(1), readyOrder: 1, dependencies: [ResourceID(2)]),
            TeardownOrder.Item(id: ResourceID(2), readyOrder: 2, dependencies: [ResourceID(3)]),
            TeardownOrder.Item(id: ResourceID(3), readyOrder: 3, dependencies: [ResourceID(1), ResourceID(1)]),
        ]
        var schedule = TeardownSchedule(items)
        var order: [ResourceID] = []
        while let next = schedule.next() {
            order.append(next)
            schedule.ended(next)
        }
        #expect(order == TeardownOrder.plan(items))
        #expect(Set(TeardownOrder.stages(items).joined()) == Set(items.map(\.id)))
    }

    // MARK: Starting

    @Test("Independent eager singletons start concurrently up to the limit.", arguments: [1, 4, 10, 0, Int.max])
    func starting(limit: Int) throws {
        let container = Container(environment: self.simulation.environment)
        let gauge = Gauge()
        try self.ten(in: container, gauge)
        let simulation = self.simulation
        try simulation.run { try await container.start(.concurrent(limit: limit)) }
        let atOnce = min(10, max(1, limit))
        #expect(gauge.most == atOnce)
        #expect(simulation.now.nanoseconds == Int64((10 + atOnce - 1) / atOnce) * 100_000_000)
        let snapshot = container.snapshot()
        #expect(snapshot.books.ready == 10)
        #expect(snapshot.resources.allSatisfy { $0.uses == 0 })
    }

    @Test("A shared dependency of eager singletons is created once, and its dependents wait for it.")
    func startingDependents() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        for name in ["a", "b", "c"] {
            try container.bind(
                Bind(Thing.self, name: name, lifetime: .singleton, options: BindingOptions(eager: true)) {
                    [diary] (resolver: Resolver) in
                    if name != "c" { _ = try await resolver.get(Thing.self, name: "c") }
                    return Thing(name, diary, onInitialize: { try await time.sleep(for: .milliseconds(100)) })
                }
            )
        }
        try self.simulation.run { try await container.start(.concurrent(limit: 2)) }
        #expect(self.diary.count("+c") == 1)
        #expect(self.diary.entries.first == "+c")
        #expect(self.simulation.now.nanoseconds == 200_000_000)
    }

    @Test(
        "Start throws the error of the first failing binding in order, whichever failed first, and begins no other.",
        arguments: 0..<20 as Range<UInt64>
    )
    func startingFails(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        for number in 0..<8 {
            try container.bind(Thing.self, name: "\(number)", lifetime: .singleton, options: BindingOptions(eager: true)) { [diary] in
                Thing(
                    "\(number)",
                    diary,
                    onInitialize: {
                        try await time.sleep(for: .milliseconds(10 - number))
                        if number == 1 || number == 2 { throw Failure(description: "no \(number)") }
                    }
                )
            }
        }
        let error = #expect(throws: ResourceError.self) {
            try simulation.run { try await container.start(.concurrent(limit: 3)) }
        }
        #expect(error?.key == "Thing(1)")
        #expect(self.diary.count("+7") == 0)
    }
}
