import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Synchronous scopes never wait for asynchronous work")
struct SynchronousTests {
    let diary = Diary()

    @Test("A synchronous scope creates and disposes resources that need no suspension.")
    func synchronous() throws {
        let container = Container()
        try container.bind(SyncThing.self) { [diary] in SyncThing("a", diary) }
        let result = try container.withScope("sync") { scope in
            let (first, second) = (try scope.get(SyncThing.self), try container.get(SyncThing.self))
            #expect(first === second)
            return 7
        }
        #expect(result == 7)
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A synchronous request for a key that needs suspension gets a typed error with the key's name.")
    func asynchronousOnly() throws {
        let container = Container()
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try container.bind(Int.self) { () async -> Int in 1 }
        try container.withScope("sync") { scope in
            let disposed = #expect(throws: ResourceError.self) { try scope.get(Thing.self) }
            #expect(disposed?.code == .asynchronousOnly)
            #expect(disposed?.key == "Thing")
            let made = #expect(throws: ResourceError.self) { try scope.get(Int.self) }
            #expect(made?.code == .asynchronousOnly)
            #expect(made?.key == "Int")
        }
        #expect(self.diary.entries.isEmpty)
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.created == 1)
        #expect(books.initFailed == 1)
    }

    @Test("A synchronous request gets an asynchronous resource that is already ready.")
    func readyAlready() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("a", diary) }
        let thing = try simulation.run { try await container.get(Thing.self) }
        #expect(try container.withScope { try $0.get(Thing.self) } === thing)
    }

    @Test("The asynchronous overload is chosen wherever await is allowed, also for a body without await.")
    func overloads() async throws {
        let container = Container()
        try container.bind(Int.self) { () async -> Int in 1 }
        let value = try await container.withScope { scope in 1 }
        #expect(value == 1)
        #expect(try await container.withScope { try await $0.get(Int.self) } == 1)
    }
}
