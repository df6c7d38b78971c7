import ResourceContainer
import ResourceSimulation

/// A resource whose health check is healthy until `fall(_:)` is called.
final class Database: Resource, HealthCheckable {
    private let complaint = Lock<String?>(nil)

    func fall(_ complaint: String) {
        self.complaint.withLock { $0 = complaint }
    }

    func healthCheck() async throws -> HealthReport {
        self.complaint.withLock { $0 }.map { HealthReport(.unhealthy, $0) } ?? HealthReport(.healthy)
    }
}

final class Orders: Resource {
    private let database: Database

    init(database: Database) { self.database = database }
}

/// A resource whose `dispose` takes two seconds.
final class Outbox: Resource {
    private let time: TimeSource

    init(time: TimeSource) { self.time = time }

    func dispose() async throws { try await self.time.sleep(for: .seconds(2)) }
}

/// A pool whose resource type has a different name.
final class Connections: Resource, SampledPool {
    let pool: ResourcePool<Int>

    init(_ environment: ResourceEnvironment) throws {
        self.pool = try ResourcePool(
            name: "Connections",
            configuration: PoolConfiguration(maximum: 3, minimumSize: 1, prefill: .wait),
            environment: environment,
            make: { 1 }
        )
    }

    func initialize() async throws { try await self.pool.initialize() }
    func dispose() async throws { try await self.pool.dispose() }
    func attach(_ context: ResourceContext) { self.pool.attach(context) }
    func poolSample() -> PoolSample { self.pool.poolSample() }
}

/// A small shop with its bindings and a simulated run. Its source locations are fixed, so golden files do not depend on this file's lines.
struct Shop: Sendable {
    let container: Container
    private static let file = "Shop/Shop.swift"

    init(_ environment: ResourceEnvironment) {
        self.container = Container("shop", environment: environment, fileID: Self.file, line: 1)
    }

    func bind() throws {
        let environment = self.container.environment
        try self.container.bind(Connections.self, lifetime: .singleton, fileID: Self.file, line: 2) { try Connections(environment) }
        try self.container.bind(Database.self, lifetime: .singleton, fileID: Self.file, line: 3) { Database() }
        try self.container.bind(Orders.self, fileID: Self.file, line: 4, Orders.init)
        try self.container.bind(Outbox.self, fileID: Self.file, line: 5) { Outbox(time: environment.time) }
    }

    /// Opens a nested scope, leases two of three connections, and makes the database unhealthy. Waits with `wait` and checks health with
    /// `check`.
    func run(
        wait: nonisolated(nonsending) (Duration) async throws -> Void,
        check: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        let worker = try self.container.openScope("worker", fileID: Self.file, line: 6)
        _ = try await worker.get(Orders.self)
        try await wait(.seconds(1))
        let request = try worker.openScope("request", tag: "request", fileID: Self.file, line: 7)
        _ = try await request.get(Outbox.self)
        let connections = try await self.container.get(Connections.self)
        for _ in 0..<2 { _ = try await connections.pool.acquire(fileID: "Shop/Shop.swift", line: 8).detach() }
        try await check()
        try await wait(.milliseconds(1_100))
        try await self.container.get(Database.self).fall("the disk is full")
        for _ in 0..<2 {
            try await check()
            try await wait(.milliseconds(950))
        }
    }
}
