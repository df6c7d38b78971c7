import Logging
import ResourceAttach
import ResourceAttachService
import ResourceContainer
import ResourceService
import ServiceLifecycle

/// A program with a client that has its own pool and `run()`. `resmon attach events` shows both: `ClientPool [SECONDS]`.
@main
struct ClientPool {
    static func main() async throws {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap { Int64($0) }
        let logger = Logger(label: "client-pool", factory: { StreamLogHandler.standardError(label: $0, metadataProvider: .scope()) })
        let container = Container("events")
        try Events.bind(into: container)
        let group = ServiceGroup(
            services: [
                AttachService(ResourceAttach(container)),
                ContainerService(container, logger: logger),
                Publishers(container: container, logger: logger, duration: seconds.map { .seconds($0) }),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await group.run()
    }
}

enum Events {
    /// The client starts with the container and ends after its users, because they depend on it.
    static func bind(into container: Container) throws {
        let eager = BindingOptions(eager: true)
        try container.bind(ServiceResource<QueueClient>.self, lifetime: .singleton, options: eager) {
            ServiceResource(QueueClient(limit: 4))
        }
        try container.bind(QueueClient.self, lifetime: .singleton) { (running: ServiceResource<QueueClient>) in running.service }
        try container.bind(QueueClientPool.self, lifetime: .singleton, options: eager, QueueClientPool.init)
        try container.bind(Announcement.self, Announcement.init)
    }
}

/// The figures of the client's pool.
final class QueueClientPool: SampledPool {
    private let client: QueueClient

    init(client: QueueClient) {
        self.client = client
    }

    func attach(_ context: ResourceContext) {}

    func poolSample() -> PoolSample {
        let figures = self.client.figures
        var sample = PoolSample(name: "queue", maximum: self.client.limit)
        sample.made = figures.opened
        sample.closed = figures.opened - figures.open
        sample.leased = figures.used
        sample.idle = figures.open - figures.used
        sample.waiting = figures.waiting
        return sample
    }
}

/// A message to publish, created for each request.
final class Announcement: Resource {
    private let client: QueueClient

    init(client: QueueClient) {
        self.client = client
    }

    func publish(_ number: Int) async throws {
        try await self.client.publish("announcement \(number)")
    }
}

/// Publishes messages with six workers, each message in a scope.
struct Publishers: Service {
    let container: Container
    let logger: Logger
    /// How long messages are published; nil until the group shuts down.
    let duration: Duration?

    func run() async throws {
        let end = self.duration.map { ContinuousClock.now + $0 }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for worker in 1...6 {
                    group.addTask { await self.publish(as: worker, until: end) }
                }
            }
            // A service that returned would end the group.
            try? await gracefulShutdown()
        }
    }

    private func publish(as worker: Int, until end: ContinuousClock.Instant?) async {
        var number = worker * 10_000
        while !Task.isCancelled, end.map({ ContinuousClock.now < $0 }) ?? true {
            number += 1
            try? await self.container.withScope("announcement-\(number)", tag: "request") { [number] scope in
                try await scope.get(Announcement.self).publish(number)
                self.logger.debug("published")
            }
        }
    }
}
