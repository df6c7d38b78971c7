import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Bindings of pools")
struct PoolBindingTests {
    let simulation = Simulation(seed: 1)

    private func pool() throws -> ResourcePool<Int> {
        try ResourcePool(name: "p", configuration: PoolConfiguration(maximum: 1), environment: self.simulation.environment, make: { 1 })
    }

    @Test("A pool that is bound without a lifetime is a singleton, from a closure as from a factory.")
    func defaultLifetime() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self) { try self.pool() }
        try container.bind(Bind(name: "factory", factory: ResourceFactory { (_: Int) in try self.pool() }, configuration: 1))
        try container.bind(Int.self) { 1 }
        #expect(container.snapshot().bindings.map(\.lifetime) == [.singleton, .singleton, .scoped])
        #expect(container.validate().isValid)
        try self.simulation.run {
            let first = try await container.withScope { try await $0.get(ResourcePool<Int>.self) }
            let second = try await container.withScope { try await $0.get(ResourcePool<Int>.self) }
            #expect(first === second)
            try await container.close()
        }
    }

    @Test("A pool that overrides another keeps its lifetime, and a stated lifetime is always used.")
    func statedLifetime() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self, lifetime: .tagged("tenant")) { try self.pool() }
        try container.bind(ResourcePool<Int>.self, override: true) { try self.pool() }
        #expect(container.snapshot().bindings.map(\.lifetime) == [.tagged("tenant")])
        #expect(container.validate().isValid)
    }

    @Test(
        "Validation reports a scoped or transient pool unless its options state that it is intended.",
        arguments: [Lifetime.scoped, .transient]
    )
    func poolPerScope(lifetime: Lifetime) throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self, lifetime: lifetime) { try self.pool() }
        try container.bind(ResourcePool<Int>.self, name: "meant", lifetime: lifetime, options: BindingOptions(poolPerScope: true)) {
            try self.pool()
        }
        try container.bind(Bind(ResourcePool<Int>.self, name: "alias", alias: ResourcePool<Int>.self))
        let problems = container.validate().problems
        #expect(problems.map(\.fault) == [.poolPerScope])
        #expect(problems.map(\.path) == [["ResourcePool<Int>"]])
        #expect(problems.first?.description.contains("lifetime: .singleton") == true)
        #expect(problems.first?.description.contains("BindingOptions(poolPerScope: true)") == true)
    }
}
