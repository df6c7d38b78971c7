import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Binding a key again keeps its figures and releases the previous binding")
struct RebindingTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let live = LiveCount()

    @Test("The books of a key continue over rebindings and overrides and add up to the container's books.")
    func figures() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("old", diary) }
        try container.bind(Int.self, lifetime: .singleton) { 1 }
        try self.simulation.run { [diary] in
            try await container.withScope { _ = try await $0.get(Thing.self) }
            try container.bind(Thing.self, override: true) { Thing("new", diary) }
            try await container.withScope { _ = try await $0.get(Thing.self) }
            try await container.overriding {
                Bind(Thing.self, lifetime: .singleton) { Thing("fake", diary) }
                Bind(String.self, lifetime: .singleton) { "only here" }
            } body: { scope in
                _ = try await scope.get(Thing.self)
                _ = try await scope.get(String.self)
            }
            _ = try await container.get(Int.self)
        }
        let snapshot = container.snapshot()
        #expect(snapshot.bindings.map(\.label) == ["Thing", "Int", "String"])
        #expect(snapshot.bindings.map(\.books.created) == [3, 1, 1])
        #expect(snapshot.bindings.map(\.books.disposed) == [3, 0, 1])
        #expect(snapshot.books.created == 5)
        #expect(container.audit() == [])
    }

    @Test("The snapshot shows the current binding of a key, and subscribers get an event for the change.")
    func snapshotShowsCurrentBinding() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("old", diary) }
        let old = container.snapshot().bindings[0]
        try container.bind(Thing.self, lifetime: .transient, override: true) { [diary] in Thing("new", diary) }
        let new = container.snapshot().bindings[0]
        #expect(new.lifetime == .transient)
        #expect(new.location.line > old.location.line)
        #expect(subscription.drain().events.map(\.kind) == [.bound(old), .rebound(new)])
        #expect(container.graph().nodes.map(\.location) == [new.location])
    }

    @Test("An instance of the previous binding stays in its scope, and its captures are freed with it.")
    func lastInstance() throws {
        let container = Container(environment: self.simulation.environment)
        func bind() throws {
            let captured = Counted(self.live)
            try container.bind(Thing.self) { [diary] in withExtendedLifetime(captured) { Thing("old", diary) } }
        }
        try bind()
        try self.simulation.run { [live, diary] in
            let scope = try container.openScope("s")
            let old = try await scope.get(Thing.self)
            try container.bind(Thing.self, override: true) { Thing("new", diary) }
            let new = try await scope.get(Thing.self)
            #expect(old.name == "old")
            #expect(new.name == "new")
            #expect(live.value == 1)
            try await scope.close()
            #expect(live.value == 0)
        }
        #expect(self.diary.entries == ["+old", "+new", "-new", "-old"])
    }

    @Test("An instance that is bound again unchanged stays ready and is disposed once.")
    func sameInstance() throws {
        let container = Container(environment: self.simulation.environment)
        let thing = Thing("a", self.diary)
        try container.bind(Thing.self, instance: thing)
        try self.simulation.run {
            _ = try await container.get(Thing.self)
            try container.bind(Thing.self, instance: thing, override: true)
            let again = try await container.get(Thing.self)
            #expect(again === thing)
            try await container.close()
        }
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(container.books().books.created == 1)
    }

    @Test("An initialization that is running when its key is bound again still uses its fallback.")
    func fallback() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Int.self, name: "spare", lifetime: .singleton) { 7 }
        try container.bind(
            Bind(Int.self) { () async throws -> Int in
                try await time.sleep(for: .seconds(1))
                throw Failure(description: "no")
            }
            .fallback(to: ResourceKey(Int.self, name: "spare"))
        )
        try self.simulation.run {
            try await container.withScope { scope in
                async let asked = scope.get(Int.self)
                try await time.sleep(for: .milliseconds(1))
                try container.bind(Int.self, override: true) { 1 }
                let answer = try await asked
                #expect(answer == 7)
            }
        }
    }

    @Test("A key keeps its identity, and faults are injected into its current binding.")
    func identity() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, options: BindingOptions(allowsFaults: true)) { [diary] in Thing("old", diary) }
        try container.bind(Thing.self, options: BindingOptions(allowsFaults: true), override: true) { [diary] in Thing("new", diary) }
        try container.inject(.failInitialize, into: BindingID(0))
        _ = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Thing.self) } }
        }
        #expect(container.snapshot().bindings.map(\.id) == [BindingID(0)])
        #expect(container.snapshot().bindings[0].books.initFailed == 1)
    }
}
