import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A service that cannot be reached now and then: what needs it fails to initialise, and a declared fallback stands in.
public struct FlakyScenario: Scenario {
    public static let name = "flaky"
    public static let summary =
        "prices come from a service that often cannot be reached: its initialise fails, the list of yesterday stands in"
    public static let findings: Set<Finding.Kind> = [.initialiseFailing]

    private static let workers = 2
    /// How long the service is there, and how long it is not.
    public static let up = Duration.seconds(6)
    public static let down = Duration.seconds(9)

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(PricesOfYesterday.self, lifetime: .singleton) { PricesOfYesterday() }
        try container.bind((any Prices).self, options: BindingOptions(allowsFaults: true)) { (upstream: any Upstream) in
            FreshPrices(upstream: upstream)
        }.fallback(to: ResourceKey(PricesOfYesterday.self)) { $0 }
        try container.bind(Quote.self) { (prices: any Prices) in Quote(prices: prices) }
    }

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

/// What things cost.
protocol Prices: Sendable {
    func price(of article: Int) async throws -> Int
}

/// Asked of the service, over a connection of its own.
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

/// Needs nobody, and is a day old.
final class PricesOfYesterday: Prices, SyncResource {
    func price(of article: Int) async throws -> Int { 100 }
}

/// What one customer is told.
final class Quote: Sendable {
    private let prices: any Prices

    init(prices: any Prices) {
        self.prices = prices
    }

    func cents(of article: Int) async throws -> Int {
        try await self.prices.price(of: article)
    }
}
