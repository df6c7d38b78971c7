import ResourceSimulation
import Testing

@testable import ResourceContainer

private final class Exports: Sendable {
    let archive: Provider<Thing>

    init(archive: Provider<Thing>) { self.archive = archive }
}

private final class Chicken: Sendable {
    let egg: Provider<Egg>

    init(egg: Provider<Egg>) { self.egg = egg }
}

private final class Egg: Sendable {
    let chicken: Chicken

    init(chicken: Chicken) { self.chicken = chicken }
}

@Suite("Providers resolve later")
struct ProviderTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("A provider creates the instance at its first use, shares it, and the instance is disposed after its user.")
    func lazy() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("archive", diary) }
        try container.bind(Exports.self, lifecycle: .managed(onDispose: { [diary] _ in diary.write("-exports") }), Exports.init)
        try self.simulation.run { [diary] in
            try await container.withScope { scope in
                let exports = try await scope.get(Exports.self)
                #expect(diary.entries == [])
                let (first, second) = (try await exports.archive.get(), try await exports.archive.get())
                #expect(first === second)
                let shared = try await scope.get(Thing.self)
                #expect(shared === first)
            }
        }
        #expect(self.diary.entries == ["+archive", "-exports", "-archive"])
    }

    @Test("A provider resolves in the scope of its instance, and refuses requests once that scope is closed.")
    func scope() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("archive", diary) }
        try container.bind(Exports.self, Exports.init)
        try self.simulation.run {
            let provider = try await container.withScope("outer") { outer in
                let exports = try await outer.get(Exports.self)
                let inner = try await outer.withScope("inner") { _ in try await exports.archive.get() }
                let owned = try await outer.get(Thing.self)
                #expect(inner === owned)
                return exports.archive
            }
            let error = try #require(await #expect(throws: ResourceError.self) { try await provider.get() })
            #expect(error.code == .scopeClosed)
            #expect(error.description.hasPrefix("scope outer is closed, and a provider of Thing resolves in it"))
        }
    }

    @Test("Two resources that need each other are created if one takes a provider, and validation accepts them.")
    func circular() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Chicken.self, Chicken.init)
        try container.bind(Egg.self, Egg.init)
        #expect(container.validate().isValid)
        #expect(container.graph().edges.map(\.reason) == [.provider, .declared])
        try self.simulation.run {
            try await container.withScope { scope in
                let chicken = try await scope.get(Chicken.self)
                let egg = try await chicken.egg.get()
                #expect(egg.chicken === chicken)
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A provider that is used during the creation of its instance takes part in the detection of cycles.")
    func cycle() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self) { (text: Provider<String>) async throws -> Int in try await text.get().count }
        try container.bind(String.self) { (number: Int) in "\(number)" }
        let error = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Int.self) } }
        }
        #expect(error?.description.contains("depends on itself") == true)
    }

    @Test("Synchronous code, a resolver, and a scope have providers, also of named and transient bindings.")
    func forms() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(SyncThing.self, name: "t", lifetime: .transient) { [diary] in SyncThing("t", diary) }
        try container.bind(
            Bind([SyncThing].self, using: ResourceKey(Provider<SyncThing>.self, name: "t")) { provider throws -> [SyncThing] in
                [try provider.get(), try provider.get()]
            }
        )
        try container.bind(
            Bind(Provider<SyncThing>.self, name: "kept") { (resolver: Resolver) in resolver.provider(of: SyncThing.self, name: "t") }
        )
        try container.withScope { scope in
            let things = try scope.get([SyncThing].self)
            #expect(things[0] !== things[1])
            let (kept, own) = (try scope.get(Provider<SyncThing>.self, name: "kept"), scope.provider(of: SyncThing.self, name: "t"))
            let (one, other) = (try kept.get(), try own.get())
            #expect(one !== other)
        }
        #expect(self.diary.entries.count == 8)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Validation reports a missing, captive, or argument-taking binding behind a provider.")
    func analysis() throws {
        let container = Container()
        try container.bind(Exports.self, lifetime: .singleton, Exports.init)
        #expect(container.validate().problems.map(\.path) == [["Exports", "Thing"]])
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        #expect(container.validate().problems.map(\.fault) == [.captive])
        try container.bind(Thing.self, argument: String.self, override: true) { [diary] in Thing($0, diary) }
        #expect(container.validate().problems.map(\.fault) == [.argument])
    }

    @Test("An inner scope that provides a value again creates its own instance if a provider in it leads to the value.")
    func values() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(String.self)
        try container.bind([Int].self) { (text: String) in [text.count] }
        try container.bind(Set<Int>.self) { (numbers: Provider<[Int]>) async throws -> Set<Int> in Set(try await numbers.get()) }
        try container.bind(Provider<[Int]>.self, name: "p") { (numbers: Provider<[Int]>) in numbers }
        try self.simulation.run {
            try await container.withScope(providing: "outer") { outer in
                let (set, provider) = (try await outer.get(Set<Int>.self), try await outer.get(Provider<[Int]>.self, name: "p"))
                #expect(set == [5])
                let numbers = try await provider.get()
                #expect(numbers == [5])
                try await outer.withScope(providing: "in") { inner in
                    let (set, provider) = (try await inner.get(Set<Int>.self), try await inner.get(Provider<[Int]>.self, name: "p"))
                    #expect(set == [2])
                    let numbers = try await provider.get()
                    #expect(numbers == [2])
                }
            }
        }
    }

    @Test("A provider keeps neither its scope nor its container alive.")
    func retention() throws {
        var container: Container? = Container(environment: self.simulation.environment)
        try container?.bind(Exports.self, Exports.init)
        try container?.bind(Thing.self) { [diary] in Thing("archive", diary) }
        weak let scope: Scope? = try self.simulation.run { [container] in
            let scope = try container?.openScope("forgotten")
            _ = try await scope?.get(Exports.self)
            return scope
        }
        #expect(container?.forgottenScopes().count == 1)
        container = nil
        #expect(scope == nil)
    }

    @Test("A provider of a ready instance that leads to the instance in creation is a cycle, also in synchronous code.")
    func cycleThroughReadyInstance() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Chicken.self, Chicken.init)
        try container.bind(Egg.self) { (chicken: Chicken) async throws -> Egg in try await chicken.egg.get() }
        let error = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Egg.self) } }
        }
        #expect(error?.description.contains("Egg depends on itself: Egg → Egg") == true)
        let synchronous = Container()
        try synchronous.bind(Chicken.self, Chicken.init)
        try synchronous.bind(Bind(Egg.self) { (resolver: Resolver) throws -> Egg in try resolver.get(Chicken.self).egg.get() })
        let fault = #expect(throws: ResourceError.self) { try synchronous.withScope { _ = try $0.get(Egg.self) } }
        #expect(fault?.description.contains("Egg depends on itself: Egg → Egg") == true)
        #expect(container.snapshot().books.isBalanced)
        #expect(synchronous.snapshot().books.isBalanced)
    }

    @Test("A provider of a scope that is used during a creation records the dependency and checks for captives.")
    func ofScope() throws {
        let container = Container(environment: self.simulation.environment)
        let provider = Lock<Provider<Thing>?>(nil)
        try container.bind(Thing.self) { [diary] in Thing("thing", diary) }
        try container.bind(Int.self, lifetime: .singleton) { () async throws -> Int in
            try await provider.withLock { $0 }?.get().name.count ?? 0
        }
        let error = try self.simulation.run {
            try await container.withScope { scope in
                provider.withLock { $0 = scope.provider(of: Thing.self) }
                return await #expect(throws: ResourceError.self) { try await scope.get(Int.self) }
            }
        }
        #expect(error?.code == .captiveDependency)
    }

    @Test("An optional provider is nil if nothing is bound, and an optional collection is empty; validation accepts both.")
    func optional() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self) { (text: Provider<String>?, things: All<Thing>?) async throws -> Int in
            try await (text?.get().count ?? -1) + (things?.count ?? -10)
        }
        #expect(container.validate().isValid)
        let unbound = try self.simulation.run { try await container.withScope { try await $0.get(Int.self) } }
        #expect(unbound == -1)
        try container.bind(String.self) { "four" }
        let bound = try self.simulation.run { try await container.withScope { try await $0.get(Int.self) } }
        #expect(bound == 4)
    }
}
