import Logging
import ResourceContainer
import ResourceService
import ServiceLifecycle

// The code between the markers equals the samples in docs/client-pools.md. A test compares them.

// sample: client
/// A client of another package. It has its own pool of connections, which works while `run()` runs.
final class MailClient: Service {
    struct Figures {
        var opened = 8  // since the start
        var open = 5
        var used = 2
        var waiting = 0
    }

    let limit: Int

    init(limit: Int) { self.limit = limit }

    func run() async throws { try await gracefulShutdown() }  // then it closes its connections
    func send(_ message: String) async throws {}
    var figures: Figures { Figures() }
}
// end

final class Newsletter: Resource {
    private let client: MailClient

    init(client: MailClient) { self.client = client }

    func deliver(_ issue: String) async throws { try await self.client.send(issue) }
}

// sample: client-pool
/// The pool inside the client, for the Pools view, the figures, and the health checks.
final class MailClientPool: SampledPool, HealthCheckable {
    private let client: MailClient

    init(client: MailClient) { self.client = client }

    func attach(_ context: ResourceContext) {}

    func poolSample() -> PoolSample {
        let figures = self.client.figures
        var sample = PoolSample(name: "mail", maximum: self.client.limit)
        sample.made = figures.opened
        sample.closed = figures.opened - figures.open
        sample.leased = figures.used
        sample.idle = figures.open - figures.used
        sample.waiting = figures.waiting
        return sample
    }

    func healthCheck() async throws -> HealthReport {
        let isExhausted = self.client.figures.waiting > 0
        return HealthReport(isExhausted ? .degraded : .healthy, isExhausted ? "requests wait for a connection" : nil)
    }
}
// end

/// The samples of docs/client-pools.md.
enum ClientPoolSamples {
    static func makeContainer() throws -> Container {
        let container = Container("news")
        // sample: client-bindings
        let eager = BindingOptions(eager: true)
        try container.bind(ServiceResource<MailClient>.self, lifetime: .singleton, options: eager) {
            ServiceResource(MailClient(limit: 8))
        }
        try container.bind(MailClient.self, lifetime: .singleton) { (running: ServiceResource<MailClient>) in running.service }
        try container.bind(Newsletter.self, Newsletter.init)
        // end
        // sample: client-pool-binding
        try container.bind(MailClientPool.self, lifetime: .singleton, options: eager, MailClientPool.init)
        // end
        return container
    }

    static func serve(_ container: Container, _ worker: any Service, _ logger: Logger) async throws {
        // sample: client-group
        let services: [any Service] = [ContainerService(container, logger: logger), worker]
        let group = ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm], logger: logger)
        try await group.run()
        // end
    }
}
