import ResourceContainer
import ResourceSimulation
import Testing

private protocol Plugin: Sendable {
    var name: String { get }
}

private struct NamedPlugin: Plugin {
    let name: String
}

private struct Host: Sendable {
    let plugins: [String]

    init(plugins: All<any Plugin>) { self.plugins = plugins.map(\.name) }
}

@Suite("Collections of bindings")
struct CollectionTests {
    let simulation = Simulation(seed: 1)

    private func container(_ lifetime: Lifetime = .scoped) throws -> Container {
        try Container(environment: self.simulation.environment) {
            Bind((any Plugin).self, lifetime: lifetime) { NamedPlugin(name: "plain") }
            Bind(NamedPlugin.self, lifetime: lifetime) { NamedPlugin(name: "target") }
            Bind((any Plugin).self, name: "late", lifetime: lifetime) { () async -> any Plugin in NamedPlugin(name: "late") }
            Bind((any Plugin).self, name: "alias", alias: NamedPlugin.self)
            Bind((any Plugin).self, name: "argument", argument: Int.self) { NamedPlugin(name: "\($0)") }
            Bind(value: (any Plugin).self, name: "value")
        }
    }

    @Test("A request for all receives the instances of the type in binding order, with aliases and provided values, and shares them.")
    func all() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope { scope in
                let names = try await scope.getAll((any Plugin).self).map(\.name)
                #expect(names == ["plain", "late", "target"])
                let ambient = try await container.getAll((any Plugin).self).map(\.name)
                #expect(ambient == names)
                let none = try await scope.getAll(String.self)
                #expect(none == [])
            }
            let value: any Plugin = NamedPlugin(name: "value")
            let names = try await container.withScope(providing: Provide(name: "value", value)) {
                try await $0.getAll((any Plugin).self).map(\.name)
            }
            #expect(names == ["plain", "late", "target", "value"])
        }
        #expect(container.snapshot().books.created == 6)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("An initializer receives the collection, and an override of one element replaces it.")
    func injected() throws {
        let container = try self.container()
        try container.bind(Host.self, Host.init)
        try self.simulation.run {
            let plugins = try await container.withScope { try await $0.get(Host.self).plugins }
            #expect(plugins == ["plain", "late", "target"])
            let overridden = try await container.overriding {
                Bind((any Plugin).self, name: "late") { NamedPlugin(name: "fake") }
                Bind((any Plugin).self, name: "more") { NamedPlugin(name: "more") }
            } body: { _ in
                try await container.withScope { try await $0.get(Host.self).plugins }
            }
            #expect(overridden == ["plain", "fake", "target", "more"])
            let resolved = try await container.withScope { try await $0.getAll((any Plugin).self).count }
            #expect(resolved == 3)
        }
    }

    @Test("A synchronous scope receives the collection if its elements need no suspension.")
    func synchronous() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(Int.self, name: "b") { 1 }
            Bind(Int.self, name: "a") { 2 }
            Bind([Int].self) { (all: All<Int>) in Array(all) }
            Bind(Set<Int>.self) { (resolver: Resolver) throws -> Set<Int> in Set(try resolver.getAll(Int.self)) }
        }
        try container.withScope { scope in
            let (all, injected, resolved) = (try scope.getAll(Int.self), try scope.get([Int].self), try scope.get(Set<Int>.self))
            #expect(all == [1, 2])
            #expect(injected == [1, 2])
            #expect(resolved == [1, 2])
        }
    }

    @Test("Validation treats the elements as dependencies, finds captives and cycles among them, and accepts an empty collection.")
    func analysis() throws {
        let container = try self.container()
        try container.bind(Host.self, lifetime: .singleton, Host.init)
        #expect(container.validate().problems.map(\.fault) == [.captive, .captive, .captive])
        #expect(container.validate().problems.map(\.path.last) == ["Plugin", "Plugin(late)", "NamedPlugin"])
        #expect(container.graph().edges.count { $0.from == BindingID(6) } == 4)
        let empty = Container()
        try empty.bind(Host.self, Host.init)
        #expect(empty.validate().isValid)
        let circular = Container()
        try circular.bind(Int.self) { (all: All<Int>) in all.count }
        #expect(circular.validate().problems.map(\.fault) == [.cycle])
    }

    @Test("An element that fails fails the request, and a closed scope refuses it.")
    func failures() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self) { () throws -> Int in throw Failure(description: "no") }
        try self.simulation.run {
            let scope = try container.openScope("s")
            let error = await #expect(throws: ResourceError.self) { try await scope.getAll(Int.self) }
            #expect(error?.code == .initializationFailed)
            try await scope.close()
            let closed = await #expect(throws: ResourceError.self) { try await scope.getAll(String.self) }
            #expect(closed?.code == .scopeClosed)
        }
    }

    @Test(
        "A fallback that a closure creates is no element, nor is an alias of a binding with an argument or of a value that is not provided."
    )
    func noElements() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind((any Plugin).self, name: "sound") { NamedPlugin(name: "sound") }.fallback { NamedPlugin(name: "spare") }
            Bind(NamedPlugin.self, argument: Int.self) { NamedPlugin(name: "\($0)") }
            Bind((any Plugin).self, name: "asking", alias: NamedPlugin.self)
            Bind(value: NamedPlugin.self, name: "given")
            Bind((any Plugin).self, name: "alias of a value", alias: NamedPlugin.self, named: "given")
            Bind(Host.self, lifetime: .scoped, Host.init)
        }
        #expect(container.validate().isValid)
        try self.simulation.run {
            let names = try await container.withScope { try await $0.get(Host.self).plugins }
            #expect(names == ["sound"])
            let given = try await container.withScope(providing: Provide(name: "given", NamedPlugin(name: "given"))) {
                try await $0.get(Host.self).plugins
            }
            #expect(given == ["sound", "given"])
        }
    }
}
