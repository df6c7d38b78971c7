import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Typed errors for invalid input")
struct BadInputTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("A binding with a budget of zero or less is refused.", arguments: [Duration.zero, .seconds(-1)])
    func budgets(budget: Duration) {
        let container = Container()
        for options in [
            BindingOptions(initializeTimeout: budget), BindingOptions(disposeTimeout: budget), BindingOptions(healthInterval: budget),
            BindingOptions(healthDeadline: budget), BindingOptions(degradedAfter: budget),
        ] {
            let error = #expect(throws: ResourceError.self) { try container.bind(Int.self, name: "n", options: options) { 1 } }
            #expect(error?.code == .invalidBinding)
            #expect(error?.key == "Int(n)")
            #expect(error?.description.contains("must be above zero") == true)
            #expect(error?.description.contains("BadInputTests.swift") == true)
        }
        #expect(throws: ResourceError.self) {
            try container.overriding {
                Bind(Int.self, options: BindingOptions(disposeTimeout: budget)) { 1 }
            } body: { _ in
            }
        }
        #expect(container.snapshot().bindings.isEmpty)
        #expect(container.snapshot().scopes.count == 1)
    }

    @Test("An error for a tag without an open scope names the tag, the scope's path, and the remedy.")
    func tag() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, lifetime: .tagged("session")) { 1 }
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope("request") { _ = try await $0.get(Int.self) } }
        }
        #expect(error?.code == .noScope)
        #expect(error?.key == "Int")
        #expect(error?.scope == "request")
        #expect(error?.description.contains("withScope(tag: \"session\")") == true)
        #expect(error?.description.contains("app ▸ request") == true)
    }

    @Test("Errors for an unbound key, a missing scope, and a closed scope name the key, the scope, and the remedy.")
    func requests() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try self.simulation.run {
            let missing = await #expect(throws: ResourceError.self) { try await container.get(String.self, name: "x") }
            #expect(missing?.code == .notBound)
            #expect(missing?.key == "String(x)")
            #expect(missing?.description.contains("container.bind(") == true)
            let outside = await #expect(throws: ResourceError.self) { try await container.get(Thing.self) }
            #expect(outside?.code == .noScope)
            #expect(outside?.description.contains("withScope") == true)
            let scope = try container.openScope("job")
            _ = try await scope.get(Thing.self)
            let report = try await scope.close()
            let again = try await scope.close()
            #expect(report == again)
            #expect(scope.report == report)
            let closed = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
            #expect(closed?.code == .scopeClosed)
            #expect(closed?.key == "Thing")
            #expect(closed?.scope == "job")
            #expect(throws: ResourceError.self) { try scope.openScope("inner") }
            await #expect(throws: ResourceError.self) { try await scope.withScope { _ in } }
        }
        #expect(container.snapshot().books.isBalanced)
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("One object bound under two keys is refused with both keys and the remedy; an alias of it is accepted.")
    func sameInstance() throws {
        let container = Container(environment: self.simulation.environment)
        let thing = Thing("a", self.diary)
        try container.bind(Thing.self, name: "one", instance: thing)
        let error = #expect(throws: ResourceError.self) { try container.bind(Thing.self, name: "two", instance: thing) }
        #expect(error?.code == .invalidBinding)
        #expect(error?.key == "Thing(two)")
        #expect(error?.description.contains("alias of Thing(one)") == true)
        #expect(throws: ResourceError.self) {
            try Container {
                Bind(Thing.self, name: "one", instance: thing)
                Bind(Thing.self, name: "two", instance: thing)
            }
        }
        try container.bind(Bind(Thing.self, name: "two", alias: ResourceKey(Thing.self, name: "one")) { $0 })
        try container.bind(Thing.self, name: "one", instance: thing, override: true)
        try container.bind(Thing.self, name: "foreign", instance: thing, owned: false)
        try self.simulation.run {
            for name in ["one", "two", "foreign"] { _ = try await container.get(Thing.self, name: name) }
            try await container.close()
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Nested synchronous scopes do not count toward the depth of a dependency chain.")
    func nestedScopes() throws {
        let container = Container()
        try container.bind(Int.self, lifetime: .transient) { 1 }
        func nest(_ levels: Int, in scope: Scope) throws {
            if levels == 0 { _ = try scope.get(Int.self) } else { try scope.withScope { try nest(levels - 1, in: $0) } }
        }
        try nest(150, in: container.root)
        #expect(container.snapshot().books.disposed == 1)
    }

    @Test("A synchronous chain that would exhaust the stack is refused by name; the asynchronous chain resolves.")
    func depth() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...400 {
            try container.bind(
                Bind(Int.self, name: "\(number)") { (resolver: Resolver) throws -> Int in
                    try resolver.get(Int.self, name: "\(number - 1)") + 1
                }
            )
        }
        let error = #expect(throws: ResourceError.self) { try container.withScope { _ = try $0.get(Int.self, name: "400") } }
        #expect(error?.code == .nestedTooDeeply)
        let near = try container.withScope { try $0.get(Int.self, name: "50") }
        #expect(near == 50)
        #expect(container.snapshot().books.isBalanced)
    }
}
