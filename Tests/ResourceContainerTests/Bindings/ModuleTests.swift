import ResourceContainer
import ResourceSimulation
import Testing

private struct Config: Sendable {
    let name: String
}

@Suite("Modules, factories, and binding options")
struct ModuleTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("A container is built from modules, bindings, conditions, and loops.")
    func builder() throws {
        let numbers = Module {
            for number in 0..<3 { Bind(Int.self, name: "\(number)") { number } }
        }
        let isTest = true
        let container = try Container("shop", environment: self.simulation.environment) {
            numbers
            Bind(Thing.self) { [diary] in Thing("a", diary) }
            if isTest { Bind(String.self, instance: "test") } else { Bind(String.self, instance: "real") }
        }
        #expect(container.name == "shop")
        let answer = try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Thing.self)
                return (try await scope.get(String.self), try await scope.get(Int.self, name: "2"))
            }
        }
        #expect(answer == ("test", 2))
    }

    @Test("A module with an already bound key is refused as a whole, and the error names both source locations.")
    func allOrNothing() throws {
        let container = Container()
        try container.bind(Int.self, instance: 1)
        let error = #expect(throws: ResourceError.self) {
            try container.install(
                Module {
                    Bind(String.self, instance: "new")
                    Bind(Int.self, instance: 2)
                }
            )
        }
        #expect(error?.code == .duplicateBinding)
        #expect(error?.description.contains("ModuleTests.swift") == true)
        #expect(container.snapshot().bindings.map(\.label) == ["Int"])
        let twice = #expect(throws: ResourceError.self) {
            try container.install(
                Module {
                    Bind(Double.self, instance: 1)
                    Bind(Double.self, instance: 2)
                }
            )
        }
        #expect(twice?.code == .duplicateBinding)
        #expect(container.snapshot().bindings.count == 1)
    }

    @Test("An override takes over a key that already has an instance; the old instance is disposed with its scope.")
    func override() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("old", diary) }
        try self.simulation.run { [diary] in
            try await container.withScope { scope in
                let value1 = try await scope.get(Thing.self).name
                #expect(value1 == "old")
                try container.bind(Thing.self, override: true) { Thing("new", diary) }
                let value2 = try await scope.get(Thing.self).name
                #expect(value2 == "new")
            }
        }
        #expect(self.diary.entries == ["+old", "+new", "-new", "-old"])
    }

    @Test("A factory creates resources from configurations, each under its own name.")
    func factory() throws {
        let container = Container(environment: self.simulation.environment)
        let things = ResourceFactory { [diary] (config: Config) in Thing(config.name, diary) }
        let late = ResourceFactory(lifecycle: .managed(onDispose: { [diary] (text: String) in diary.write("-\(text)") })) {
            (config: Config) async throws in config.name
        }
        try container.bind(Bind(Thing.self, name: "orders", factory: things, configuration: Config(name: "o")))
        try container.bind(Bind(Thing.self, name: "users", factory: things, configuration: Config(name: "u")))
        try container.bind(Bind(String.self, factory: late, configuration: Config(name: "s")))
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Thing.self, name: "orders")
                _ = try await scope.get(Thing.self, name: "users")
                let value3 = try await scope.get(String.self)
                #expect(value3 == "s")
            }
        }
        #expect(self.diary.entries == ["+o", "+u", "-s", "-u", "-o"])
    }

    @Test("An optional parameter is nil without a binding and receives the resource with one.")
    func optional() throws {
        struct Page: Sendable { let cache: Thing? }
        let container = Container(environment: self.simulation.environment)
        try container.bind(Page.self, lifetime: .transient, Page.init)
        try self.simulation.run { [diary] in
            try await container.withScope { scope in
                let value4 = try await scope.get(Page.self).cache
                #expect(value4 == nil)
                try container.bind(Thing.self) { Thing("cache", diary) }
                let page = try await scope.get(Page.self)
                let thing = try await scope.get(Thing.self)
                #expect(page.cache === thing)
            }
        }
    }

    @Test("An instance that the container does not own is shared by lifetime but never initialized, disposed, or counted.")
    func notOwned() throws {
        let container = Container(environment: self.simulation.environment)
        let given = Thing("given", self.diary)
        try container.bind(Thing.self, name: "given", instance: given, owned: false)
        try container.bind(Thing.self, name: "made", options: BindingOptions(owned: false)) { [diary] in Thing("made", diary) }
        try container.bind(Bind(Int.self, using: ResourceKey(Thing.self, name: "made")) { _ in 1 })
        try self.simulation.run {
            let first = try await container.withScope { scope in
                _ = try await scope.get(Int.self)
                let (one, again) = (try await scope.get(Thing.self, name: "made"), try await scope.get(Thing.self, name: "made"))
                #expect(one === again)
                let foreign = try await scope.get(Thing.self, name: "given")
                #expect(foreign === given)
                #expect(container.resources().map(\.label) == ["Int"])
                return one
            }
            let second = try await container.withScope { try await $0.get(Thing.self, name: "made") }
            #expect(first !== second)
            _ = try await container.close()
        }
        #expect(self.diary.entries.isEmpty)
        let books = container.snapshot().books
        #expect(books.created == 1)
        #expect(books.disposed == 1)
        #expect(books.isBalanced)
    }

    @Test("Eager singletons are created at start or with the first scope, and eager scoped resources in every scope.")
    func eager() throws {
        let eager = BindingOptions(eager: true)
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, name: "s", lifetime: .singleton, options: eager) { [diary] in Thing("s", diary) }
        try container.bind(Thing.self, name: "r", options: eager) { [diary] in Thing("r", diary) }
        try container.bind(Thing.self, name: "lazy") { [diary] in Thing("lazy", diary) }
        try self.simulation.run { [diary] in
            try await container.start()
            #expect(diary.entries == ["+s"])
            try await container.withScope { _ in #expect(diary.entries == ["+s", "+r"]) }
            try await container.withScope { scope in
                try await scope.withScope { _ in }
            }
            #expect(diary.entries == ["+s", "+r", "-r", "+r", "-r"])
        }
    }

    @Test("An eager resource that fails ends its scope before the body runs and leaves no instance.")
    func eagerFailure() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, name: "a", options: BindingOptions(eager: true)) { [diary] in Thing("a", diary) }
        try container.bind(Thing.self, name: "b", options: BindingOptions(eager: true)) { () throws -> Thing in
            throw Failure(description: "no")
        }
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ in Issue.record("the body ran") } }
        }
        #expect(error?.code == .initializationFailed)
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(container.snapshot().scopes.count == 1)
    }

    @Test("An object that is referenced after its dispose is reported until the reference is released.")
    func outliving() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, options: BindingOptions(trackOutliving: true)) { [diary] in Thing("a", diary) }
        let kept = Lock<Thing?>(nil)
        try self.simulation.run {
            try await container.withScope("job") { _ = try await $0.get(Thing.self) }
            #expect(container.outliving().isEmpty)
            try await container.withScope("job") { scope in
                let thing = try await scope.get(Thing.self)
                kept.withLock { $0 = thing }
            }
        }
        let found = container.outliving()
        #expect(found.map(\.label) == ["Thing"])
        #expect(found.first?.scope == "job")
        kept.withLock { $0 = nil }
        #expect(container.outliving().isEmpty)
    }
}
