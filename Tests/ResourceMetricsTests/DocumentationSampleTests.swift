import InMemoryLogging
import Logging
import ResourceContainer
import ResourceMetrics
import ResourceMonitoring
import ResourceSimulation
import Testing

private struct Part: Sendable {}
private struct Trouble: Error {}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceMetrics")
struct DocumentationSampleTests {
    private static func run(_ container: Container, _ logger: Logger, serve: () async throws -> Void) async throws {
        let monitor = ResourceMonitor(container)
        let exporter = MetricsExporter(monitor)
        let log = FindingLog(monitor, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await monitor.run() }
            group.addTask { await exporter.run(every: .seconds(10)) }
            group.addTask { await log.run(every: .seconds(1)) }
            try await serve()
            group.cancelAll()
        }
    }

    @Test("A program exports figures and logs findings while it serves, and both end with it.")
    func program() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("shop", environment: simulation.environment)
        try container.bind(Part.self, lifecycle: .managed(onDispose: { _ in throw Trouble() })) { Part() }
        let handler = InMemoryLogHandler()
        try simulation.run {
            try await Self.run(container, Logger(label: "test", factory: { _ in handler })) {
                try await container.withScope("request") { _ = try await $0.get(Part.self) }
                try await simulation.environment.time.sleep(for: .seconds(3))
            }
        }
        #expect(handler.entries.map { $0.message.description.prefix(20) } == ["dispose-threw: Part:"])
    }
}
