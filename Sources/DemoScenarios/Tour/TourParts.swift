import ResourceContainer
import ResourceScenarios

/// The bindings of the tour.
enum TourParts {
    /// The limit for an acquire and for a dispose in the stops that demonstrate limits.
    static let budget = Duration.seconds(1)

    static func bind(into container: Container, world: ScenarioWorld) throws {
        let leaves = CheckoutLeaves(world)
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(ShopDirectory.self, lifetime: .singleton) { ShopDirectory(leaves.directory) }
        try container.bind(DatabaseConnection.self) { (_: ShopDirectory) in DatabaseConnection(connect: leaves.connect) }
        try container.bind(CacheConnection.self) { CacheConnection() }
        try container.bind(DatabasePool.self, lifetime: .singleton) { (_: ShopDirectory) in
            let pool = try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: 2, minimumSize: 1, acquireBudget: Self.budget, reentrancy: .allow),
                environment: world.environment,
                make: leaves.connect,
                close: { try await $0.close() }
            )
            return DatabasePool(pool)
        }
        try container.bind((any ReceiptFolder).self) { (_: ShopDirectory) in try leaves.openReceipts() }
        try container.bind(ClientPool.self, lifetime: .singleton) { (upstream: any Upstream) in
            let pool = try ResourcePool(
                name: "ClientPool",
                configuration: PoolConfiguration(maximum: 4, acquireBudget: Self.budget),
                environment: world.environment,
                make: { try await upstream.connect() },
                close: { try await $0.close() }
            )
            return ClientPool(pool, upstream: upstream)
        }
        try container.bind(
            SessionClient.self,
            lifecycle: .managed(onInitialize: { try await $0.connect() }, onDispose: { try await $0.disconnect() })
        ) { (upstream: any Upstream) in SessionClient(upstream: upstream) }
        for (name, kind) in [("eu", "ledger"), ("us", "ledger"), ("eu", "audit")] {
            try container.bind(Store.self, name: "\(kind)-\(name)") { Store() }
        }
        try container.bind(SecondaryRates.self) { SecondaryRates() }
        try container.bind(Bind((any Rates).self) { PrimaryRates() }.fallback(to: ResourceKey(SecondaryRates.self)) { $0 })
        try container.bind(Attachment.self) { Attachment() }
        try container.bind(Archive.self, options: BindingOptions(disposeTimeout: Self.budget)) {
            Archive(world: world)
        }
        try container.bind(Careless.self) { Careless() }
        try container.bind(Telling.self) { Telling() }
    }
}

/// A database connection that is not pooled.
final class DatabaseConnection: Resource, StatementExecuting {
    private let connect: @Sendable () async throws -> any ShopConnection
    private let connection = Lock<(any ShopConnection)?>(nil)

    init(connect: @escaping @Sendable () async throws -> any ShopConnection) {
        self.connect = connect
    }

    func initialize() async throws {
        let connection = try await self.connect()
        self.connection.withLock { $0 = connection }
    }

    func execute(_ statement: String) async throws {
        try await self.connection.withLock { $0 }?.execute(statement)
    }

    func dispose() async throws {
        try await self.connection.withLock { $0 }?.close()
    }
}

/// A cache without asynchronous work, so that a synchronous scope can resolve it.
final class CacheConnection: SyncResource, KeyReadable {
    private let values = Lock<[String: String]>([:])

    func set(_ key: String, _ value: String) {
        self.values.withLock { $0[key] = value }
    }

    func probe(key: String) async throws {
        _ = self.values.withLock { $0[key] }
    }
}

/// A pool of connections to an external service, with a health check.
final class ClientPool: NamedPool, HealthCheckable {
    let pool: ResourcePool<any UpstreamConnection>
    private let upstream: any Upstream

    init(_ pool: ResourcePool<any UpstreamConnection>, upstream: any Upstream) {
        self.pool = pool
        self.upstream = upstream
    }

    /// Uses a separate connection, because those in the pool may be leased.
    func healthCheck() async throws -> HealthReport {
        let connection = try await self.upstream.connect()
        do { try await connection.ask() } catch {
            try? await connection.close()
            throw error
        }
        try await connection.close()
        return HealthReport(.healthy)
    }
}

/// A class without any resource protocol.
final class SessionClient: Sendable {
    private let upstream: any Upstream
    private let connection = Lock<(any UpstreamConnection)?>(nil)

    init(upstream: any Upstream) {
        self.upstream = upstream
    }

    func connect() async throws {
        let connection = try await self.upstream.connect()
        self.connection.withLock { $0 = connection }
    }

    func ask() async throws {
        try await self.connection.withLock { $0 }?.ask()
    }

    func disconnect() async throws {
        try await self.connection.withLock { $0 }?.close()
    }
}

/// A type that is bound several times, under different names.
final class Store: SyncResource {}

/// Exchange rates.
protocol Rates: Sendable {}

/// Rates that fail to initialize.
final class PrimaryRates: Rates, Resource {
    func initialize() async throws { throw ScenarioFault(description: "the rates server rejected the credentials") }
}

/// The fallback for the rates.
final class SecondaryRates: Rates, SyncResource {}

/// A resource in the scope that is never closed.
final class Attachment: SyncResource {}

/// A resource whose dispose exceeds its budget.
final class Archive: Resource {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func dispose() async throws {
        try await self.world.pause(.seconds(4), .seconds(5))
    }
}

/// A resource whose dispose throws.
final class Careless: Resource {
    func dispose() async throws { throw ScenarioFault(description: "the last page could not be written") }
}

/// A resource whose dispose reports an error and does not throw.
final class Telling: Resource, ContextualResource {
    private let context = Lock<ResourceContext?>(nil)

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func dispose() async throws {
        self.context.withLock { $0 }?.report(ScenarioFault(description: "one of two files remained open"))
    }
}
