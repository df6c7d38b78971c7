import Metrics
import MetricsTestKit
import ResourceContainer
import ResourceMetrics
import ResourceMonitoring
import ResourceSimulation
import Testing

private struct Part: Sendable {}
private struct Trouble: Error {}

@Suite("Figures in swift-metrics")
struct MetricsExporterTests {
    let simulation = Simulation(seed: 1)
    let metrics = TestMetrics()

    private func setup() throws -> (Container, MetricsExporter) {
        let container = Container("app", environment: self.simulation.environment)
        return (container, MetricsExporter(ResourceMonitor(container, health: HealthChecker(container)), factory: self.metrics))
    }

    @Test("Counters receive the increase since the last push, and gauges the current value.")
    func resources() throws {
        let (container, exporter) = try self.setup()
        let fails = Lock(false)
        try container.bind(Part.self, lifecycle: .managed(onInitialize: { _ in if fails.withLock({ $0 }) { throw Trouble() } })) { Part() }
        try self.simulation.run { for _ in 0..<3 { try await container.withScope { _ = try await $0.get(Part.self) } } }
        exporter.push()
        fails.withLock { $0 = true }
        try self.simulation.run { _ = try? await container.withScope { try await $0.get(Part.self) } }
        fails.withLock { $0 = false }
        let scope = try container.openScope("open")
        try self.simulation.run { _ = try await scope.get(Part.self) }
        exporter.push()
        let key = [("resmon.key", "Part")]
        #expect(try self.metrics.expectCounter("resmon.resources.created", key).values == [3, 2])
        #expect(try self.metrics.expectCounter("resmon.resources.init_failed", key).values == [0, 1])
        #expect(try self.metrics.expectCounter("resmon.resources.errors", key).values == [0, 1])
        #expect(try self.metrics.expectGauge("resmon.resources.active", key + [("resmon.resource.state", "ready")]).values == [0, 1])
        #expect(try self.metrics.expectGauge("resmon.scopes.open").values == [0, 1])
        #expect(try self.metrics.expectCounter("resmon.scopes.closed").values == [3, 1])
        let scopes = [("resmon.scope.tag", "scope")]
        #expect(try self.metrics.expectCounter("resmon.scopes.outcomes", scopes + [("resmon.scope.outcome", "returned")]).values == [3, 0])
        #expect(try self.metrics.expectCounter("resmon.scopes.outcomes", scopes + [("resmon.scope.outcome", "threw")]).values == [0, 1])
        #expect(try self.metrics.expectGauge("resmon.findings", [("resmon.finding.kind", "leak")]).values == [0, 0])
        #expect(try self.metrics.expectGauge("resmon.health", [("resmon.health.status", "unknown")]).values == [1, 1])
        _ = scope
    }

    @Test("Pools are exported by OpenTelemetry's conventions, with durations in seconds.")
    func pools() throws {
        let (container, exporter) = try self.setup()
        let time = self.simulation.environment.time
        for name in ["a", "b"] {
            let pool = try ResourcePool<Int>(
                name: "Orders",
                configuration: PoolConfiguration(maximum: name == "a" ? 1 : 7, acquireBudget: .seconds(1)),
                environment: self.simulation.environment,
                make: {
                    try await time.sleep(for: .milliseconds(100))
                    return 1
                }
            )
            try container.bind(ResourcePool<Int>.self, name: name, lifetime: .singleton) { pool }
        }
        try self.simulation.run {
            for name in ["a", "b"] { _ = try await container.get(ResourcePool<Int>.self, name: name) }
        }
        for _ in 0..<2 {
            self.simulation.spawn {
                _ = try? await container.get(ResourcePool<Int>.self, name: "a").withLease { _ in try await time.sleep(for: .seconds(3)) }
            }
        }
        self.simulation.run(for: .milliseconds(500))
        exporter.push()
        self.simulation.run(for: .seconds(5))
        exporter.push()
        let pool = [("db.client.connection.pool.name", "Orders")]
        func gauge(_ name: String, _ more: [(String, String)] = []) throws -> [Double] {
            try self.metrics.expectGauge(name, pool + more).values
        }
        #expect(try gauge("db.client.connection.count", [("db.client.connection.state", "used")]) == [1, 0])
        #expect(try gauge("db.client.connection.count", [("db.client.connection.state", "idle")]) == [0, 1])
        #expect(try gauge("db.client.connection.limit") == [1, 1])
        // The earlier name of the conventions.
        #expect(try gauge("db.client.connection.max") == [1, 1])
        #expect(try gauge("db.client.connection.idle.min") == [0, 0])
        #expect(try gauge("db.client.connection.pending_requests") == [1, 0])
        #expect(try self.metrics.expectCounter("db.client.connection.timeouts", pool).values == [0, 1])
        let held = try self.metrics.expectRecorder("db.client.connection.use_time", pool).values
        try #require(held.count == 1)
        #expect((3...3.75).contains(held[0]))
        let waits = try self.metrics.expectRecorder("db.client.connection.wait_time", pool).values.sorted()
        try #require(waits.count == 2)
        #expect((0.1...0.125).contains(waits[0]))
        #expect((1...1.25).contains(waits[1]))
        #expect(try self.metrics.expectRecorder("db.client.connection.create_time", pool).values.count == 1)
        // The second pool of this name is exported with a numbered name.
        #expect(
            try self.metrics.expectGauge("db.client.connection.max", [("db.client.connection.pool.name", "Orders-2")]).values == [7, 7]
        )
    }

    @Test("Lease durations are sampled evenly under load; the exporter pushes periodically and once at the end.")
    func running() throws {
        let (container, exporter) = try self.setup()
        let pool = try ResourcePool<Int>(
            name: "Orders",
            configuration: PoolConfiguration(maximum: 1),
            environment: self.simulation.environment,
            make: { 1 }
        )
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        let task = self.simulation.spawn { await exporter.run(every: .seconds(10)) }
        try self.simulation.run {
            _ = try await container.get(ResourcePool<Int>.self)
            for _ in 0..<20_000 { try await pool.withLease { _ in } }
        }
        self.simulation.run(for: .seconds(35))
        #expect(try self.metrics.expectGauge("resmon.scopes.open").values.count == 3)
        let held = try self.metrics.expectRecorder("db.client.connection.use_time", [("db.client.connection.pool.name", "Orders")]).values
        #expect((900...1100).contains(held.count))
        task.cancel()
        self.simulation.runUntilIdle()
        #expect(try self.metrics.expectGauge("resmon.scopes.open").values.count == 4)
    }
}
