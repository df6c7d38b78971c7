import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Testing

private final class Database: Resource {}
private final class Orders: Resource {
    let database: Database
    init(database: Database) { self.database = database }
}
private final class Settings: SyncResource {}
private struct Broken: Error {}

@Suite("Expectations about a block")
struct BlockExpectationTests {
    private func container(_ simulation: Simulation) throws -> Container {
        try Container(environment: simulation.environment) {
            Bind(Database.self, fileID: "Shop/Shop.swift", line: 8, Database.init)
            Bind(Orders.self, fileID: "Shop/Shop.swift", line: 9, Orders.init)
            Bind(Settings.self, fileID: "Shop/Shop.swift", line: 10, Settings.init)
        }
    }

    private func pool(_ simulation: Simulation, maximum: Int = 4) throws -> ResourcePool<Int> {
        try ResourcePool(
            name: "connections",
            configuration: PoolConfiguration(maximum: maximum),
            environment: simulation.environment,
            make: { 1 }
        )
    }

    /// Returns the description of an unmet expectation without its source location.
    private func failure(_ body: nonisolated(nonsending) () async throws -> Void) async -> String? {
        guard let failure = await #expect(throws: ExpectationFailure.self, performing: { try await body() }) else { return nil }
        #expect(failure.description.hasPrefix("BlockExpectationTests.swift:\(failure.location.line): expected: "))
        return String(failure.description.dropFirst("\(failure.location): ".count))
    }

    // MARK: Leaks

