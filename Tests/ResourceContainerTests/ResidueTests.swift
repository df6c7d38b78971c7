import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Ten thousand scopes leave no residue")
struct ResidueTests {
    private func container() throws -> (Container, Simulation) {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let diary = Diary()
        try container.bind(Int.self, lifetime: .singleton) { 1 }
        try container.bind(Thing.self, name: "a", options: BindingOptions(trackOutliving: true)) { Thing("a", diary) }
        try container.bind(Bind(Thing.self, name: "b", using: ResourceKey(Thing.self, name: "a")) { _ in Thing("b", diary) })
        try container.bind(Thing.self, name: "c", lifetime: .transient) { () throws -> Thing in throw Failure(description: "no") }
        return (container, simulation)
    }

    private static func use(_ scope: Scope) async throws {
        _ = try await scope.get(Thing.self, name: "b")
        _ = try await scope.get(Int.self)
        _ = try? await scope.get(Thing.self, name: "c")
    }

    @Test("The tables do not grow when scopes open and close one after the other.")
    func sequential() throws {
        let (container, simulation) = try self.container()
        try simulation.run {
            try await container.withScope { try await Self.use($0) }
            let before = container.tableSizes
            for _ in 0..<10_000 { try await container.withScope { try await Self.use($0) } }
            let after = container.tableSizes
            #expect(after == before)
        }
        #expect(container.audit() == [])
        #expect(container.snapshot().books.disposed == 20_002)
    }

    @Test("Tables that grew for simultaneously open scopes shrink when the scopes close, in any order.")
    func simultaneous() throws {
        let (container, simulation) = try self.container()
        try simulation.run {
            try await container.withScope { try await Self.use($0) }
            let before = container.tableSizes
            var random = simulation.environment.random
            for _ in 0..<2 {
                var scopes: [Scope] = []
                for number in 0..<10_000 {
                    let parent = number % 3 == 0 ? scopes.randomElement(using: &random) : nil
                    let scope = try container.openScope("s", in: parent)
                    try await Self.use(scope)
                    scopes.append(scope)
                }
                #expect(container.tableSizes["scopes"] == 10_001)
                for scope in scopes.shuffled(using: &random) { try await scope.close() }
                let after = container.tableSizes
                #expect(after["scopes"] == before["scopes"])
                #expect(after["resources"] == before["resources"])
                #expect((after["scope rows"] ?? 0) < 1024)
                #expect((after["resource rows"] ?? 0) < 1024)
                #expect((after["outliving"] ?? 0) < 64)
                #expect(after["abandoned"] == 0)
                #expect(after["health"] == 0)
            }
        }
        #expect(container.audit() == [])
    }

    @Test("A tree of a thousand nested scopes closes from its root, innermost first; a deeper one is refused.")
    func deep() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self, lifetime: .transient) { Thing("a", Diary()) }
        let report = try simulation.run {
            var scope = container.root
            for _ in 0..<1000 {
                scope = try scope.openScope("s")
                _ = try await scope.get(Thing.self)
            }
            let innermost = scope
            let error = #expect(throws: ResourceError.self) { try innermost.openScope("s") }
            #expect(error?.code == .nestedTooDeeply)
            #expect(error?.scope == "s")
            return try await container.close()
        }
        var depth = 0
        var level: DisposeReport? = report
        while let here = level {
            depth += 1
            level = here.children.first
        }
        #expect(depth == 1001)
        #expect(container.snapshot().books.disposed == 1000)
    }

    @Test("A closed container is freed with its scopes and every instance in them.")
    func freed() throws {
        let simulation = Simulation(seed: 1)
        let observers = try simulation.run {
            let made = Container(environment: simulation.environment)
            try made.bind(Thing.self) { Thing("a", Diary()) }
            try made.bind(
                Bind(ResourcePool<Int>.self, lifetime: .singleton) { (resolver: Resolver) in
                    try ResourcePool(
                        name: "p",
                        configuration: PoolConfiguration(maximum: 1),
                        environment: resolver.environment,
                        make: { 1 }
                    )
                }
            )
            let subscription = made.subscribe()
            let opened = try made.openScope("s")
            let thing = try await opened.get(Thing.self)
            let pool = try await opened.get(ResourcePool<Int>.self)
            try await pool.withLease { _ in }
            try await made.close()
            withExtendedLifetime(subscription) {}
            return [made, opened, thing, pool].map { OutlivingObserver($0 as AnyObject) }
        }
        #expect(observers.map(\.isAlive) == [false, false, false, false])
    }

    @Test("A table of rows reuses numbers, keeps lists in order, and shrinks.", arguments: 0..<20 as Range<UInt64>)
    func rows(seed: UInt64) {
        struct Row: TableRow {
            var links = RowLinks()
            var value = 0
            var isVacant: Bool { self.value == 0 }
            mutating func vacate() { self = Row() }
        }
        var random = SeededRandom(seed: seed)
        var table = RowTable<Row>()
        var list = RowList()
        var model: [(index: Int, value: Int)] = []
        for step in 1...6000 {
            let grows = step < 3000 ? 3 : 1
            if model.isEmpty || Int.random(in: 0...3, using: &random) < grows {
                let index = table.claim()
                table.occupy(index) { $0.value = step }
                table.append(index, to: &list)
                #expect(!model.contains { $0.index == index })
                model.append((index, step))
            } else {
                let removed = model.remove(at: Int.random(in: 0..<model.count, using: &random))
                table.unlink(removed.index, from: &list)
                table.remove(removed.index)
            }
        }
        #expect(table.count == model.count)
        #expect(table.backwards(list).map { table[$0].value } == model.reversed().map(\.value))
        #expect(Set(table.indices) == Set(model.map(\.index)))
        for (index, _) in model {
            table.unlink(index, from: &list)
            table.remove(index)
        }
        #expect(list.isEmpty)
        #expect(table.capacity < 1024)
    }

    @Test("A small table agrees with a dictionary.", arguments: 0..<20 as Range<UInt64>)
    func small(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = SmallTable<Int>()
        var model: [UInt: Int] = [:]
        for step in 0..<2000 {
            let key = UInt.random(in: 1...(seed % 2 == 0 ? 8 : 100), using: &random) * 16
            switch Int.random(in: 0...3, using: &random) {
            case 0: #expect(table.remove(key) == model.removeValue(forKey: key))
            case 1: #expect(table.insert(step, for: key) == model.updateValue(step, forKey: key))
            default: #expect(table.find(key) == model[key])
            }
        }
        var left: [Int] = []
        table.removeAll { left.append($0) }
        #expect(left.sorted() == model.values.sorted())
        #expect(model.keys.allSatisfy { table.find($0) == nil })
    }
}
