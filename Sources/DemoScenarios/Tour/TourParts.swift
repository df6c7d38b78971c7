import ResourceContainer
import ResourceScenarios

/// What the tour's stops bind and use.
enum TourParts {
    /// What waiting for a connection, and a dispose, may take where the tour shows that it may not take longer.
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
        try container.bind((any Rates).self) { PrimaryRates() }.fallback(to: ResourceKey(SecondaryRates.self)) { $0 }
        try container.bind(Attachment.self) { Attachment() }
        try container.bind(Archive.self, options: BindingOptions(disposeTimeout: Self.budget)) {
            Archive(world: world)
        }
        try container.bind(Careless.self) { Careless() }
        try container.bind(Telling.self) { Telling() }
    }
}

/// A connection of one's own.
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

/// What was looked up before. Nothing in it waits for anything, so that a synchronous scope can have it too.
final class CacheConnection: SyncResource, KeyReadable {
    private let values = Lock<[String: String]>([:])

    func set(_ key: String, _ value: String) {
        self.values.withLock { $0[key] = value }
    }

    func probe(key: String) async throws {
        _ = self.values.withLock { $0[key] }
    }
}

/// Connections to a service elsewhere, which can be asked how it is.
final class ClientPool: NamedPool, HealthCheckable {
    let pool: ResourcePool<any UpstreamConnection>
    private let upstream: any Upstream

    init(_ pool: ResourcePool<any UpstreamConnection>, upstream: any Upstream) {
        self.pool = pool
        self.upstream = upstream
    }

    /// Asks on a connection of its own: those in the pool may be in use.
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

/// A class that knows nothing of resources.
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

/// One of several of its kind.
final class Store: SyncResource {}

/// What a currency is worth.
protocol Rates: Sendable {}

/// Cannot be had today.
final class PrimaryRates: Rates, Resource {
    func initialize() async throws { throw Mishap(description: "the rates' server does not know us") }
}

/// Those of yesterday.
final class SecondaryRates: Rates, SyncResource {}

/// Belongs to whoever opened the scope.
final class Attachment: SyncResource {}

/// Takes much too long to end.
final class Archive: Resource {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func dispose() async throws {
        try await self.world.pause(.seconds(4), .seconds(5))
    }
}

/// Throws when it is disposed.
final class Careless: Resource {
    func dispose() async throws { throw Mishap(description: "the last page could not be written") }
}

/// Does not throw, and says what went wrong.
final class Telling: Resource, ContextualResource {
    private let context = Lock<ResourceContext?>(nil)

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func dispose() async throws {
        self.context.withLock { $0 }?.report(Mishap(description: "one of its two files stayed open"))
    }
}
