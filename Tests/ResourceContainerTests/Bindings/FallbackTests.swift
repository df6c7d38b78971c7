import ResourceContainer
import ResourceSimulation
import Testing

@Suite("A declared fallback stands in while the first choice cannot be made, and shows as degraded")
struct FallbackTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    @Test("the request is answered by the stand-in, which shows; the next scope tries the first choice again")
    func standsIn() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        let isDown = Lock(true)
        try container.bind(Thing.self) { [diary] () throws -> Thing in
            if isDown.withLock({ $0 }) { throw Failure(description: "refused") }
            return Thing("primary", diary)
        }.fallback(to: ResourceKey(Thing.self, name: "secondary"))
        try container.bind(Thing.self, name: "secondary") { [diary] in Thing("secondary", diary) }
        try self.simulation.run {
            try await container.withScope { scope in
                let value5 = try await scope.get(Thing.self).name
                #expect(value5 == "secondary")
                isDown.withLock { $0 = false }
                let value6 = try await scope.get(Thing.self).name
                #expect(value6 == "secondary")
                let resource = try #require(container.snapshot().resources.first)
                #expect(resource.health?.status == .degraded && resource.health?.message?.contains("refused") == true)
            }
            try await container.withScope {
                let value7 = try await $0.get(Thing.self).name
                #expect(value7 == "primary")
            }
        }
        #expect(self.diary.entries == ["+secondary", "-secondary", "+primary", "-primary"])
        #expect(subscription.drain().events.contains { if case .fellBack("Thing", "refused") = $0.kind { true } else { false } })
        let books = container.snapshot().books
        #expect(books.isBalanced && books.initFailed == 1)
    }

    @Test("a stand-in of another type is converted; one for a singleton is not kept for ever")
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

    @Test("a first choice that hangs is given up after its budget, and the stand-in serves")
    func timeout() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Int.self, options: BindingOptions(initializeTimeout: .seconds(2))) { () async throws -> Int in
            try await time.sleep(for: .seconds(60))
            return 1
        }.fallback(to: ResourceKey(Int.self, name: "spare"))
        try container.bind(Int.self, name: "spare") { 2 }
        let answer = try self.simulation.run { try await container.withScope { try await $0.get(Int.self) } }
        #expect(answer == 2)
        #expect(container.snapshot().books.abandoned == 1)
    }

    @Test("if both fail, the error tells both; fallbacks in a circle end; a wrong binding is no reason to fall back")
    func bothFail() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, name: "a") { () throws -> Int in throw Failure(description: "first") }
            .fallback(to: ResourceKey(Int.self, name: "b"))
        try container.bind(Int.self, name: "b") { () throws -> Int in throw Failure(description: "second") }
            .fallback(to: ResourceKey(Int.self, name: "a"))
        try container.bind(Int.self, name: "c", using: ResourceKey(String.self)) { _ in 1 }.fallback(
            to: ResourceKey(Int.self, name: "spare")
        )
        try container.bind(Int.self, name: "spare") { 3 }
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Int.self, name: "a") }
                #expect(error?.code == .initialisationFailed)
                #expect(error?.description.contains("first") == true && error?.description.contains("second") == true)
                let value10 = try await scope.get(Int.self, name: "c")
                #expect(value10 == 3)
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("a synchronous scope falls back too")
    func synchronous() throws {
        let container = Container()
        try container.bind(Int.self) { () throws -> Int in throw Failure(description: "no") }.fallback(
            to: ResourceKey(Int.self, name: "spare")
        )
        try container.bind(Int.self, name: "spare") { 7 }
        let value11 = try container.withScope { try $0.get(Int.self) }
        #expect(value11 == 7)
    }
}
