import ResourceContainer

/// What prints a page: a real machine in production, something that takes time and now and then jams in a scenario.
protocol Printer: Sendable {
    func print(_ page: String) async throws
}

/// The program's own container: nothing in this file knows of scenarios.
enum PrintShop {
    /// Binds everything but the printers.
    static func bind(into container: Container, environment: ResourceEnvironment, printer: @escaping @Sendable () -> any Printer) throws {
        try container.bind(ResourcePool<any Printer>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "Printers",
                configuration: PoolConfiguration(maximum: 2, acquireBudget: .seconds(3)),
                environment: environment,
                make: { printer() }
            )
        }
        try container.bind(Order.self) { (printers: ResourcePool<any Printer>) in Order(printers: printers) }
    }

    /// One order, as a request of it comes in.
    static func serve(_ number: Int, pages: Int, _ container: Container) async throws {
        try await container.withScope("order-\(number)", tag: "order") { scope in
            let order = try await scope.get(Order.self)
            for page in 1...pages { try await order.print("page \(page) of \(pages)") }
        }
    }
}

/// What one customer wants printed.
final class Order: Resource, ContextualResource {
    private let printers: ResourcePool<any Printer>
    private let context = Lock<ResourceContext?>(nil)

    init(printers: ResourcePool<any Printer>) {
        self.printers = printers
    }

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func print(_ page: String) async throws {
        do {
            try await self.printers.withLease { try await $0.print(page) }
        } catch {
            self.context.withLock { $0 }?.report(error)
            throw error
        }
    }
}
