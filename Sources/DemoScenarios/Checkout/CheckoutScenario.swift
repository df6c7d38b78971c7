import Foundation
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A small shop backend with a constant low rate of failures. Requests open nested scopes, take leases, do their work and end.
public struct CheckoutScenario: Scenario {
    /// The scenario's name, `checkout`.
    public static let name = "checkout"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "a shop backend: app ▸ worker ▸ req ▸ tx over a database pool and an HTTP client, with occasional failures"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.disposeThrew]

    /// The number of workers that serve requests concurrently.
    private static let workers = 3
    /// The number of requests after which a worker is replaced.
    private static let requestsPerWorker = 60

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        let leaves = CheckoutLeaves(world)
        let environment = world.environment
        try container.bind(ShopDirectory.self, lifetime: .singleton) { ShopDirectory(leaves.directory) }
        try container.bind(DatabasePool.self, lifetime: .singleton, options: BindingOptions(allowsFaults: true, tags: ["db": "primary"])) {
            (_: ShopDirectory) in
            DatabasePool(
                try ResourcePool(
                    name: "DatabasePool",
                    configuration: PoolConfiguration(maximum: 4, acquireBudget: .seconds(5), creationConcurrency: 1),
                    environment: environment,
                    make: { try await leaves.connect() },
                    close: { try await $0.close() }
                )
            )
        }
        try container.bind((any ReceiptFolder).self, lifetime: .singleton) { (_: ShopDirectory) in try leaves.openReceipts() }
        try container.bind(
            PaymentGateway.self,
            lifetime: .singleton,
            options: BindingOptions(degradedAfter: .milliseconds(250), allowsFaults: true)
        ) {
            PaymentGateway(world: world)
        }
        try container.bind((any Carrier).self, lifetime: .singleton) { world.carrier() }
        try container.bind(HTTPClientPool.self, lifetime: .singleton) { (carrier: any Carrier) in
            try HTTPClientPool(
                name: "HTTPClientPool",
                configuration: HTTPConfiguration(
                    maximumConnections: 4,
                    maximumPerHost: 2,
                    timeout: .seconds(2),
                    pingURL: try await carrier.address.appending(path: "health")
                ),
                environment: environment,
                stub: carrier.stub
            )
        }
        let faulty = BindingOptions(allowsFaults: true)
        try container.bind(ShippingRates.self, options: faulty) { (client: HTTPClientPool, carrier: any Carrier) in
            ShippingRates(client: client, carrier: carrier)
        }
        try container.bind(PriceCache.self, lifetime: .tagged("worker")) { PriceCache() }
        try container.bind(Recommendations.self, lifetime: .tagged("worker"), options: faulty) { Recommendations(world: world) }
        try container.bind(Cart.self, options: faulty) { Cart() }
        try container.bind(PaymentSession.self, options: faulty) { (gateway: PaymentGateway) in
            PaymentSession(gateway: gateway, world: world)
        }
        try container.bind(AuditTrail.self, options: faulty) { AuditTrail(world: world) }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...Self.workers {
                group.addTask { await self.work("worker-\(number)", container, world, numbers) }
            }
        }
    }

    /// Serves requests until canceled. The worker's scope is replaced after a number of requests.
    private func work(_ name: String, _ container: Container, _ world: ScenarioWorld, _ numbers: Numbers) async {
        while !Task.isCancelled {
            // If the user closes the worker's scope, the worker continues in a new one.
            try? await container.withScope(name, tag: "worker") { worker in
                for _ in 0..<Self.requestsPerWorker where worker.isOpen && !Task.isCancelled {
                    await self.serve(worker, world, request: numbers.next())
                    try await world.turn(.milliseconds(30), .milliseconds(400))
                }
            }
            try? await world.pause(.milliseconds(50), .milliseconds(200))
        }
    }

    /// Serves one request. An error ends the request; the resource that failed has reported it.
    private func serve(_ worker: Scope, _ world: ScenarioWorld, request number: Int) async {
        try? await worker.withScope("req-\(number)", tag: "request") { request in
            let cart = try await request.get(Cart.self)
            let prices = try await request.get(PriceCache.self)
            for _ in 0..<world.number(in: 1...4) {
                cart.add(prices.price(of: "item-\(world.number(in: 1...50))") { world.number(in: 199...9_999) })
            }
            if world.happens(onceIn: 4) { _ = try await request.get(Recommendations.self) }
            let session = try await request.get(PaymentSession.self)
            cart.add(try await request.get(ShippingRates.self).cents(ofParcelWorth: cart.total))
            try await session.pay(cents: cart.total)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 1...world.number(in: 1...2) {
                    group.addTask { try await self.order(request, world, name: "tx-\(number).\(part)", cents: cart.total) }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Runs one transaction: writes an order through a leased connection and its receipt to a file.
    private func order(_ request: Scope, _ world: ScenarioWorld, name: String, cents: Int) async throws {
        try await request.withScope(name, tag: "tx") { transaction in
            let audit = try await transaction.get(AuditTrail.self)
            let pool = try await transaction.get(DatabasePool.self)
            do {
                let order = try await pool.pool.withLease { connection in
                    try await world.pause(.milliseconds(5), .milliseconds(120))
                    return try await connection.placeOrder(customer: "c\(world.number(in: 1...500))", cents: cents)
                }
                try await transaction.get((any ReceiptFolder).self).write(order: order, text: "order \(order): \(cents) cents\n")
            } catch let error as ScenarioFault {
                audit.failed(error)
            }
        }
    }
}
