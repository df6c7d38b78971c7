import ResourceContainer
import ResourceSimulation
import Testing

private protocol Store: Sendable {
    var name: String { get }
}

private struct SQLStore: Store {
    var name = "sql"
}

private struct MemoryStore: Store {
    var name = "memory"
}

private struct Broken: Sendable {}

@Suite("Aliases and fallbacks by type and by closure")
struct TypeFirstTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func fails() throws -> any Store { throw Failure(description: "refused") }

    @Test("An alias names its target by its type, with and without a conversion, and shares the instance.")
    func aliases() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(SQLStore.self) { SQLStore() }
            Bind(SQLStore.self, name: "replica") { SQLStore(name: "replica") }
            Bind((any Store).self, alias: SQLStore.self)
            Bind((any Store).self, name: "replica", alias: SQLStore.self, named: "replica")
            Bind(String.self, alias: SQLStore.self) { $0.name }
        }
        #expect(container.validate().isValid)
        try self.simulation.run {
            try await container.withScope { scope in
                let names = [
                    try await scope.get((any Store).self).name, try await scope.get((any Store).self, name: "replica").name,
                    try await scope.get(String.self),
                ]
                #expect(names == ["sql", "replica", "sql"])
            }
        }
        let synchronous = try container.withScope { try $0.get((any Store).self).name }
        #expect(synchronous == "sql")
    }

    @Test("An alias or a fallback whose instance is not of the bound type is an error that names the cure.")
    func notConvertible() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(Broken.self) { Broken() }
            Bind((any Store).self, alias: Broken.self)
            Bind((any Store).self, name: "f") { () throws -> any Store in throw Failure(description: "refused") }.fallback(to: Broken.self)
        }
        try self.simulation.run {
            try await container.withScope { scope in
                let alias = try #require(await #expect(throws: ResourceError.self) { try await scope.get((any Store).self) })
                #expect(alias.code == .notConvertible)
                #expect(alias.description.contains("leads to Broken, whose instance is not of the type Store"))
                let fallback = try #require(await #expect(throws: ResourceError.self) { try await scope.get((any Store).self, name: "f") })
                #expect(fallback.description.contains("refused"))
                #expect(fallback.description.contains("pass a closure that converts it"))
            }
        }
    }

    @Test("A fallback names its type, with and without a conversion.")
    func fallbackTypes() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(MemoryStore.self) { MemoryStore() }
            Bind(MemoryStore.self, name: "spare") { MemoryStore(name: "spare") }
            Bind((any Store).self, self.fails).fallback(to: MemoryStore.self)
            Bind((any Store).self, name: "named", self.fails).fallback(to: MemoryStore.self, name: "spare")
            Bind(String.self) { () throws -> String in throw Failure(description: "no") }.fallback(to: MemoryStore.self) { $0.name }
        }
        let names = try self.simulation.run {
            try await container.withScope { scope in
                [
                    try await scope.get((any Store).self).name, try await scope.get((any Store).self, name: "named").name,
                    try await scope.get(String.self),
                ]
            }
        }
        #expect(names == ["memory", "spare", "memory"])
    }

    @Test("A fallback given as a closure is a binding with the lifetime of the first, and has dependencies and a lifecycle.")
    func fallbackClosures() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(Thing.self) { () throws -> Thing in throw Failure(description: "no") }.fallback { [diary] in Thing("spare", diary) }
            Bind(String.self, name: "s", lifetime: .singleton) { () throws -> String in throw Failure(description: "no") }
                .fallback { (thing: Int) async throws -> String in "\(thing)" }
            Bind(Int.self, lifetime: .singleton) { 7 }
        }
        #expect(container.snapshot().bindings.map(\.label) == ["Thing", "Thing(fallback)", "String(s)", "String(s fallback)", "Int"])
        #expect(container.snapshot().bindings.map(\.lifetime) == [.scoped, .scoped, .singleton, .singleton, .singleton])
        #expect(container.validate().isValid)
        try self.simulation.run {
            try await container.withScope { scope in
                let name = try await scope.get(Thing.self).name
                #expect(name == "spare")
                let text = try await scope.get(String.self, name: "s")
                #expect(text == "7")
                #expect(container.snapshot().resources.first?.health?.status == .degraded)
            }
        }
        #expect(self.diary.entries == ["+spare", "-spare"])
    }

    @Test("A binding that overrides another overrides its fallback as well, and an eager binding has a fallback that is not eager.")
    func fallbackOfOverride() throws {
        let container = Container(environment: self.simulation.environment)
        func bind(_ name: String, override: Bool) throws {
            try container.bind(
                Bind(Thing.self, options: BindingOptions(eager: true), override: override) { [diary] in Thing(name, diary) }
                    .fallback { [diary] in Thing("spare", diary) }
            )
        }
        try bind("one", override: false)
        #expect(throws: ResourceError.self) { try bind("two", override: false) }
        try bind("two", override: true)
        try self.simulation.run { try await container.withScope { _ in } }
        #expect(self.diary.entries == ["+two", "-two"])
    }

    @Test("A synchronous scope uses a fallback that is given as a closure.")
    func synchronous() throws {
        let container = Container()
        try container.bind(Bind(Int.self) { () throws -> Int in throw Failure(description: "no") }.fallback { 7 })
        let value = try container.withScope { try $0.get(Int.self) }
        #expect(value == 7)
    }
}
