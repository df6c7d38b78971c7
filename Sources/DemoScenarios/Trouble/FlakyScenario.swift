import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with a service that is often unreachable: a dependent resource fails to initialize, and its declared fallback is used.
public struct FlakyScenario: Scenario {
    /// The scenario's name, `flaky`.
    public static let name = "flaky"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "prices from a service that is often unreachable: initialize fails, and yesterday's list is the fallback"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.initializeFailing]

    private static let workers = 2
    /// How long the service is reachable.
    public static let up = Duration.seconds(6)
    /// How long the service is unreachable.
    public static let down = Duration.seconds(9)

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(PricesOfYesterday.self, lifetime: .singleton) { PricesOfYesterday() }
        try container.bind(
            Bind((any Prices).self, options: BindingOptions(allowsFaults: true)) { (upstream: any Upstream) in
                FreshPrices(upstream: upstream)
            }.fallback(to: ResourceKey(PricesOfYesterday.self)) { $0 }
        )
        try container.bind(Quote.self) { (prices: any Prices) in Quote(prices: prices) }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        await Self.quote(numbers.next(), container, world)
                        try? await world.turn(.milliseconds(150), .milliseconds(500))
                    }
                }
            }
            group.addTask { await world.interrupt(container, up: Self.up, down: Self.down) }
        }
    }

    private static func quote(_ number: Int, _ container: Container, _ world: ScenarioWorld) async {
        try? await container.withScope("quote-\(number)", tag: "quote") { scope in
            _ = try await scope.get(Quote.self).cents(of: number)
            try await world.pause(.milliseconds(20), .milliseconds(150))
        }
    }
}

/// A list of prices.
protocol Prices: Sendable {
    func price(of article: Int) async throws -> Int
}

/// Current prices from the service, over a separate connection.
final class FreshPrices: Prices, Resource {
    private let upstream: any Upstream
    private let connection = Lock<(any UpstreamConnection)?>(nil)

    init(upstream: any Upstream) {
        self.upstream = upstream
    }

    func initialize() async throws {
        let connection = try await self.upstream.connect()
        self.connection.withLock { $0 = connection }
    }

    func price(of article: Int) async throws -> Int {
        try await self.connection.withLock { $0 }?.ask()
        return 100 + article % 50
    }

    func dispose() async throws {
        try? await self.connection.withLock { $0 }?.close()
    }
}

/// Yesterday's prices, without dependencies.
final class PricesOfYesterday: Prices, SyncResource {
    func price(of article: Int) async throws -> Int { 100 }
}

/// A quote for one customer.
final class Quote: Sendable {
    private let prices: any Prices

    init(prices: any Prices) {
        self.prices = prices
    }

    func cents(of article: Int) async throws -> Int {
        try await self.prices.price(of: article)
    }
}
