import ResourceContainer
import ServiceLifecycle

/// A connection that answers with a delay.
struct Connection: Sendable, Pingable {
    func ping() async throws {}

    func order() async throws {
        try await Task.sleep(for: .milliseconds(Int64.random(in: 1...8)))
    }
}

/// A resource of one request. Its initialize and its dispose sometimes throw.
final class Basket: Resource {
    struct OutOfStock: Error {}

    func initialize() async throws {
        if Int.random(in: 0..<40) == 0 { throw OutOfStock() }
    }

    func dispose() async throws {
        if Int.random(in: 0..<60) == 0 { throw OutOfStock() }
    }
}

enum Shop {
    static func bind(into container: Container) throws {
        try container.bind(ResourcePool<Connection>.self, lifetime: .singleton) {
            try ResourcePool(name: "orders", configuration: PoolConfiguration(maximum: 4), make: { Connection() })
        }
        try container.bind(Basket.self) { Basket() }
        try container.bind(Connection.self, name: "a \"quoted\" name", lifetime: .singleton) { Connection() }
    }
}

/// Sends concurrent requests for a limited time.
struct Load: Service {
    let container: Container
    let duration: Duration

    func run() async throws {
        let end = ContinuousClock.now + self.duration
        try await cancelWhenGracefulShutdown {
            _ = try await self.container.get(Connection.self, name: "a \"quoted\" name")
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { await self.requests(until: end) }
                }
            }
            // A service that returned would end the group.
            try? await gracefulShutdown()
        }
    }

    private func requests(until end: ContinuousClock.Instant) async {
        var number = 0
        while ContinuousClock.now < end, !Task.isCancelled {
            number += 1
            try? await self.container.withScope("request-\(number)") { scope in
                _ = try await scope.get(Basket.self)
                try await scope.get(ResourcePool<Connection>.self).withLease { try await $0.order() }
            }
        }
    }
}
