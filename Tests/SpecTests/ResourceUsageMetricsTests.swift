import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

/// The specification's "Resource Usage Metrics": a monitor with a report.
///
/// Corrected here: the page's median is the upper of the middle two, its lifetimes are kept in an unbounded list that every report sorts,
/// and every resource has to call the monitor. Here the container's events are counted, and the manual calls remain for values outside the
/// container.
@Suite("Spec: Resource Usage Metrics")
struct ResourceUsageMetricsTests {
    private struct Connection: Sendable {}

    let simulation = Simulation(seed: 1)

    private func live(for lifetimes: [Int], in container: Container) throws {
        try container.bind(Connection.self, lifecycle: .managed()) { Connection() }
        try self.simulation.run { [time = self.simulation.environment.time] in
            for seconds in lifetimes {
                try await container.withScope { scope in
                    _ = try await scope.get(Connection.self)
                    try await time.sleep(for: .seconds(seconds))
                }
            }
        }
    }

    @Test("get_report: The report contains every figure of the page, under the page's names.")
    func reportKeys() throws {
        let container = Container(environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try self.live(for: [1, 2, 6, 7], in: container)
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

    @Test(
        "median_lifetime: The median is the middle value, or the mean of the middle two.",
        arguments: [([5], 5), ([1, 9], 5), ([1, 2, 9], 2), ([1, 2, 6, 9], 4)] as [([Int], Double)]
    )
    func median(lifetimes: [Int], median: Double) throws {
        let container = Container(environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try self.live(for: lifetimes, in: container)
        #expect(monitor.report().overall.medianLifetime == median)
    }

    @Test("get_report: Without tracked resources the averages and medians are 0, as on the page.")
    func empty() {
        let report = ResourceMonitor(Container()).report().overall
        #expect(report.avgLifetime == 0)
        #expect(report.medianLifetime == 0)
        #expect(report.totalLifetimesTracked == 0)
    }

    @Test("track_resource_creation and track_resource_disposal are automatic, and active_resources counts live instances.")
    func active() throws {
        let container = Container(environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try container.bind(Connection.self, lifetime: .transient, lifecycle: .managed()) { Connection() }
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Connection.self)
                _ = try await scope.get(Connection.self)
                let report = monitor.report().overall
                #expect(report.activeResources == 2)
                #expect(report.resourcesCreated == 2)
                #expect(report.resourcesDisposed == 0)
            }
        }
        let report = monitor.report().overall
        #expect(report.activeResources == 0)
        #expect(report.resourcesDisposed == 2)
    }

    @Test("track_resource_error is automatic: a failed initialization and a dispose that throws count one error each.")
    func errors() throws {
        let container = Container(environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try container.bind(Connection.self, lifecycle: .managed(onDispose: { _ in throw Refused() })) { Connection() }
        try container.bind(Int.self, lifecycle: .managed(onInitialize: { _ in throw Refused() })) { 1 }
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Connection.self)
                _ = try? await scope.get(Int.self)
            }
        }
        let report = monitor.report()
        #expect(report.overall.resourceErrors == 2)
        #expect(report.keys["Connection"]?.resourceErrors == 1)
        #expect(report.keys["Int"]?.resourceErrors == 1)
        #expect(report.keys["Connection"]?.resourcesDisposed == 1)
    }

    @Test("Monitored resource: Values outside the container are tracked manually, in a separate group.")
    func tracking() {
        let monitor = ResourceMonitor(Container())
        monitor.trackCreation()
        monitor.trackCreation()
        monitor.trackError(CancellationError())
        monitor.trackDisposal(lived: .seconds(3))
        let report = monitor.report()
        #expect(report.external.resourcesCreated == 2)
        #expect(report.external.activeResources == 1)
        #expect(report.external.resourcesDisposed == 1)
        #expect(report.external.resourceErrors == 1)
        #expect(report.external.avgLifetime == 3)
        #expect(report.overall.resourcesCreated == 0)
    }

    @Test("Monitored resource: The monitor can be bound and resolved by resources like any other value.")
    func injected() throws {
        final class Monitored: Resource {
            private let monitor: ResourceMonitor
            init(monitor: ResourceMonitor) { self.monitor = monitor }
            func initialize() async throws { self.monitor.trackCreation() }
            func dispose() async throws { self.monitor.trackDisposal() }
        }
        let container = Container(environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try container.bind(ResourceMonitor.self, instance: monitor, owned: false)
        try container.bind(Monitored.self, Monitored.init)
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Monitored.self) } }
        let report = monitor.report()
        #expect(report.external.resourcesCreated == 1)
        #expect(report.external.resourcesDisposed == 1)
        #expect(report.overall.resourcesCreated == 1)
    }
}
