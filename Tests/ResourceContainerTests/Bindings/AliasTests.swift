import ResourceContainer
import ResourceSimulation
import Testing

private protocol Store: Sendable {
    var name: String { get }
}

extension Thing: Store {}

@Suite("Aliases share the instance of their target key")
struct AliasTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func container(_ lifetime: Lifetime = .scoped) throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: lifetime) { [diary] in Thing("a", diary) }
        try container.bind(Bind((any Store).self, alias: ResourceKey(Thing.self)) { $0 })
        return container
    }

    @Test("An alias and its target return the same instance, whichever key is resolved first.")
    func sharedInstance() throws {
        let container = try self.container()
        try self.simulation.run {
            for isAliasFirst in [true, false] {
                try await container.withScope { scope in
                    let early = isAliasFirst ? try await scope.get((any Store).self) as? Thing : try await scope.get(Thing.self)
                    let late = isAliasFirst ? try await scope.get(Thing.self) : try await scope.get((any Store).self) as? Thing
                    #expect(early != nil)
                    #expect(early === late)
                }
            }
        }
        #expect(self.diary.entries == ["+a", "-a", "+a", "-a"])
        let books = container.snapshot().books
        #expect(books.created == 2)
        #expect(books.disposed == 2)
        #expect(books.isBalanced)
    }

    @Test("Uses and dependents of an alias are recorded on the target's instance.")
    func usesAndEdges() throws {
        let container = try self.container()
        try container.bind(Bind(Int.self, using: ResourceKey((any Store).self)) { _ in 1 })
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Int.self)
                for _ in 0..<3 { _ = try await scope.get((any Store).self) }
                let resources = container.snapshot().resources
                #expect(resources.count == 2)
                let thing = try #require(resources.first { $0.dependencies.isEmpty })
                #expect(resources.contains { $0.dependencies == [thing.id] })
                #expect(thing.uses == 4)
            }
        }
    }

    @Test("An alias of a transient key creates a new instance for each request.")
    func transient() throws {
        let container = try self.container(.transient)
        try self.simulation.run {
            try await container.withScope { scope in
                let first = try await scope.get((any Store).self) as? Thing
                let second = try await scope.get((any Store).self) as? Thing
                #expect(first !== second)
            }
        }
        #expect(container.snapshot().books.disposed == 2)
    }

    @Test("An alias of an unbound key names the missing key; circular aliases are refused with the path.")
    func missingAndCircularTargets() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Bind(Int.self, alias: ResourceKey(Int.self, name: "gone")) { $0 })
        try container.bind(Bind(String.self, name: "a", alias: ResourceKey(String.self, name: "b")) { $0 })
        try container.bind(Bind(String.self, name: "b", alias: ResourceKey(String.self, name: "a")) { $0 })
        try self.simulation.run {
            try await container.withScope { scope in
                let missing = await #expect(throws: ResourceError.self) { try await scope.get(Int.self) }
                #expect(missing?.code == .notBound)
                #expect(missing?.key == "Int(gone)")
                let circle = await #expect(throws: ResourceError.self) { try await scope.get(String.self, name: "a") }
                #expect(circle?.code == .dependencyCycle)
            }
        }
    }

    @Test("A synchronous scope resolves an alias.")
    func synchronous() throws {
        let container = Container()
        try container.bind(SyncThing.self) { [diary] in SyncThing("a", diary) }
        try container.bind(Bind(SyncThing.self, name: "other", alias: ResourceKey(SyncThing.self)) { $0 })
        try container.withScope { scope in
            let (one, other) = (try scope.get(SyncThing.self), try scope.get(SyncThing.self, name: "other"))
            #expect(one === other)
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }
}
