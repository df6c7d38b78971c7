import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

/// The page's "Resource Monitoring": usage metrics and health checks.
///
/// Corrected here: the median is the mean of the middle two, not the upper of them; lifetimes are not kept in a list for ever; health
/// checks have a deadline and dispatch over protocols instead of guessing at method names.
@Suite("Spec: Resource Monitoring")
struct ResourceMonitoringTests {
    private struct Connection: Sendable {}

    private func run(lifetimes: [Int], _ simulation: Simulation, _ container: Container) throws {
        try container.bind(Connection.self, lifecycle: .managed()) { Connection() }
        try simulation.run {
            for seconds in lifetimes {
                try await container.withScope { scope in
                    _ = try await scope.get(Connection.self)
                    try await simulation.environment.time.sleep(for: .seconds(seconds))
                }
            }
        }
    }

    @Test("Resource usage metrics: the report has every figure of the page under the page's names")
    func reportKeys() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        try self.run(lifetimes: [1, 2, 6, 7], simulation, container)
        let data = try JSONEncoder().encode(monitor.report().overall)
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        #expect(report["resources_created"] == 4)
        #expect(report["resources_disposed"] == 4)
        #expect(report["active_resources"] == 0)
        #expect(report["resource_errors"] == 0)
        #expect(report["avg_lifetime"] == 4)
        #expect(report["total_lifetimes_tracked"] == 4)
        #expect(report["median_lifetime"] == 4)
    }

    @Test("Nothing tracked: averages and medians are 0, as on the page")
    func empty() {
        let report = ResourceMonitor(Container()).report().overall
        #expect(report.avgLifetime == 0 && report.medianLifetime == 0 && report.totalLifetimesTracked == 0)
    }

    @Test("Monitored resource: creations, disposals and errors outside of the container are counted in a group of their own")
    func tracking() {
        let monitor = ResourceMonitor(Container())
        monitor.trackCreation()
        monitor.trackCreation()
        monitor.trackError(CancellationError())
        monitor.trackDisposal(lived: .seconds(3))
        let report = monitor.report()
        #expect(report.external.resourcesCreated == 2 && report.external.activeResources == 1)
        #expect(report.external.resourcesDisposed == 1 && report.external.resourceErrors == 1 && report.external.avgLifetime == 3)
        #expect(report.overall.resourcesCreated == 0)
    }

    @Test("Monitored database pool: get_metrics has its counterpart, and a slow acquisition is an event instead of a print")
    func poolMetrics() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let subscription = container.subscribe()
        let environment = simulation.environment
        try container.bind(ResourcePool<Connection>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: 1),
                environment: environment,
                make: { Connection() },
                close: { _ in }
            )
        }
        try simulation.run {
            let pool = try await container.get(ResourcePool<Connection>.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask { try await pool.withLease { _ in try await environment.time.sleep(for: .seconds(2)) } }
                }
                try await group.waitForAll()
            }
        }
        let metrics = try #require(monitor.report().pools.first)
        #expect(metrics.activeConnections == 0 && metrics.totalCreated == 1)
        #expect(metrics.maxConnectionTime == 2 && metrics.avgConnectionTime == 1)
        #expect(subscription.drain().events.contains { $0.kind == .leaseSlow(waited: .seconds(2)) })
    }

    @Test("Health checks: every resource of the container is checked, and one that is not well is found by its type")
    func healthChecks() throws {
        struct Redis: Pingable { func ping() async throws {} }
        struct Database: StatementExecuting {
            struct Refused: Error {}
            func execute(_ statement: String) async throws { throw Refused() }
        }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Redis.self, lifetime: .singleton) { Redis() }
        try container.bind(Database.self) { Database() }
        try simulation.run {
            _ = try await container.get(Redis.self)
            try await container.withScope { scope in
                _ = try await scope.get(Database.self)
                let results = await HealthChecker(container).checkAll()
                let unwell = container.resources().filter { results[$0.id]?.status != .healthy }.map(\.label)
                #expect(unwell == ["Database"])
                #expect(results.count == 2)
            }
        }
    }
}
