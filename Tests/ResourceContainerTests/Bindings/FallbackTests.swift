import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Declared fallbacks")
struct FallbackTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("A failed resource is replaced by its fallback and marked degraded; the next scope tries the primary again.")
    func degraded() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        let isDown = Lock(true)
        try container.bind(
            Bind(Thing.self) { [diary] () throws -> Thing in
                if isDown.withLock({ $0 }) { throw Failure(description: "refused") }
                return Thing("primary", diary)
            }.fallback(to: ResourceKey(Thing.self, name: "secondary"))
        )
        try container.bind(Thing.self, name: "secondary") { [diary] in Thing("secondary", diary) }
        try self.simulation.run {
            try await container.withScope { scope in
                let value5 = try await scope.get(Thing.self).name
                #expect(value5 == "secondary")
                isDown.withLock { $0 = false }
                let value6 = try await scope.get(Thing.self).name
                #expect(value6 == "secondary")
                let resource = try #require(container.snapshot().resources.first)
                #expect(resource.health?.status == .degraded)
                #expect(resource.health?.message?.contains("refused") == true)
            }
            try await container.withScope {
                let value7 = try await $0.get(Thing.self).name
                #expect(value7 == "primary")
            }
        }
        #expect(self.diary.entries == ["+secondary", "-secondary", "+primary", "-primary"])
        #expect(subscription.drain().events.contains { if case .fellBack("Thing", "refused") = $0.kind { true } else { false } })
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.initFailed == 1)
    }

    @Test("A fallback of another type is converted; a fallback instance of a singleton is not cached permanently.")
    func converted() throws {
        let isDown = Lock(true)
        let container = try Container(environment: self.simulation.environment) {
            Bind(String.self, lifetime: .singleton) { () throws -> String in
                if isDown.withLock({ $0 }) { throw Failure(description: "refused") }
                return "primary"
            }.fallback(to: ResourceKey(Int.self)) { "secondary \($0)" }
            Bind(Int.self, lifetime: .singleton) { 2 }
        }
        try self.simulation.run {
            let value8 = try await container.get(String.self)
            #expect(value8 == "secondary 2")
            isDown.withLock { $0 = false }
            let value9 = try await container.get(String.self)
            #expect(value9 == "primary")
        }
    }

    @Test("A primary that hangs is abandoned after its budget, and the fallback serves the request.")
    func timeout() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(
            Bind(Int.self, options: BindingOptions(initializeTimeout: .seconds(2))) { () async throws -> Int in
                try await time.sleep(for: .seconds(60))
                return 1
            }.fallback(to: ResourceKey(Int.self, name: "spare"))
        )
        try container.bind(Int.self, name: "spare") { 2 }
        let answer = try self.simulation.run { try await container.withScope { try await $0.get(Int.self) } }
        #expect(answer == 2)
        #expect(container.snapshot().books.abandoned == 1)
    }

    @Test("A double failure names both errors, circular fallbacks end, and an invalid binding does not trigger a fallback.")
    func bothFail() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(
            Bind(Int.self, name: "a") { () throws -> Int in throw Failure(description: "first") }
                .fallback(to: ResourceKey(Int.self, name: "b"))
        )
        try container.bind(
            Bind(Int.self, name: "b") { () throws -> Int in throw Failure(description: "second") }
                .fallback(to: ResourceKey(Int.self, name: "a"))
        )
        try container.bind(
            Bind(Int.self, name: "c", using: ResourceKey(String.self)) { _ in 1 }.fallback(
                to: ResourceKey(Int.self, name: "spare")
            )
        )
        try container.bind(Int.self, name: "spare") { 3 }
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Int.self, name: "a") }
                #expect(error?.code == .initializationFailed)
                #expect(error?.description.contains("first") == true)
                #expect(error?.description.contains("second") == true)
                let value10 = try await scope.get(Int.self, name: "c")
                #expect(value10 == 3)
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A synchronous scope uses a fallback.")
    func synchronous() throws {
        let container = Container()
        try container.bind(
            Bind(Int.self) { () throws -> Int in throw Failure(description: "no") }.fallback(
                to: ResourceKey(Int.self, name: "spare")
            )
        )
        try container.bind(Int.self, name: "spare") { 7 }
        let value11 = try container.withScope { try $0.get(Int.self) }
        #expect(value11 == 7)
    }

    @Test("A fallback that a closure creates has the lifetime that its binding takes over from the one it replaces.")
    func inheritedLifetime() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("real", diary) }
        let failing = Bind(Thing.self, override: true) { () throws -> Thing in throw Failure(description: "refused") }
            .fallback { [diary] in Thing("spare", diary) }
        try self.simulation.run {
            let overridden = try await container.overriding {
                failing
            } body: {
                try await $0.get(Thing.self).name
            }
            #expect(overridden == "spare")
            try container.bind(failing)
            let replaced = try await container.get(Thing.self).name
            #expect(replaced == "spare")
        }
        let lifetimes = container.snapshot().bindings.map(\.lifetime)
        #expect(lifetimes == [.singleton, .singleton])
    }
}
