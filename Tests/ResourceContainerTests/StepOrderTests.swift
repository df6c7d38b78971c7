import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

@Suite("Resources go through their steps side by side where that is asked for, along what they depend on")
struct StepOrderTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    /// How many are in a step at the same time.
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

    /// Ten things that depend on nothing and take 100 ms to make and to dispose.
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

    @Test("ten disposes of 100 ms take 100 ms for each that has to wait for another", arguments: [1, 4, 10, 100, 0, -1, Int.max, Int.min])
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

    @Test("one after the other is the default, newest first")
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

    @Test("a scope is disposed as the one around it unless it is opened with another order; a synchronous one is serial in any case")
    func inherited() throws {
        let container = Container(environment: self.simulation.environment, disposal: .concurrent(limit: 3))
        let scope = try container.openScope(named: "a")
        #expect(scope.disposal == .concurrent(limit: 3))
        let inner = try scope.openScope(named: "b", disposal: .serial)
        #expect(inner.disposal.isSerial)
        #expect(try inner.openScope(named: "c").disposal.isSerial)
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

    /// A random graph of twelve things; what each needs. Number 5 is not owned, and so in no books.
    private func graph(_ container: Container, seed: UInt64, deaf: Int = -1, _ gauge: Gauge) throws -> [[Int]] {
        let time = container.environment.time
        var random = SplitMix(seed)
        var needs: [[Int]] = []
        for node in 0..<12 {
            let chosen = (0..<node).filter { _ in random.next() % 3 == 0 }
            let takes = Int(random.next() % 20)
            needs.append(chosen)
            let options = BindingOptions(disposeTimeout: .seconds(1), owned: node != 5)
            try container.bind(Thing.self, name: "\(node)", options: options) { [diary] (resolver: Resolver) in
                for other in chosen { _ = try await resolver.get(Thing.self, name: "\(other)") }
                return Thing(
                    "\(node)",
                    diary,
                    onDispose: {
                        try await gauge.inside { try await time.sleep(for: node == deaf ? .seconds(60) : .milliseconds(takes)) }
                        diary.write("/\(node)")
                    }
                )
            }
        }
        return needs
    }

    @Test(
        "in random graphs every dependent's dispose has ended, or was abandoned, before its dependency's begins",
        arguments: 0..<60 as Range<UInt64>
    )
    func randomGraphs(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let record = LifecycleRecord(of: container)
        let gauge = Gauge()
        let deaf = seed % 3 == 0 ? Int(seed / 3 % 12) : -1
        let needs = try self.graph(container, seed: seed, deaf: deaf, gauge)
        let limit = 1 + Int(seed % 4)
        try simulation.run {
            try await container.withScope(disposal: .concurrent(limit: limit)) { scope in
                for node in 0..<12 { _ = try await scope.get(Thing.self, name: "\(node)") }
            }
        }
        #expect(record.faults.isEmpty)
        // What was abandoned is still in its dispose.
        #expect(gauge.most <= limit + (deaf < 0 ? 0 : 1))
        let entries = self.diary.entries
        // What a thing needs through number 5, which is not disposed, it needs itself.
        let direct = needs.map { $0.contains(5) ? Set($0).union(needs[5]).subtracting([5]) : Set($0) }
        for node in 0..<12 where node != 5 {
            #expect(self.diary.count("-\(node)") == 1)
            let end = try #require(entries.firstIndex(of: node == deaf ? "-\(node)" : "/\(node)"))
            for dependency in direct[node] {
                let begin = try #require(entries.firstIndex(of: "-\(dependency)"))
                #expect(end < begin, "\(node) needs \(dependency)")
            }
        }
    }

    @Test("some of a random graph are disposed side by side, and the same seed gives the same events")
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

    @Test("edges that came late and form a circle end with everything disposed once")
    func lateCircle() throws {
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

    @Test("eager singletons that depend on nothing start side by side", arguments: [1, 4, 10, 0, Int.max])
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

    @Test("one that others need is made once, and they wait for it")
    func startingDependents() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        for name in ["a", "b", "c"] {
            try container.bind(Thing.self, name: name, lifetime: .singleton, options: BindingOptions(eager: true)) {
                [diary] (resolver: Resolver) in
                if name != "c" { _ = try await resolver.get(Thing.self, name: "c") }
                return Thing(name, diary, onInitialize: { try await time.sleep(for: .milliseconds(100)) })
            }
        }
        try self.simulation.run { try await container.start(.concurrent(limit: 2)) }
        #expect(self.diary.count("+c") == 1)
        #expect(self.diary.entries.first == "+c")
        #expect(self.simulation.now.nanoseconds == 200_000_000)
    }

    @Test(
        "the error is that of the first binding that failed, whichever failed first; nothing more is begun",
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
