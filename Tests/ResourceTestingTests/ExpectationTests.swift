import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Synchronization
import Testing

private final class Database: Resource {}
private final class Orders: Resource {
    let database: Database
    init(database: Database) { self.database = database }
}
private struct Broken: Error {}

@Suite("Expectations about a container")
struct ExpectationTests {
    private func container(_ simulation: Simulation) throws -> Container {
        try Container(environment: simulation.environment) {
            Bind(Database.self, fileID: "Shop/Shop.swift", line: 8, Database.init)
            Bind(Orders.self, fileID: "Shop/Shop.swift", line: 9, Orders.init)
        }
    }

    @Test("A container that disposes in order and leaves nothing meets all expectations.")
    func expectationsAreMet() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let record = LifecycleRecord(of: container)
            try await container.withScope { _ = try await $0.get(Orders.self) }
            try record.expectEverythingDisposed()
            try record.expectNothingLeaked()
            try record.expectDisposed(["Orders", "Database"])
            try record.expectAtMost(1, of: "Database")
            try record.expectBalancedBooks()
            #expect(record.books.created == 2)
            #expect(record.mostActive("Orders") == 1)
        }
    }

    @Test("Open scopes, failed disposals and excess resources are reported by name.")
    func expectationsAreNotMet() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            try container.bind(Int.self, lifecycle: .managed(onDispose: { _ in throw Broken() })) { 1 }
            let record = LifecycleRecord(of: container)
            let scope = try container.openScope("job", fileID: "ShopTests/Jobs.swift", line: 3)
            _ = try await scope.get(Orders.self)
            let leaked = #expect(throws: ExpectationFailure.self) { try record.expectNothingLeaked() }
            #expect(
                leaked?.found == [
                    "scope job is still open, opened at Jobs.swift:3",
                    "Orders#1 is still active, in scope job, bound at Shop.swift:9",
                    "Database#2 is still active, in scope job, bound at Shop.swift:8",
                ]
            )
            let open = #expect(throws: ExpectationFailure.self) { try record.expectEverythingDisposed() }
            #expect(open?.found.count == 2)
            try await container.withScope { _ = try await $0.get(Database.self) }
            #expect(throws: ExpectationFailure.self) { try record.expectAtMost(1, of: "Database") }
            try await scope.close()
            #expect(throws: ExpectationFailure.self) { try record.expectDisposed(["Orders", "Database"]) }
            try record.expectNothingLeaked()
            try await container.withScope { _ = try await $0.get(Int.self) }
            let threw = #expect(throws: ExpectationFailure.self) { try record.expectEverythingDisposed() }
            #expect(threw?.found == ["the dispose of Int#4 threw: Broken()"])
        }
    }

    @Test("Resources from before the record do not count, and exceptions are named.")
    func resourcesBeforeTheRecord() throws {
        try simulate(seed: 1) { simulation in
            let container = Container(environment: simulation.environment)
            try container.bind(Database.self, lifetime: .singleton, Database.init)
            try container.bind(Orders.self, lifetime: .singleton, Orders.init)
            _ = try await container.get(Database.self)
            let record = LifecycleRecord(of: container)
            _ = try await container.get(Orders.self)
            #expect(throws: ExpectationFailure.self) { try record.expectNothingLeaked() }
            try record.expectNothingLeaked(except: ["Orders"])
            try record.expectBalancedBooks()
        }
    }

    @Test("A sweep reports the seed that failed, and that seed fails again.")
    func sweeps() async throws {
        let body: @Sendable @concurrent (Simulation) async throws -> Void = { simulation in
            let first = await withTaskGroup(of: Int.self) { group in
                for number in 1...3 { group.addTask { number } }
                return await group.next()
            }
            if first == 3 { throw Broken() }
        }
        let failure = await #expect(throws: SweepFailure.self) { try await sweep(seeds: 0..<1000, body) }
        let seed = try #require(failure?.seed)
        #expect(failure?.description.contains("simulate(seed: \(seed))") == true)
        #expect(failure?.passed == Int(seed))
        #expect(throws: Broken.self) { try simulate(seed: seed, body) }
        try await sweep(seeds: 0..<seed, body)
    }

    @Test("A canceled sweep ends before its next seed.")
    func cancelledSweep() async {
        let started = Mutex(0)
        let sweeping = Task {
            try await sweep(seeds: 0..<UInt64.max) { _ in started.withLock { $0 += 1 } }
        }
        while started.withLock({ $0 < 3 }) { await Task.yield() }
        sweeping.cancel()
        await #expect(throws: CancellationError.self) { try await sweeping.value }
    }

    @Test("A body that waits forever fails with an error instead of hanging.")
    func stalled() {
        #expect(throws: Simulation.Stalled.self) {
            try simulate(seed: 1) { _ in
                let (stream, continuation) = AsyncStream<Int>.makeStream()
                for await _ in stream {}
                continuation.finish()
            }
        }
    }
}
