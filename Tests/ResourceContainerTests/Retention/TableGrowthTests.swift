import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("A hundred thousand repetitions leave no table rows")
struct TableGrowthTests {
    private static let many = Soak.count(10_000, full: 100_000)

    private static func container(_ live: LiveCount) throws -> Container {
        let container = Container()
        try container.bind(Counted.self, lifetime: .singleton) { Counted(live) }
        try container.bind(Int.self, name: "target", lifetime: .singleton) { 1 }
        try container.bind(Bind(Int.self, name: "alias", alias: ResourceKey(Int.self, name: "target")) { $0 })
        try container.bind(Bind(String.self, lifetime: .singleton) { (resolver: Resolver) in "\(try resolver.get(Counted.self))" })
        _ = try container.get(String.self)
        _ = try container.get(Int.self, name: "alias")
        return container
    }

    @Test("Overrides of a bound key, of an alias, and of an otherwise unbound key leave no rows.")
    func overrides() throws {
        let live = LiveCount()
        let container = try Self.container(live)
        func override(_ number: Int) throws {
            let captured = Counted(live)
            try container.overriding {
                Bind(Counted.self) { captured }
                Bind(Int.self, name: "alias", alias: ResourceKey(Int.self, name: "target")) { $0 + number }
                Bind(Double.self, lifetime: .singleton) { Double(number) }
            } body: { _ in
                let (double, alias) = (try container.get(Double.self), try container.get(Int.self, name: "alias"))
                #expect(double == Double(number))
                #expect(alias == number + 1)
            }
        }
        try container.overriding {
            Bind(Double.self, lifetime: .singleton) { 0 }
        } body: { _ in
        }
        // The first override shows the number of rows that exist at a time.
        try override(0)
        let before = container.tableSizes
        for number in 1..<1000 { try override(number) }
        // The remaining repetitions make no requests, to save time.
        for _ in 1000..<Self.many {
            let captured = Counted(live)
            try container.overriding {
                Bind(Counted.self) { captured }
            } body: { _ in
            }
        }
        #expect(container.tableSizes == before)
        #expect(container.snapshot().bindings.count == 5)
        #expect(live.value == 1)
        #expect(container.audit() == [])
    }

    @Test("Rebinding a key, with a fallback, and rebinding an alias leave no rows.")
    func rebindings() throws {
        let live = LiveCount()
        let container = try Self.container(live)
        let before = container.tableSizes
        for number in 0..<Self.many {
            let captured = Counted(live)
            try container.bind(
                Bind(Counted.self, lifetime: .singleton, override: true) { captured }.fallback(
                    to: ResourceKey(Counted.self, name: "\(number % 2)")
                )
            )
            if number % 1000 == 0 {
                try container.bind(Bind(Int.self, name: "alias", alias: ResourceKey(Int.self, name: "target"), override: true) { $0 })
            }
        }
        let after = container.tableSizes
        #expect(after["key rows"] == before["key rows"])
        #expect(after["binding rows"] == before["binding rows"])
        #expect(after["resources"] == before["resources"])
        #expect(after["edges"] == before["edges"])
        #expect(after["aliases"] == 0)
        // The first instance, which is still live, and the capture of the last binding.
        #expect(live.value == 2)
        #expect(container.snapshot().bindings.count == 4)
    }

    @Test("Dropped containers free everything in them.")
    func dropped() throws {
        let live = LiveCount()
        for _ in 0..<Self.many {
            let container = Container()
            let captured = Counted(live)
            try container.bind(Counted.self, lifetime: .singleton) { captured }
            _ = try container.get(Counted.self)
            _ = try container.openScope("left open")
        }
        #expect(live.value == 0)
    }

    @Test("Leases of a keyed pool with distinct keys and with keys unequal to themselves leave no rows.")
    func keys() throws {
        let simulation = Simulation(seed: 1)
        let pool = try KeyedResourcePool<Double, Int>(
            name: "hosts",
            configuration: PoolConfiguration(maximum: 4),
            maximumPerKey: 2,
            environment: simulation.environment,
            make: { _ in 1 }
        )
        try simulation.run {
            for number in 0..<Self.many { try await pool.withLease(number % 2 == 0 ? .nan : Double(number)) { _ in } }
        }
        // The keys of the idle items.
        #expect(pool.keyCount <= 4)
        simulation.run(for: .seconds(3600))
        #expect(pool.keyCount == 0)
        #expect(pool.poolSample().isBalanced)
    }
}
