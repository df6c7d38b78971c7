import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

/// The specification's good pattern 3, "Resource Monitoring": a pool that reports its usage.
///
/// Corrected here: the page never counts `total_connections_created`, never lowers `active_connections`, keeps every waiting time in an
/// unbounded list, and prints a slow acquisition.
@Suite("Spec: Good pattern, Resource Monitoring")
struct ResourceMonitoringTests {
    let simulation = Simulation(seed: 1)

    private func container(maximum: Int) throws -> Container {
        let environment = self.simulation.environment
        let container = Container(environment: environment)
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: maximum),
                environment: environment,
                make: { RawConnection() }
            )
        }
        return container
    }

    /// Runs two requests for one connection, each of which holds it for two seconds. The second waits two seconds.
    private func acquireTwice(_ container: Container) throws {
        let time = self.simulation.environment.time
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await pool.withLease { _ in try await time.sleep(for: .seconds(2)) } } }
                try await group.waitForAll()
            }
        }
    }

    @Test("get_metrics: The report contains the four figures of the page, under its names.")
    func metrics() throws {
        let container = try self.container(maximum: 1)
        let monitor = ResourceMonitor(container)
        try self.acquireTwice(container)
        let pool = try #require(monitor.report().pools.first)
        let data = try JSONEncoder().encode(pool)
        let figures = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(figures["active_connections"] as? Double == 0)
        #expect(figures["total_created"] as? Double == 1)
        #expect(figures["avg_connection_time"] as? Double == 1)
        #expect(figures["max_connection_time"] as? Double == 2)
    }

    @Test("get_metrics of the pool: It has the page's four figures and the waiting, idle, refused, and leaked counts.")
    func metricsOfThePool() throws {
        let container = try self.container(maximum: 1)
        try self.acquireTwice(container)
        let time = self.simulation.environment.time
        let metrics = try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            return try await pool.withLease { _ in
                async let waiting: Void? = try? pool.withLease(budget: .seconds(1)) { _ in }
                try await time.sleep(for: .milliseconds(1))
                let metrics = pool.metrics()
                _ = await waiting
                return metrics
            }
        }
        let data = try JSONEncoder().encode(metrics)
        let figures = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        #expect(
            figures == [
                "active_connections": 1, "total_created": 1, "avg_connection_time": 2.0 / 3, "max_connection_time": 2,
                "waiting": 1, "idle": 0, "exhausted": 0, "leaked": 0,
            ]
        )
    }

    @Test("get_metrics: Without an acquisition the averages are 0, as on the page.")
    func metricsOfNothing() throws {
        let container = try self.container(maximum: 1)
        let monitor = ResourceMonitor(container)
        try self.simulation.run { _ = try await container.get(ResourcePool<RawConnection>.self) }
        let pool = try #require(monitor.report().pools.first)
        #expect(pool.avgConnectionTime == 0)
        #expect(pool.maxConnectionTime == 0)
        #expect(pool.totalCreated == 0)
    }

    @Test("active_connections: The figure increases while a connection is leased and decreases on its return.")
    func activeConnections() throws {
        let container = try self.container(maximum: 3)
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await pool.withLease { _ in
                try await pool.withLease { _ in #expect(monitor.report().pools.first?.activeConnections == 2) }
                #expect(monitor.report().pools.first?.activeConnections == 1)
            }
            #expect(monitor.report().pools.first?.activeConnections == 0)
        }
    }

    @Test("Log slow connections: A wait of a second or longer is an event with its duration; a shorter one is not.")
    func slowAcquisition() throws {
        let container = try self.container(maximum: 1)
        let subscription = container.subscribe()
        try self.acquireTwice(container)
        let slow = subscription.drain().events.compactMap { event in
            if case .leaseSlow(let waited) = event.kind { waited } else { nil }
        }
        #expect(slow == [.seconds(2)])
    }

    @Test(
        "Log slow connections: A wait of exactly one second is slow, and one a millisecond shorter is not.",
        arguments: [(1_000, [Duration.seconds(1)]), (999, [])]
    )
    func slowAcquisitionBoundary(milliseconds: Int, expected: [Duration]) throws {
        let container = try self.container(maximum: 1)
        let time = self.simulation.environment.time
        let pool = try self.simulation.run { try await container.get(ResourcePool<RawConnection>.self) }
        try self.simulation.run { try await pool.withLease { _ in } }
        let subscription = container.subscribe()
        self.simulation.spawn { try? await pool.withLease { _ in try await time.sleep(for: .milliseconds(milliseconds)) } }
        self.simulation.spawn { try? await pool.withLease { _ in } }
        self.simulation.run(for: .seconds(3))
        let slow = subscription.drain().events.compactMap { event in
            if case .leaseSlow(let waited) = event.kind { waited } else { nil }
        }
        #expect(slow == expected)
    }
}
