import Logging
import ResourceContainer
import ResourceMetrics
import ResourceMonitoring
import ResourceService
import ServiceLifecycle

/// A server that exports metrics of its container to Prometheus: `MetricsServer PORT [SECONDS OF LOAD]`.
@main
struct MetricsServer {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt16($0) }
        guard let port = arguments.first else {
            print("usage: MetricsServer PORT [SECONDS OF LOAD]")
            return
        }
        let logger = Logger(label: "metrics-server", factory: { StreamLogHandler.standardError(label: $0) })
        let container = Container("shop")
        try Shop.bind(into: container)

        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        // Services shut down in reverse order: the server first, the container last.
        let group = ServiceGroup(
            services: [
                ContainerService(container, logger: logger),
                Watch(monitor: monitor, health: health, log: FindingLog(monitor, logger: logger)),
                Load(container: container, duration: .seconds(Int64(arguments.dropFirst().first ?? 0))),
                WebServer(port: port, monitor: monitor, health: health),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await group.run()
    }
}

/// Updates figures, findings and health until the group shuts down.
struct Watch: Service {
    let monitor: ResourceMonitor
    let health: HealthChecker
    let log: FindingLog

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.monitor.run() }
                group.addTask { await self.health.run() }
                group.addTask { await self.log.run() }
            }
        }
    }
}
