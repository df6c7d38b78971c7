import Logging
import ResourceAttach
import ResourceAttachService
import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import ResourceService
import ServiceLifecycle

/// A server without a terminal. `resmon attach mail` shows its container from another one: `AttachedServer [SECONDS]`.
@main
struct AttachedServer {
    static func main() async throws {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap { Int64($0) }
        let logger = Logger(label: "attached-server", factory: { StreamLogHandler.standardError(label: $0) })
        let container = Container("mail")
        try Mail.bind(into: container)

        let health = HealthChecker(container)
        let flight = FlightRecorder(container)
        let attach = ResourceAttach(container, health: health, flight: flight, acting: .owner)
        // Services shut down in reverse order: the queue first, then the container. The attach service is last, so that a dashboard shows
        // the teardown.
        let group = ServiceGroup(
            services: [
                AttachService(attach),
                ContainerService(container, logger: logger),
                Watch(health: health),
                MailQueue(container: container, duration: seconds.map { .seconds($0) }),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await group.run()
    }
}

/// Checks the health of the relays until the group shuts down.
struct Watch: Service {
    let health: HealthChecker

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.health.run() }
    }
}