    @Test("A block that closes everything leaks nothing, and its result is returned.")
    func nothingLeaked() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let count = try await expectNoLeaks(in: container) {
                try await container.withScope { _ = try await $0.get(Orders.self) }
                return 3
            }
            #expect(count == 3)
        }
    }

    @Test("An open scope is reported with where it was opened, and its resources with where they were bound.")
    func scopeLeaked() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let text = await self.failure {
                try await expectNoLeaks(in: container) {
                    let scope = try container.openScope("import", fileID: "ShopTests/ImportTests.swift", line: 31)
                    _ = try await scope.get(Orders.self)
                }
            }
            #expect(
                text == "expected: nothing is leaked; scope import is still open, opened at ImportTests.swift:31; "
                    + "Orders#1 is still active, in scope import, bound at Shop.swift:9; "
                    + "Database#2 is still active, in scope import, bound at Shop.swift:8"
            )
        }
    }

    @Test("A leased pool item is reported with where it was acquired; a released one is not.")
    func leaseLeaked() throws {
        try simulate(seed: 1) { simulation in
            let (container, pool) = (Container(environment: simulation.environment), try self.pool(simulation))
            try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
            try await expectNoLeaks(in: container) {
                try await container.get(ResourcePool<Int>.self).withLease { _ in }
            }
            let leases = Lock<[LeaseHandle]>([])
            let text = await self.failure {
                try await expectNoLeaks(in: container) {
                    for _ in 0..<2 {
                        let handle = try await pool.acquire(fileID: "Shop/Orders.swift", line: 12).detach().handle
                        leases.withLock { $0.append(handle) }
                    }
                }
            }
            #expect(
                text == "expected: nothing is leaked; 2 of pool connections not released, acquired at Orders.swift:12 (2 times)"
            )
            // The leases are still held, but do not count for a block that begins now.
            try await expectNoLeaks(in: container) { try await pool.withLease { _ in } }
            for lease in leases.withLock({ $0 }) { try pool.release(lease) }
            try await container.close()
        }
    }

    @Test("All leases are counted, even beyond the number that a sample lists.")
    func manyLeases() throws {
        try simulate(seed: 1) { simulation in
            let (container, pool) = (Container(environment: simulation.environment), try self.pool(simulation, maximum: 100))
            try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
            _ = try await container.get(ResourcePool<Int>.self)
            let text = await self.failure {
                try await expectNoLeaks(in: container) {
                    for _ in 0..<60 { _ = try await pool.acquire(fileID: "Shop/Orders.swift", line: 12).detach() }
                }
            }
            #expect(text?.contains("60 of pool connections not released, acquired at Orders.swift:12 (50 times), other locations") == true)
            try await expectNoLeaks(in: container) { try await pool.withLease { _ in } }
        }
    }

    @Test("A resource whose dispose hangs is reported as abandoned.")
    func abandoned() throws {
        try simulate(seed: 1) { simulation in
            let container = Container(environment: simulation.environment)
            try container.bind(
                Int.self,
                lifecycle: .managed(onDispose: { _ in await Promise<Void>().waitThroughCancellation() }),
                fileID: "Shop/Shop.swift",
                line: 11
            ) { 1 }
            let text = await self.failure {
                try await expectNoLeaks(in: container) { try await container.withScope("job") { _ = try await $0.get(Int.self) } }
            }
            #expect(text == "expected: nothing is leaked; Int#1 was abandoned, in scope job, bound at Shop.swift:11")
        }
    }

    @Test("Singletons, exceptions and resources from before the block do not count as leaks.")
    func allowedToRemain() throws {
        try simulate(seed: 1) { simulation in
            let container = Container(environment: simulation.environment)
            try container.bind(Database.self, lifetime: .singleton, Database.init)
            try container.bind(Orders.self, lifetime: .transient, fileID: "Shop/Shop.swift", line: 9, Orders.init)
            let before = try container.openScope("before")
            _ = try await before.get(Orders.self)
            try await expectNoLeaks(in: container) { _ = try await container.get(Database.self) }
            let text = await self.failure {
                try await expectNoLeaks(in: container) { _ = try await before.get(Orders.self) }
            }
            #expect(text == "expected: nothing is leaked; Orders#3 is still active, in scope before, bound at Shop.swift:9")
            try await expectNoLeaks(in: container, except: ["Orders"]) {
                let scope = try container.openScope("again")
                _ = try await scope.get(Orders.self)
                try await scope.close()
            }
        }
    }

    @Test("The block's error is thrown unchanged, even if instances remain active.")
    func ownError() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            await #expect(throws: Broken.self) {
                try await expectNoLeaks(in: container) {
                    _ = try container.openScope("job")
                    throw Broken()
                }
            }
            await #expect(throws: Broken.self) { try await expectDisposal(in: container, order: ["Orders"]) { throw Broken() } }
            await #expect(throws: Broken.self) {
                try await expectAtMost(0, of: "Database", in: container) {
                    try await container.withScope { _ = try await $0.get(Database.self) }
                    throw Broken()
                }
            }
        }
    }

    // MARK: Order and count

    @Test("A different disposal order is reported, and so is an unexpected resource.")
    func order() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let use: @Sendable () async throws -> Void = { try await container.withScope { _ = try await $0.get(Orders.self) } }
            try await expectDisposal(in: container, order: ["Orders", "Database"]) { try await use() }
            let reversed = await self.failure {
                try await expectDisposal(in: container, order: ["Database", "Orders"]) { try await use() }
            }
            #expect(reversed == "expected: disposed in this order: Database, Orders; it was Orders, Database")
            await #expect(throws: ExpectationFailure.self) {
                try await expectDisposal(in: container, order: ["Orders"]) { try await use() }
            }
            let nothing = await self.failure { try await expectDisposal(in: container, order: ["Orders"]) {} }
            #expect(nothing == "expected: disposed in this order: Orders; nothing was disposed")
        }
    }

    @Test("Too many simultaneous resources are reported, including earlier ones; sequential ones are allowed.")
    func tooManyAtOnce() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            @Sendable func use(_ depth: Int) async throws {
                if depth == 0 { return }
                let scope = try container.openScope("request")
                _ = try await scope.get(Database.self)
                try await use(depth - 1)
                try await scope.close()
            }
            let count = try await expectAtMost(1, of: "Database", in: container) {
                for _ in 0..<5 { try await use(1) }
                return 5
            }
            #expect(count == 5)
            try await expectAtMost(3, of: "Database", in: container) { try await use(3) }
            let text = await self.failure { try await expectAtMost(2, of: "Database", in: container) { try await use(3) } }
            #expect(text == "expected: at most 2 of Database at a time; there were 3")

            let before = try container.openScope("before")
            _ = try await before.get(Database.self)
            await #expect(throws: ExpectationFailure.self) { try await expectAtMost(2, of: "Database", in: container) { try await use(2) } }
            try await expectAtMost(2, of: "Database", in: container) {
                try await before.close()
                try await use(2)
            }
        }
    }

    @Test("An expectation about an unknown label fails.")
    func unknownLabel() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let text = await self.failure { try await expectAtMost(1, of: "Databse", in: container) {} }
            #expect(text == "expected: at most 1 of Databse at a time; no binding is labeled Databse: Database, Orders, Settings")
        }
    }

    // MARK: Synchronous code

    @Test("Blocks of synchronous code have the same expectations.")
    func synchronous() throws {
        let container = try self.container(Simulation(seed: 1))
        func use() throws { try container.withScope { _ = try $0.get(Settings.self) } }
        let count = try expectNoLeaks(in: container) {
            try use()
            return 2
        }
        #expect(count == 2)
        try expectDisposal(in: container, order: ["Settings"]) { try use() }
        try expectAtMost(1, of: "Settings", in: container) { try use() }
        let leaked = #expect(throws: ExpectationFailure.self) {
            try expectNoLeaks(in: container) { _ = try container.openScope("job", fileID: "ShopTests/Jobs.swift", line: 3) }
        }
        #expect(leaked?.found == ["scope job is still open, opened at Jobs.swift:3"])
        #expect(throws: ExpectationFailure.self) { try expectDisposal(in: container, order: []) { try use() } }
        #expect(throws: ExpectationFailure.self) { try expectAtMost(0, of: "Settings", in: container) { try use() } }
        #expect(throws: Broken.self) { try expectNoLeaks(in: container) { throw Broken() } }
    }
}

extension BlockExpectationTests {
    private final class Item: SyncResource {}

    @Test("A block with more events than a record keeps meets no expectation.")
    func overflow() throws {
        let container = Container()
        try container.bind(Item.self) { Item() }
        func storm() throws {
            for _ in 0..<6_000 { try container.withScope("one") { _ = try $0.get(Item.self) } }
        }
        let leaked = #expect(throws: ExpectationFailure.self) { try expectNoLeaks(in: container) { try storm() } }
        #expect(leaked?.expectation == "the record is complete")
        let many = #expect(throws: ExpectationFailure.self) { try expectAtMost(3, of: "Item", in: container) { try storm() } }
        #expect(many?.expectation == "the record is complete")
    }
}
