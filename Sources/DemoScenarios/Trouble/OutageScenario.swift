import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

#if Postgres
    import PostgresResources
#endif

/// A service that the shop needs goes down now and then, and comes back.
public struct OutageScenario: Scenario {
    public static let name = "outage"
    public static let summary =
        "the stock service goes down for a while, again and again: what is unhealthy, since when, and what it affects"
    public static let findings: Set<Finding.Kind> = [.unhealthy]

    private static let workers = 3
    /// How long the service is there, and how long it is not.
    public static let up = Duration.seconds(12)
    public static let down = Duration.seconds(12)

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        // A real service may take the time of two attempts to be found out about.
        let deadline: Duration = world.options.service == nil ? .milliseconds(500) : .seconds(2)
        let watched = BindingOptions(healthInterval: .seconds(1), healthDeadline: deadline, allowsFaults: true)
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(StockService.self, lifetime: .singleton, options: watched) { (upstream: any Upstream) in
            StockService(upstream: upstream)
        }
        try container.bind(Catalogue.self, lifetime: .singleton) { (stock: StockService) in Catalogue(stock: stock) }
        try container.bind(SearchIndex.self, lifetime: .singleton) { SearchIndex() }
        try container.bind(Offer.self, options: BindingOptions(allowsFaults: true)) { (catalogue: Catalogue, _: SearchIndex) in
            Offer(catalogue: catalogue)
        }
    }

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

    /// Why `url` is not one of a service that this scenario could use; nil if it is.
    public static func fault(ofService url: String) -> String? {
        #if Postgres
            do { _ = try PostgresConfiguration(url: url) } catch { return "\(error)" }
            return nil
        #else
            return "this resmon was built without PostgreSQL: build it with 'swift build --traits Postgres', for which libpq-dev is needed"
        #endif
    }

    private static func serve(_ number: Int, _ container: Container, _ world: ScenarioWorld) async {
        try? await container.withScope("offer-\(number)", tag: "offer") { scope in
            try await scope.get(Offer.self).quote()
            try await world.pause(.milliseconds(20), .milliseconds(200))
        }
    }
}

/// How many of everything there are: asked of the service.
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

    /// Asks on the connection there is; on a new one if that is of no use any more.
    private func asked() async throws {
        do {
            guard let connection = self.connection.withLock({ $0.current }) else { throw Mishap(description: "not connected") }
            try await connection.ask()
        } catch {
            try await self.reconnect()
        }
    }

    private func reconnect() async throws {
        let fresh = try await self.upstream.connect()
        // Whoever takes one out closes it, once: that is the fresh one, if nobody wants it any more.
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

/// What there is to buy, with how many there are of it.
final class Catalogue: Resource {
    private let stock: StockService

    init(stock: StockService) {
        self.stock = stock
    }

    func look() async throws {
        try await self.stock.ask()
    }
}

/// Needs nobody.
final class SearchIndex: SyncResource, Pingable {
    func ping() async throws {}
}

/// What one customer is offered.
final class Offer: Resource {
    private let catalogue: Catalogue

    init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    func quote() async throws {
        try await self.catalogue.look()
    }
}
