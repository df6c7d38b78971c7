import ResourceContainer
import Synchronization

/// A printer: a real machine in production, a simulated one in the scenario.
protocol Printer: Sendable {
    func print(_ page: String) async throws
}

/// The bindings of the application. This file does not depend on scenarios.
enum PrintShop {
    /// Binds everything except the printers, which `printer` creates.
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

    /// Serves one order.
    static func serve(_ number: Int, pages: Int, _ container: Container) async throws {
        try await container.withScope("order-\(number)", tag: "order") { scope in
            let order = try await scope.get(Order.self)
            for page in 1...pages { try await order.print("page \(page) of \(pages)") }
        }
    }
}

/// The order of one customer.
final class Order: Resource, ContextualResource {
    private let printers: ResourcePool<any Printer>
    private let context = Mutex<ResourceContext?>(nil)

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
