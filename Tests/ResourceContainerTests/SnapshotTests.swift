import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Snapshots of a container")
struct SnapshotTests {
    private let simulation = Simulation(seed: 1)

    @Test(
        "At every step of random worlds, a snapshot equals the one that a pass over the sorted tables gives.",
        arguments: 0..<Soak.count(12, full: 400) as Range<UInt64>
    )
    func worlds(seed: UInt64) throws {
        let world = try RandomWorld(seed: seed)
        let found = Lock<(steps: Int, resources: Int, differing: [UInt64])>((0, 0, []))
        world.simulation.afterEachStep { [container = world.container] in
            var snapshot = container.snapshot()
            snapshot.pools = []
            let (isEqual, count, sequence) = (snapshot == container.naiveSnapshot, snapshot.resources.count, snapshot.sequence)
            found.withLock { found in
                found.steps += 1
                found.resources = max(found.resources, count)
                if !isEqual { found.differing.append(sequence) }
            }
        }
        defer { world.simulation.end() }
        try world.simulation.run {
            await world.run()
            _ = try? await world.container.close(within: .seconds(30))
        }
        let (steps, resources, differing) = found.withLock { $0 }
        #expect(differing.isEmpty)
        #expect(steps > 20)
        #expect(resources > 0)
    }

    @Test("A snapshot contains the uses, the health, and the dependencies of instances, and clean tags of scopes.")
    func contents() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { Thing("base", Diary()) }
        try container.bind(Thing.self, name: "user", lifetime: .tagged("a\tb")) { (_: Thing) in Thing("user", Diary()) }
        let time = self.simulation.environment.time.now
        try self.simulation.run {
            try await container.withScope("request", tag: "a\tb") { scope in
                for _ in 0..<3 { _ = try await scope.get(Thing.self, name: "user") }
                let base = try #require(container.resources().first { $0.label == "Thing" })
                let result = HealthResult(status: .degraded, message: "slow", probe: "test", latency: .zero, time: time)
                _ = container.recordHealth(result, of: base)
                let snapshot = container.snapshot()
                #expect(snapshot == container.naiveSnapshot)
                #expect(snapshot.scopes.map(\.tag) == [nil, "a b"])
                #expect(snapshot.resources.contains { $0.id != base.id && $0.uses > 1 })
                #expect(snapshot.resources.compactMap(\.health) == [result])
                #expect(snapshot.resources.map(\.dependencies).filter { !$0.isEmpty } == [[base.id]])
                #expect(snapshot.resources.map(\.id) == snapshot.resources.map(\.id).sorted())
            }
        }
    }

    @Test("Rows that are added after the memory was allocated are in the snapshot.")
    func grown() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: .transient) { Thing("a", Diary()) }
        var copy = SnapshotCopy(for: SnapshotCopy.Size(bindings: 0, scopes: 0, resources: 0, dependencies: 0))
        var kept: [Scope] = []
        for _ in 0..<40 { kept.append(try container.openScope("s")) }
        let scopes = kept
        try self.simulation.run {
            for scope in scopes { for _ in 0..<3 { _ = try await scope.get(Thing.self) } }
        }
        let now = container.engine.now
        container.engine.locked { $0.copyForSnapshot(into: &copy, at: now) }
        let snapshot = copy.snapshot()
        #expect(snapshot.scopes.count == 41)
        #expect(snapshot.resources.count == 120)
        #expect(snapshot == container.naiveSnapshot)
    }

    @Test("Memory is allocated for every row of a copy, also if instances have many dependencies.")
    func size() throws {
        let container = Container(environment: self.simulation.environment)
        for number in 0..<30 { try container.bind(Thing.self, name: "\(number)", lifetime: .singleton) { Thing("part", Diary()) } }
        try container.bind(
            Bind(Thing.self) { (resolver: Resolver) in
                for number in 0..<30 { _ = try await resolver.get(Thing.self, name: "\(number)") }
                return Thing("whole", Diary())
            }
        )
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Thing.self)
                let size = container.engine.locked { $0.snapshotSize }
                let copy = container.engine.copyForSnapshot { _ in }.copy
                #expect(size.resources == 31)
                #expect(size.dependencies == 30)
                #expect(copy.dependencies.count == 30)
                #expect(container.audit() == [])
            }
        }
        #expect(container.engine.locked { $0.dependencyCount } == 0)
    }

    @Test("A copy for a snapshot keeps no scope and no instance alive.")
    func references() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { Thing("a", Diary()) }
        let scope = try container.openScope("leaked").id
        let (copy, observer) = try self.simulation.run {
            try await container.withScope { inner in
                let observer = OutlivingObserver(try await inner.get(Thing.self))
                return (container.engine.copyForSnapshot { _ in }.copy, observer)
            }
        }
        #expect(!observer.isAlive)
        #expect(container.forgottenScopes() == [scope])
        #expect(copy.snapshot().resources.count == 1)
    }

    @Test("The snapshot after missed events equals one that is taken at the same moment.")
    func missed() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { Thing("a", Diary()) }
        let subscription = container.subscribe()
        try self.simulation.run {
            _ = try await container.get(Thing.self)
            for _ in 0..<12_000 { try await container.withScope { _ in } }
        }
        let batch = subscription.drain()
        #expect(batch.missed == container.snapshot().sequence - subscription.snapshot.sequence)
        #expect(batch.snapshot == container.snapshot())
        #expect(subscription.drain() == EventBatch(events: []))
    }

    @Test("A prepared array has the appended elements, also beyond the prepared count.")
    func preparedArray() {
        var array = PreparedArray(count: 3, filledWith: -1)
        #expect(array.elements.isEmpty)
        for number in 0..<2 { array.append(number) }
        #expect(array.elements == [0, 1])
        for number in 2..<5 { array.append(number) }
        #expect(array.count == 5)
        #expect(array.elements == [0, 1, 2, 3, 4])
    }
}
