import ResourceContainer
import ResourceSimulation
import Testing

private struct A: Sendable { let b: B }
private struct B: Sendable { let c: C }
private struct C: Sendable {}
private struct D: Sendable { let e: E }
private final class E: Sendable {
    let d: D
    init(d: D) { self.d = d }
}

@Suite("Static validation and the dependency graph")
struct AnalysisTests {
    @Test("Validation reports missing bindings, cycles, and captive dependencies with their paths and creates no instance.")
    func faults() throws {
        let container = Container()
        try container.bind(A.self, lifetime: .singleton, A.init)
        try container.bind(B.self, lifetime: .transient, B.init)
        try container.bind(C.self, C.init)
        try container.bind(D.self, D.init)
        try container.bind(E.self, E.init)
        try container.bind(Bind(Int.self, using: ResourceKey(String.self, name: "gone")) { $0.count })
        try container.bind(Bind(Double.self) { (resolver: Resolver) in Double(try resolver.get(Int.self)) })
        let report = container.validate()
        #expect(report.problems.map(\.fault) == [.missing, .cycle, .captive])
        #expect(report.problems.map(\.path) == [["Int", "String(gone)"], ["D", "E", "D"], ["A", "B", "C"]])
        #expect(report.problems.allSatisfy { $0.location.file.hasSuffix("AnalysisTests.swift") })
        #expect(report.notAnalyzed == ["Double"])
        #expect(!report.isValid)
        #expect(container.snapshot().books.created == 0)
    }

    @Test("Validation accepts optional parameters without a binding and follows aliases and fallbacks.")
    func valid() throws {
        struct Page: Sendable { let cache: C? }
        let container = Container()
        try container.bind(Page.self, Page.init)
        #expect(container.validate().isValid)
        try container.bind(Bind(Int.self, alias: ResourceKey(Int.self, name: "scoped")) { $0 })
        try container.bind(Int.self, name: "scoped") { 1 }
        try container.bind(Bind(String.self, lifetime: .singleton, using: ResourceKey(Int.self)) { "\($0)" })
        #expect(container.validate().problems.map(\.path) == [["String", "Int", "Int(scoped)"]])
    }

    @Test("A singleton may fall back to a scoped key, but a singleton created from that fallback may not hold it.")
    func fallbackOfSingleton() throws {
        struct Client: Sendable { let number: Int }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(
            Bind(Int.self, lifetime: .singleton) { () throws -> Int in throw Failure(description: "no") }
                .fallback(to: ResourceKey(Int.self, name: "spare"))
        )
        try container.bind(Int.self, name: "spare") { 7 }
        #expect(container.validate().isValid)
        let number = try simulation.run { try await container.withScope { try await $0.get(Int.self) } }
        #expect(number == 7)
        try container.bind(Client.self, lifetime: .singleton) { (number: Int) in Client(number: number) }
        #expect(container.validate().problems.map(\.path) == [["Client", "Int", "Int(spare)"]])
        #expect(container.validate().problems.map(\.fault) == [.captive])
        let error = try simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Client.self) } }
        }
        #expect(error != nil)
    }

    @Test("The graph shows every binding and edge, including edges observed in closures, as DOT and as a tree.")
    func graph() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(A.self, A.init)
        try container.bind(B.self, B.init)
        try container.bind(C.self, C.init)
        try container.bind(
            Bind(Int.self, name: "closure") { (resolver: Resolver) in
                _ = try await resolver.get(C.self)
                return 1
            }.fallback(to: ResourceKey(Int.self, name: "spare"))
        )
        try container.bind(Int.self, name: "spare", instance: 2)
        #expect(container.graph().edges.map(\.reason) == [.declared, .declared, .fallback])
        _ = try simulation.run { try await container.withScope { try await $0.get(Int.self, name: "closure") } }
        let graph = container.graph()
        #expect(graph.edges.map(\.reason) == [.declared, .declared, .observed, .fallback])
        #expect(graph.dependencies(of: graph.nodes[0].id).map(\.label) == ["B"])
        #expect(graph.dependents(of: graph.nodes[2].id).map(\.label) == ["B", "Int(closure)"])
        #expect(
            graph.text == """
                A [scoped]
                  B [scoped]
                    C [scoped]
                Int(closure) [scoped]
                  C [scoped] (observed)
                  Int(spare) [singleton] (fallback)

                """
        )
        #expect(graph.dot.contains("b0 -> b1;"))
        #expect(graph.dot.contains("b3 -> b2 [style = dashed];"))
        #expect(graph.dot.hasPrefix("digraph resources {"))
        #expect(graph.dot.hasSuffix("}\n"))
    }

    @Test("The graph of circular dependencies is complete, and special characters in names do not break DOT labels.")
    func circularDependencies() throws {
        let container = Container()
        try container.bind(D.self, D.init)
        try container.bind(E.self, E.init)
        try container.bind(Int.self, name: "\"quoted\\\n", instance: 1)
        let graph = container.graph()
        #expect(graph.text.contains("D [scoped] ↻"))
        #expect(graph.dot.contains("label = \"Int(\\\"quoted\\\\ )\\nsingleton\""))
    }

    @Test("A pool that takes an argument is not reported as a pool for each scope.")
    func poolWithArgument() throws {
        let container = try Container {
            Bind(ResourcePool<Int>.self, argument: Int.self) { maximum in
                try ResourcePool(name: "p", configuration: PoolConfiguration(maximum: maximum), make: { 1 })
            }
        }
        #expect(container.validate().isValid)
    }
}
