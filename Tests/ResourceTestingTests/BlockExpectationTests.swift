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

@Suite("A block leaks nothing, disposes in this order and never has more than so many, or says what was otherwise")
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

    /// What an expectation that is not met says.
    private func failure(_ body: nonisolated(nonsending) () async throws -> Void) async -> String? {
        await #expect(throws: ExpectationFailure.self) { try await body() }?.description
    }

    // MARK: Leaks

    @Test("what is closed leaks nothing, and the block's result comes back")
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

    @Test("a scope that nobody closed is named with where it was opened, and what is in it with where it was bound")
    func scopeLeaked() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let text = await self.failure {
                try await expectNoLeaks(in: container) {
                    let scope = try container.openScope(named: "import", fileID: "ShopTests/ImportTests.swift", line: 31)
                    _ = try await scope.get(Orders.self)
                }
            }
            #expect(
                text == "expected: nothing is leaked; scope import is still open, opened at ImportTests.swift:31; "
                    + "Orders#1 is still there, in scope import, bound at Shop.swift:9; "
                    + "Database#2 is still there, in scope import, bound at Shop.swift:8"
            )
        }
    }

    @Test("a lease that is out is named with where it was lent and in which scope; one given back is not")
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
                text == "expected: nothing is leaked; 2 of pool connections not given back, lent at Orders.swift:12 (2 times)"
            )
            // They are out still, and no business of a block that begins now.
            try await expectNoLeaks(in: container) { try await pool.withLease { _ in } }
            for lease in leases.withLock({ $0 }) { try pool.release(lease) }
            try await container.close()
        }
    }

    @Test("of more leases than a sample lists, all are counted")
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
            #expect(text?.contains("60 of pool connections not given back, lent at Orders.swift:12 (50 times), other places") == true)
            try await expectNoLeaks(in: container) { try await pool.withLease { _ in } }
        }
    }

    @Test("a resource whose dispose does not come back is told as abandoned")
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

    @Test("singletons live on, and so does what may; what was left before does not count")
    func mayStay() throws {
        try simulate(seed: 1) { simulation in
            let container = Container(environment: simulation.environment)
            try container.bind(Database.self, lifetime: .singleton, Database.init)
            try container.bind(Orders.self, lifetime: .transient, fileID: "Shop/Shop.swift", line: 9, Orders.init)
            let before = try container.openScope(named: "before")
            _ = try await before.get(Orders.self)
            try await expectNoLeaks(in: container) { _ = try await container.get(Database.self) }
            let text = await self.failure {
                try await expectNoLeaks(in: container) { _ = try await before.get(Orders.self) }
            }
            #expect(text == "expected: nothing is leaked; Orders#3 is still there, in scope before, bound at Shop.swift:9")
            try await expectNoLeaks(in: container, except: ["Orders"]) {
                let scope = try container.openScope(named: "again")
                _ = try await scope.get(Orders.self)
                try await scope.close()
            }
        }
    }

    @Test("the block's own error is thrown unchanged, whatever is left")
    func ownError() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            await #expect(throws: Broken.self) {
                try await expectNoLeaks(in: container) {
                    _ = try container.openScope(named: "job")
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

    // MARK: Order and number

    @Test("another order of disposal is told, and so is one resource too many")
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
            await #expect(throws: ExpectationFailure.self) { try await expectDisposal(in: container, order: ["Orders"]) {} }
        }
    }

    @Test("too many at a time are told, those from before included; as many one after the other are not")
    func number() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            @Sendable func use(_ depth: Int) async throws {
                if depth == 0 { return }
                let scope = try container.openScope(named: "request")
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

            let before = try container.openScope(named: "before")
            _ = try await before.get(Database.self)
            await #expect(throws: ExpectationFailure.self) { try await expectAtMost(2, of: "Database", in: container) { try await use(2) } }
            try await expectAtMost(2, of: "Database", in: container) {
                try await before.close()
                try await use(2)
            }
        }
    }

    @Test("a label that nothing is bound under is no expectation that is met")
    func unknownLabel() throws {
        try simulate(seed: 1) { simulation in
            let container = try self.container(simulation)
            let text = await self.failure { try await expectAtMost(1, of: "Databse", in: container) {} }
            #expect(text == "expected: at most 1 of Databse at a time; nothing bound is called Databse: Database, Orders, Settings")
        }
    }

    // MARK: Synchronous code

    @Test("blocks of synchronous code are held to the same")
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
            try expectNoLeaks(in: container) { _ = try container.openScope(named: "job", fileID: "ShopTests/Jobs.swift", line: 3) }
        }
        #expect(leaked?.found == ["scope job is still open, opened at Jobs.swift:3"])
        #expect(throws: ExpectationFailure.self) { try expectDisposal(in: container, order: []) { try use() } }
        #expect(throws: ExpectationFailure.self) { try expectAtMost(0, of: "Settings", in: container) { try use() } }
        #expect(throws: Broken.self) { try expectNoLeaks(in: container) { throw Broken() } }
    }
}

extension BlockExpectationTests {
    private final class Item: SyncResource {}

    @Test("a block in which more happened than a record keeps is not said to have leaked nothing, or to have had few at a time")
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
