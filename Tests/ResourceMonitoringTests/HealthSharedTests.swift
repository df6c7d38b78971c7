import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Patient: HealthCheckable, Sendable {
    let status = Lock(HealthStatus.healthy)
    func healthCheck() async throws -> HealthReport { HealthReport(self.status.withLock { $0 }, "as the test says") }
}

@Suite("All checkers, monitors and exports of a container tell the same of its health, and an old answer is no answer")
struct HealthSharedTests {
    let simulation = Simulation(seed: 1)
    let container: Container
    private let patient = Patient()

    init() throws {
        self.container = Container(name: "app", environment: self.simulation.environment)
        let (container, patient) = (self.container, self.patient)
        try container.bind(Patient.self, lifetime: .singleton) { patient }
        try self.simulation.run { _ = try await container.get(Patient.self) }
    }

    @Test("a checker that has stopped: after three intervals every view and export says unknown and stale, and it is not ready or alive")
    func deadLoop() throws {
        let checker = HealthChecker(self.container)
        let monitor = ResourceMonitor(self.container, health: checker)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(12))
        #expect(monitor.report().health == .healthy)
        running.cancel()
        self.patient.status.withLock { $0 = .unhealthy }
        self.simulation.run(for: .seconds(6))
        #expect(checker.liveness().reasons == ["nobody asks for health: the checker that ran stopped 6.0 s ago"])
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
        #expect(picture.asker == .nobody)
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
        #expect(ready.reasons.first?.hasPrefix("Patient#1 has not answered for ") == true)
        // Somebody asks again: it counts at once, in spite of the good answers before.
        try self.simulation.run { _ = await checker.checkAll() }
        self.simulation.run(for: .seconds(1))
        #expect(monitor.report().health == .unhealthy)
        #expect(monitor.report().healthIsStale == false)
    }

    @Test("a monitor that was given no checker tells what the program's checker knows, and a check by hand counts for all")
    func oneTruth() throws {
        let monitor = ResourceMonitor(self.container)
        #expect(monitor.report().health == nil)
        let checker = HealthChecker(self.container)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(2))
        #expect(monitor.report().health == .healthy)
        #expect(monitor.feed().next().health?.asker == .program)
        self.patient.status.withLock { $0 = .unhealthy }
        // Two bad answers in a row, of two other checkers.
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

    @Test("a dashboard's own checker asks only while the program runs none")
    func standby() throws {
        let (own, program) = (HealthChecker(self.container), HealthChecker(self.container))
        let dashboard = self.simulation.spawn { await own.run(as: .dashboard) }
        self.simulation.run(for: .seconds(3))
        #expect(own.picture().asker == .dashboard)
        #expect(own.picture().rows.first?.history.count == 1)
        let running = self.simulation.spawn { await program.run() }
        self.simulation.run(for: .seconds(60))
        #expect(own.picture().asker == .program)
        // One of them asks, every five seconds.
        #expect((10...15).contains(own.picture().rows.first?.history.count ?? 0))
        running.cancel()
        self.simulation.run(for: .seconds(60))
        #expect(own.picture().asker == .dashboard)
        #expect(own.picture().verdict == .healthy)
        #expect(own.liveness().isPassing)
        dashboard.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("what was disposed, and what came, since the last sample: an update has a row of health for each live resource, and no other")
    func noGhosts() throws {
        let (container, time) = (self.container, self.simulation.environment.time)
        let ill = Patient()
        ill.status.withLock { $0 = .unhealthy }
        try container.bind(Patient.self, name: "request") { ill }
        let checker = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: checker)
        let feed = monitor.feed()
        let running = self.simulation.spawn { await checker.run() }
        let loop = self.simulation.spawn {
            while !Task.isCancelled {
                try? await container.withScope("request") { scope in
                    _ = try await scope.get(Patient.self, name: "request")
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

    @Test("what stands in for another stays degraded when it is asked and has nothing to be asked")
    func fallbackMark() throws {
        struct Stale: Sendable {}
        let container = self.container
        try container.bind(Stale.self, name: "yesterday", lifetime: .singleton) { Stale() }
        try container.bind(
            Stale.self,
            name: "today",
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { _ in throw CancellationError() })
        ) { Stale() }.fallback(to: ResourceKey(Stale.self, name: "yesterday"))
        try self.simulation.run { _ = try await container.get(Stale.self, name: "today") }
        let checker = HealthChecker(container)
        let results = try self.simulation.run { await checker.checkAll() }
        let row = try #require(checker.picture().rows.first { $0.label.hasPrefix("Stale(yesterday)") })
        #expect(results[row.resource]?.status == .degraded)
        #expect(row.status == .degraded)
        #expect(row.hasProbe == false)
        #expect(container.snapshot().resources.first { $0.id == row.resource }?.health?.status == .degraded)
        // Nobody needs to ask for it to stay so.
        self.simulation.run(for: .seconds(100))
        #expect(checker.picture().rows.first { $0.resource == row.resource }?.status == .degraded)
    }

    @Test("the share of good answers counts degraded ones as not good, and none as not known")
    func goodShare() throws {
        let checker = HealthChecker(self.container)
        #expect(checker.picture().rows.first?.goodShare == nil)
        for status in [HealthStatus.healthy, .degraded, .healthy, .unhealthy] {
            self.patient.status.withLock { $0 = status }
            try self.simulation.run { _ = await checker.checkAll() }
        }
        #expect(checker.picture().rows.first?.goodShare == 0.5)
    }

    @Test("a row and a picture that an earlier version wrote can be read")
    func earlier() throws {
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
        #expect(whole.asker == nil)
        #expect(!whole.isStale)
        #expect(whole.rows == [decoded])
    }
}
