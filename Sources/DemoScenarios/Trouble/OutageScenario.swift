import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

#if Postgres
    import PostgresResources
#endif

/// A scenario with a service that goes down and comes up at fixed intervals. Its dependents become unhealthy or affected.
public struct OutageScenario: Scenario {
    /// The scenario's name, `outage`.
    public static let name = "outage"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "the stock service goes down repeatedly: which resources are unhealthy, since when, and what is affected"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.unhealthy]

    private static let workers = 3
    /// How long the service is up.
    public static let up = Duration.seconds(12)
    /// How long the service is down.
    public static let down = Duration.seconds(12)

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        // A check of a real service may take two connection attempts.
        let deadline: Duration = world.options.service == nil ? .milliseconds(500) : .seconds(2)
        let watched = BindingOptions(healthInterval: .seconds(1), healthDeadline: deadline, allowsFaults: true)
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(StockService.self, lifetime: .singleton, options: watched) { (upstream: any Upstream) in
            StockService(upstream: upstream)
        }
        try container.bind(Catalog.self, lifetime: .singleton) { (stock: StockService) in Catalog(stock: stock) }
        try container.bind(SearchIndex.self, lifetime: .singleton) { SearchIndex() }
        try container.bind(Offer.self, options: BindingOptions(allowsFaults: true)) { (catalog: Catalog, _: SearchIndex) in
            Offer(catalog: catalog)
        }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        await Self.serve(numbers.next(), container, world)
                        try? await world.turn(.milliseconds(80), .milliseconds(300))
                    }
                }
            }
            group.addTask { await world.interrupt(container, up: Self.up, down: Self.down) }
        }
    }

    /// Validates the URL of a real service. Returns a description of the fault, or nil if the URL is valid.
    public static func fault(ofService url: String) -> String? {
        #if Postgres
            do { _ = try PostgresConfiguration(url: url) } catch { return "\(error)" }
            return nil
        #else
            return "this resmon was built without PostgreSQL: "
                + "build it with 'swift build --traits default,Postgres', which requires libpq-dev"
        #endif
    }

    private static func serve(_ number: Int, _ container: Container, _ world: ScenarioWorld) async {
        try? await container.withScope("offer-\(number)", tag: "offer") { scope in
            try await scope.get(Offer.self).quote()
            try await world.pause(.milliseconds(20), .milliseconds(200))
        }
    }
}

/// The stock levels, from the service. It reconnects after a failure.
final class StockService: Resource, HealthCheckable, ContextualResource {
    private let upstream: any Upstream
    private let connection = Lock<(current: (any UpstreamConnection)?, isDisposed: Bool)>((nil, false))
    private let context = Lock<ResourceContext?>(nil)

    init(upstream: any Upstream) {
        self.upstream = upstream
    }

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func initialize() async throws {
        try await self.reconnect()
    }

    func ask() async throws {
        do {
            try await self.asked()
        } catch {
            self.context.withLock { $0 }?.report(error)
            throw error
        }
    }

    func healthCheck() async throws -> HealthReport {
        do {
            try await self.asked()
            return HealthReport(.healthy)
        } catch {
            return HealthReport(.unhealthy, "the stock service does not answer: \(error)")
        }
    }

    /// Sends a request on the current connection, or reconnects if that fails.
    private func asked() async throws {
        do {
            guard let connection = self.connection.withLock({ $0.current }) else { throw ScenarioFault(description: "not connected") }
            try await connection.ask()
        } catch {
            try await self.reconnect()
        }
    }

    private func reconnect() async throws {
        let fresh = try await self.upstream.connect()
        // The code that removes a connection closes it, once. After dispose, that is the new connection.
        let stale = self.connection.withLock { connection in
            if connection.isDisposed { return fresh as (any UpstreamConnection)? }
            defer { connection.current = fresh }
            return connection.current
        }
        try? await stale?.close()
    }

    func dispose() async throws {
        let last = self.connection.withLock { connection in
            defer { connection = (nil, true) }
            return connection.current
        }
        try await last?.close()
    }
}

/// The catalog of articles with their stock levels.
final class Catalog: Resource {
    private let stock: StockService

    init(stock: StockService) {
        self.stock = stock
    }

    func look() async throws {
        try await self.stock.ask()
    }
}

/// A resource without dependencies.
final class SearchIndex: SyncResource, Pingable {
    func ping() async throws {}
}

/// An offer for one customer.
final class Offer: Resource {
    private let catalog: Catalog

    init(catalog: Catalog) {
        self.catalog = catalog
    }

    func quote() async throws {
        try await self.catalog.look()
    }
}
