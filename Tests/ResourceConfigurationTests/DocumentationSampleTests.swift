import Configuration
import Logging
import ResourceConfiguration
import ResourceContainer
import ResourceMonitoring
import Testing

private final class Connection: Sendable {}

/// Compiles and runs the samples of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceConfiguration")
struct DocumentationSampleTests {
    private static func read(
        _ container: Container,
        _ defaults: InMemoryProvider
    ) throws -> (ConfigReader, ResourcePool<Connection>, ResourceMonitor) {
        let config = ConfigReader(providers: [EnvironmentVariablesProvider(), defaults])
        let configuration = try PoolConfiguration(config: config.scoped(to: "orders.pool"))
        let pool = try ResourcePool(name: "orders", configuration: configuration, make: { Connection() })
        let monitor = ResourceMonitor(container, rules: try FindingRules(config: config.scoped(to: "findings")))
        return (config, pool, monitor)
    }

    private static func follow(_ pool: ResourcePool<Connection>, _ config: ConfigReader, _ logger: Logger) async throws {
        try await pool.followLimits(in: config.scoped(to: "orders.pool")) { change in
            logger.notice("the limits have changed", metadata: ["change": "\(change)"])
        }
    }

    @Test("A pool and a monitor have the settings of the configuration.")
    func settings() async throws {
        let defaults = InMemoryProvider(values: ["orders.pool.maximum": 6, "findings.slowInitialize": "2s"])
        let container = Container("shop")
        let (config, pool, monitor) = try Self.read(container, defaults)
        #expect(pool.configuration.maximum == 6)
        #expect(monitor.findings().isEmpty)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let following = Task { try await Self.follow(pool, config, logger) }
        following.cancel()
        try await following.value
        await pool.close()
        try await container.close()
    }
}
