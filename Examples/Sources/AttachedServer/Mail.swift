import ResourceContainer
import ServiceLifecycle

/// A connection to a mail relay, which accepts a message after a delay.
struct Relay: Sendable, Pingable {
    func ping() async throws {}

    func accept(_ message: Int) async throws {
        try await Task.sleep(for: .milliseconds(Int64.random(in: 20...200)))
    }
}

/// The delivery of one message. It leases a relay.
final class Delivery: Resource {
    private let relays: ResourcePool<Relay>

    init(relays: ResourcePool<Relay>) {
        self.relays = relays
    }

    func deliver(_ message: Int) async throws {
        try await self.relays.withLease { try await $0.accept(message) }
    }
}

enum Mail {
    static func bind(into container: Container) throws {
        try container.bind(ResourcePool<Relay>.self, lifetime: .singleton) {
            try ResourcePool(name: "relays", configuration: PoolConfiguration(maximum: 4), make: { Relay() })
        }
        try container.bind(Delivery.self) { (relays: ResourcePool<Relay>) in Delivery(relays: relays) }
    }
}

/// Delivers messages with six workers, each message in a scope.
struct MailQueue: Service {
    let container: Container
    /// How long messages arrive; nil for as long as the server runs.
    let duration: Duration?

    func run() async throws {
        let end = self.duration.map { ContinuousClock.now + $0 }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for worker in 1...6 {
                    group.addTask { await self.deliver(as: worker, until: end) }
                }
            }
            // A service that returned would end the group.
            try? await gracefulShutdown()
        }
    }

    private func deliver(as worker: Int, until end: ContinuousClock.Instant?) async {
        var message = worker * 10_000
        while !Task.isCancelled, end.map({ ContinuousClock.now < $0 }) ?? true {
            message += 1
            try? await self.container.withScope("message-\(message)", tag: "message") { [message] scope in
                try await scope.get(Delivery.self).deliver(message)
            }
        }
    }
}
