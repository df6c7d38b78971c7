import ResourceContainer
import ResourceScenarios

/// The pool of database connections, as a separate type with its own key.
/// Its health is that of the pool: a check that acquired a connection would have to wait in the queue.
final class DatabasePool: NamedPool, HealthCheckable {
    let pool: ResourcePool<any ShopConnection>

    init(_ pool: ResourcePool<any ShopConnection>) {
        self.pool = pool
    }
}

/// An in-process cache of prices, one per worker.
final class PriceCache: SyncResource, KeyReadable {
    private let prices = Lock<[String: Int]>([:])

    func price(of item: String, _ compute: () -> Int) -> Int {
        self.prices.withLock { prices in
            if let price = prices[item] { return price }
            let price = compute()
            prices[item] = price
            return price
        }
    }

    func probe(key: String) async throws {
        _ = self.prices.withLock { $0[key] }
    }

    func dispose() throws {
        self.prices.withLock { $0 = [:] }
    }
}

/// The payment gateway of a bank: slow, and sometimes unhealthy.
final class PaymentGateway: Resource, HealthCheckable {
    private let world: ScenarioWorld
    private let health = Lock(HealthReport(.healthy))

    init(world: ScenarioWorld) {
        self.world = world
    }

    func initialize() async throws {
        try await self.world.pause(.milliseconds(40), .milliseconds(120))
    }

    func charge(cents: Int) async throws {
        try await self.world.pause(.milliseconds(10), .milliseconds(90))
        if self.world.happens(onceIn: 40) { throw ScenarioFault(description: "card refused") }
    }

    func healthCheck() async throws -> HealthReport {
        // Two checks in ten take longer than the binding's limit; one in ten reports regions that do not answer.
        let chance = self.world.number(in: 0...9)
        try await chance < 2
            ? self.world.pause(.milliseconds(260), .milliseconds(700)) : self.world.pause(.milliseconds(2), .milliseconds(20))
        let report =
            chance == 2 ? HealthReport(.unhealthy, "\(self.world.number(in: 3...5)) of 5 regions do not answer") : HealthReport(.healthy)
        self.health.withLock { $0 = report }
        return report
    }

    func dispose() async throws {
        try await self.world.pause(.milliseconds(2), .milliseconds(10))
    }
}

/// A customer's payment session. Its dispose sometimes throws.
final class PaymentSession: Resource {
    private let gateway: PaymentGateway
    private let world: ScenarioWorld

    init(gateway: PaymentGateway, world: ScenarioWorld) {
        self.gateway = gateway
        self.world = world
    }

    func initialize() async throws {
        try await self.world.pause(.milliseconds(5), .milliseconds(30))
        if self.world.happens(onceIn: 50) { throw ScenarioFault(description: "the bank refused a session") }
    }

    func pay(cents: Int) async throws {
        try await self.gateway.charge(cents: cents)
    }

    func dispose() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(8))
        if self.world.happens(onceIn: 20) { throw ScenarioFault(description: "the session was reset by the bank") }
    }
}

/// The recommendation data of a worker, which sometimes loads slowly.
final class Recommendations: Resource, Pingable {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func initialize() async throws {
        if self.world.happens(onceIn: 3) {
            try await self.world.pause(.milliseconds(900), .milliseconds(2500))
        } else {
            try await self.world.pause(.milliseconds(20), .milliseconds(80))
        }
    }

    func ping() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(4))
    }

    func dispose() async throws {
        try await self.world.pause(.milliseconds(5), .milliseconds(20))
    }
}

/// The cart of one request.
final class Cart: SyncResource {
    private let cents = Lock(0)

    func add(_ amount: Int) {
        self.cents.withLock { $0 += amount }
    }

    var total: Int {
        self.cents.withLock { $0 }
    }
}

/// The audit trail of one transaction. It reports failures.
final class AuditTrail: Resource, ContextualResource {
    private let world: ScenarioWorld
    private let context = Lock<ResourceContext?>(nil)

    init(world: ScenarioWorld) {
        self.world = world
    }

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func failed(_ error: any Error) {
        self.context.withLock { $0 }?.report(error)
    }

    func dispose() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(3))
    }
}
