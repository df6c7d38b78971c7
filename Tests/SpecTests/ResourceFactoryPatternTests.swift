import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Resource Factory Pattern": one way to create a kind of resource, bound for several configurations.
@Suite("Spec: Resource Factory Pattern")
struct ResourceFactoryPatternTests {
    private final class DatabasePool: Resource {
        let config: DatabaseConfig
        private let journal: Journal

        init(_ config: DatabaseConfig, _ journal: Journal) {
            self.config = config
            self.journal = journal
        }

        func initialize() async throws {
            self.journal.write("+\(self.config.database)")
        }

        func dispose() async throws {
            self.journal.write("-\(self.config.database)")
        }
    }

    private final class CacheClient: Sendable {
        let size: Int

        init(size: Int) {
            self.size = size
        }
    }

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    @Test("create_database_pool(config): One factory with two configurations creates two resources at their first requests.")
    func twoConfigurations() throws {
        let container = Container(environment: self.simulation.environment)
        let pools = ResourceFactory { [journal] (config: DatabaseConfig) in DatabasePool(config, journal) }
        try container.bind(Bind(DatabasePool.self, name: "orders", factory: pools, configuration: DatabaseConfig(database: "orders")))
        try container.bind(Bind(DatabasePool.self, name: "users", factory: pools, configuration: DatabaseConfig(database: "users")))
        try self.simulation.run { [journal] in
            try await container.withScope { scope in
                let users = try await scope.get(DatabasePool.self, name: "users")
                #expect(users.config.database == "users")
                #expect(journal.entries == ["+users"])
                let orders = try await scope.get(DatabasePool.self, name: "orders")
                #expect(orders.config.database == "orders")
            }
        }
        #expect(self.journal.entries == ["+users", "+orders", "-orders", "-users"])
    }

    @Test("create_cache_client(config): A factory can add an asynchronous lifecycle to a type that has none.")
    func factoryLifecycle() throws {
        let container = Container(environment: self.simulation.environment)
        let (journal, time) = (self.journal, self.simulation.environment.time)
        let caches = ResourceFactory(
            lifecycle: Lifecycle<CacheClient>.managed(
                onInitialize: { journal.write("+\($0.size)") },
                onDispose: { journal.write("-\($0.size)") }
            )
        ) { (size: Int) async throws -> CacheClient in
            try await time.sleep(for: .seconds(1))
            return CacheClient(size: size)
        }
        try container.bind(Bind(CacheClient.self, factory: caches, configuration: 64))
        try self.simulation.run {
            try await container.withScope { scope in
                let cache = try await scope.get(CacheClient.self)
                #expect(cache.size == 64)
            }
        }
        #expect(self.journal.entries == ["+64", "-64"])
    }

    @Test("setup_resources: A module binds related resources in any container.")
    func module() throws {
        let journal = self.journal
        func setupResources(_ database: DatabaseConfig, cacheSize: Int) -> Module {
            let pools = ResourceFactory { (config: DatabaseConfig) in DatabasePool(config, journal) }
            let caches = ResourceFactory { (size: Int) in CacheClient(size: size) }
            return Module {
                Bind(DatabasePool.self, factory: pools, configuration: database)
                Bind(CacheClient.self, factory: caches, configuration: cacheSize)
            }
        }
        for database in ["one", "two"] {
            let container = Container(environment: self.simulation.environment)
            try container.install(setupResources(DatabaseConfig(database: database), cacheSize: 8))
            try self.simulation.run {
                try await container.withScope { scope in
                    let (pool, cache) = (try await scope.get(DatabasePool.self), try await scope.get(CacheClient.self))
                    #expect(pool.config.database == database)
                    #expect(cache.size == 8)
                }
            }
        }
        #expect(self.journal.entries == ["+one", "-one", "+two", "-two"])
    }

    @Test("setup_resources: A module that contains an already bound key binds nothing.")
    func moduleCollides() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(CacheClient.self) { CacheClient(size: 1) }
        let module = Module {
            Bind(DatabaseConfig.self, instance: DatabaseConfig())
            Bind(CacheClient.self) { CacheClient(size: 2) }
        }
        let error = #expect(throws: ResourceError.self) { try container.install(module) }
        #expect(error?.code == .duplicateBinding)
        #expect(error?.key == "CacheClient")
        #expect(container.snapshot().bindings.map(\.label) == ["CacheClient"])
    }
}
