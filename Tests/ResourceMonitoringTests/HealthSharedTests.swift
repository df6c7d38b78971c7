import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Component: HealthCheckable, Sendable {
    let status = Lock(HealthStatus.healthy)
    func healthCheck() async throws -> HealthReport { HealthReport(self.status.withLock { $0 }, "set by the test") }
}

@Suite("All checkers, monitors, and exports of a container share one health status")
struct HealthSharedTests {
    let simulation = Simulation(seed: 1)
    let container: Container
    private let component = Component()

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        let (container, component) = (self.container, self.component)
        try container.bind(Component.self, lifetime: .singleton) { component }
        try self.simulation.run { _ = try await container.get(Component.self) }
    }

    @Test("After a stopped checker's three intervals, every view reports unknown and stale, not ready and not live.")
    func stoppedChecker() throws {
        let checker = HealthChecker(self.container)
        let monitor = ResourceMonitor(self.container, health: checker)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(12))
        #expect(monitor.report().health == .healthy)
        running.cancel()
        self.component.status.withLock { $0 = .unhealthy }
        self.simulation.run(for: .seconds(6))
        #expect(checker.liveness().reasons == ["no health checker runs: the last one stopped 6 s ago"])
        self.simulation.run(for: .seconds(12))
        #expect(!checker.liveness().isPassing)
        let row = try #require(checker.picture().rows.first)
        #expect(row.status == .unknown)
        #expect(row.isStale)
        #expect(row.isLate)
        #expect(row.standing == .unknown)
        #expect(row.transitions.last?.to == .unknown)
        let picture = try #require(monitor.feed().next().health)
        #expect(picture.verdict == .unknown)
        #expect(picture.isStale)
        #expect(picture.checkedBy == .nobody)
        let report = monitor.report()
        #expect(report.health == .unknown)
        #expect(report.healthIsStale == true)
        #expect(report.healthCounts?.healthy == 0)
        #expect(report.healthCounts?.unknown == 1)
        let text = report.prometheusText()
        #expect(text.contains("resmon_health{container=\"app\",status=\"healthy\"} 0\n"))
        #expect(text.contains("resmon_health{container=\"app\",status=\"unknown\"} 1\n"))
        #expect(text.contains("resmon_health_stale{container=\"app\"} 1\n"))
        let ready = checker.readiness()
        #expect(!ready.isPassing)
        #expect(ready.reasons.first?.hasPrefix("Component#1 has not answered for ") == true)
        // The next answer counts immediately, despite the good answers before.
        try self.simulation.run { _ = await checker.checkAll() }
        self.simulation.run(for: .seconds(1))
        #expect(monitor.report().health == .unhealthy)
        #expect(monitor.report().healthIsStale == false)
    }

    @Test("A monitor without a checker reports the program's health, and a manual check counts for every observer.")
    func sharedStatus() throws {
        let monitor = ResourceMonitor(self.container)
        #expect(monitor.report().health == nil)
        let checker = HealthChecker(self.container)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(2))
        #expect(monitor.report().health == .healthy)
        #expect(monitor.feed().next().health?.checkedBy == .program)
        self.component.status.withLock { $0 = .unhealthy }
        // Two consecutive bad answers from two other checkers.
        let container = self.container
        try self.simulation.run {
            _ = await HealthChecker(container).checkAll()
            _ = await HealthChecker(container).checkAll()
        }
        #expect(checker.picture().verdict == .unhealthy)
        #expect(!checker.readiness().isPassing)
        self.simulation.run(for: .seconds(1))
        #expect(monitor.report().health == .unhealthy)
        #expect(monitor.findings().filter { $0.kind == .unhealthy }.count == 1)
        running.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("A dashboard's own checker runs checks only while the program has no running checker.")
    func standby() throws {
        let (own, program) = (HealthChecker(self.container), HealthChecker(self.container))
        let dashboard = self.simulation.spawn { await own.run(as: .dashboard) }
        self.simulation.run(for: .seconds(3))
        #expect(own.picture().checkedBy == .dashboard)
        #expect(own.picture().rows.first?.history.count == 1)
        let running = self.simulation.spawn { await program.run() }
        self.simulation.run(for: .seconds(60))
        #expect(own.picture().checkedBy == .program)
        // Only one of them runs checks, every five seconds.
        #expect((10...15).contains(own.picture().rows.first?.history.count ?? 0))
        running.cancel()
        self.simulation.run(for: .seconds(60))
        #expect(own.picture().checkedBy == .dashboard)
        #expect(own.picture().verdict == .healthy)
        #expect(own.liveness().isPassing)
        dashboard.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("An update has one health row for each live resource, and none for disposed ones, since the last sample.")
    func rowsMatchLiveResources() throws {
        let (container, time) = (self.container, self.simulation.environment.time)
        let ill = Component()
        ill.status.withLock { $0 = .unhealthy }
        try container.bind(Component.self, name: "request") { ill }
        let checker = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: checker)
        let feed = monitor.feed()
        let running = self.simulation.spawn { await checker.run() }
        let loop = self.simulation.spawn {
            while !Task.isCancelled {
                try? await container.withScope("request") { scope in
                    _ = try await scope.get(Component.self, name: "request")
                    try await time.sleep(for: .milliseconds(330))
                }
                try? await time.sleep(for: .milliseconds(90))
            }
        }
        var (seenIll, seenWell) = (false, false)
        for _ in 0..<400 {
            self.simulation.run(for: .milliseconds(50))
            let update = feed.next()
            let health = try #require(update.health)
            #expect(health.rows.map(\.resource) == container.resources().map(\.id))
            let isIll = health.rows.contains { $0.status.isBad }
            #expect(update.findings.contains { $0.kind == .unhealthy } == isIll)
            #expect(monitor.report().healthCounts == health.counts)
            if isIll { #expect(health.verdict == .unhealthy) }
            (seenIll, seenWell) = (seenIll || isIll, seenWell || !isIll)
        }
        #expect(seenIll)
        #expect(seenWell)
        for task in [running, loop] { task.cancel() }
        self.simulation.runUntilIdle()
    }

    @Test("A fallback without a probe stays degraded when it is checked.")
    func fallbackMark() throws {
        struct Stale: Sendable {}
        let container = self.container
        try container.bind(Stale.self, name: "yesterday", lifetime: .singleton) { Stale() }
        try container.bind(
            Bind(
                Stale.self,
                name: "today",
                lifetime: .singleton,
                lifecycle: .managed(onInitialize: { _ in throw CancellationError() })
            ) { Stale() }.fallback(to: ResourceKey(Stale.self, name: "yesterday"))
        )
        try self.simulation.run { _ = try await container.get(Stale.self, name: "today") }
        let checker = HealthChecker(container)
        let results = try self.simulation.run { await checker.checkAll() }
        let row = try #require(checker.picture().rows.first { $0.label.hasPrefix("Stale(yesterday)") })
        #expect(results[row.resource]?.status == .degraded)
        #expect(row.status == .degraded)
        #expect(row.hasProbe == false)
        #expect(container.snapshot().resources.first { $0.id == row.resource }?.health?.status == .degraded)
        // The status does not depend on further checks.
        self.simulation.run(for: .seconds(100))
        #expect(checker.picture().rows.first { $0.resource == row.resource }?.status == .degraded)
    }

    @Test("The share of good answers counts degraded answers as not good and is nil without answers.")
    func goodShare() throws {
        let checker = HealthChecker(self.container)
        #expect(checker.picture().rows.first?.goodShare == nil)
        for status in [HealthStatus.healthy, .degraded, .healthy, .unhealthy] {
            self.component.status.withLock { $0 = status }
            try self.simulation.run { _ = await checker.checkAll() }
        }
        #expect(checker.picture().rows.first?.goodShare == 0.5)
    }

    @Test("A health row and a health snapshot written by an earlier version can be decoded.")
    func earlierVersion() throws {
        let row = """
            {"resource":1,"label":"A#1","scope":0,"isCritical":true,"status":"healthy","since":5,"history":[],"transitions":[],\
            "interval":5000000000,"isLate":false,"affectedBy":[]}
            """
        let decoded = try JSONDecoder().decode(HealthRow.self, from: Data(row.utf8))
        #expect(decoded.countsAs == .healthy)
        #expect(decoded.hasProbe)
        #expect(!decoded.isStale)
        let again = try JSONDecoder().decode(HealthRow.self, from: JSONEncoder().encode(decoded))
        #expect(again == decoded)
        let picture = "{\"time\":7,\"verdict\":\"healthy\",\"since\":5,\"causes\":[],\"transitions\":[],\"rows\":[\(row)]}"
        let whole = try JSONDecoder().decode(HealthPicture.self, from: Data(picture.utf8))
        #expect(whole.checkedBy == nil)
        #expect(!whole.isStale)
        #expect(whole.rows == [decoded])
    }
}
