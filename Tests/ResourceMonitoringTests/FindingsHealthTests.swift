import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Component: HealthCheckable, Sendable {
    let status = Lock(HealthStatus.healthy)
    func healthCheck() async throws -> HealthReport { HealthReport(self.status.withLock { $0 }, "set by the test") }
}

private final class Reporter: ContextualResource, Sendable {
    let context = Lock<ResourceContext?>(nil)
    func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }
    func report() { self.context.withLock { $0 }?.report(CancellationError()) }
}

@Suite("Findings about health, errors, and books")
struct FindingsHealthTests {
    let world = FindingWorld()

    private func component() throws -> Component {
        let world = self.world
        let component = Component()
        try self.world.container.bind(Component.self, lifetime: .singleton) { component }
        try self.world.simulation.run { _ = try await world.container.get(Component.self) }
        return component
    }

    private func check(_ component: Component, _ status: HealthStatus, after duration: Duration) throws {
        let world = self.world
        component.status.withLock { $0 = status }
        self.world.run(for: duration)
        try self.world.simulation.run { _ = await HealthChecker(world.container).checkAll() }
    }

    @Test("The finding unhealthy is raised for an unhealthy resource, not a degraded one, and ends with recovery or disposal.")
    func unhealthy() throws {
        let component = try self.component()
        try self.check(component, .degraded, after: .seconds(1))
        #expect(self.world.standing(.unhealthy).isEmpty)
        try self.check(component, .unhealthy, after: .seconds(100))
        let finding = try #require(self.world.standing(.unhealthy).first)
        #expect(finding.isWhole())
        #expect(finding.evidence.contains("health_check set by the test"))
        #expect(finding.subject.label == "Component#1")
        try self.check(component, .healthy, after: .seconds(100))
        #expect(self.world.standing(.unhealthy).isEmpty)
        #expect(self.world.withdrawn(.unhealthy).count == 1)
        try self.check(component, .error, after: .seconds(100))
        #expect(self.world.standing(.unhealthy).count == 1)
        let world = self.world
        try self.world.simulation.run { _ = try? await world.container.close() }
        #expect(self.world.standing(.unhealthy).isEmpty)
        #expect(self.world.withdrawn(.unhealthy).map(\.count) == [2])
    }

    @Test("The evidence of unhealthy quotes the bad answer while too few good answers have arrived to end the finding.")
    func unhealthyEvidence() throws {
        let component = try self.component()
        let world = self.world
        var policy = HealthPolicy()
        policy.rise = 3
        let checker = try HealthChecker(self.world.container, policy: policy)
        let monitor = ResourceMonitor(self.world.container, health: checker)
        self.world.spawn { _ in await monitor.run() }
        for (status, standing) in [(HealthStatus.unhealthy, 1), (.healthy, 1), (.healthy, 1), (.healthy, 0)] {
            component.status.withLock { $0 = status }
            try self.world.simulation.run { _ = await checker.checkAll() }
            world.run(for: .seconds(5))
            let findings = monitor.findings().filter { $0.kind == .unhealthy }
            #expect(findings.count == standing)
            #expect(findings.allSatisfy { $0.evidence.hasPrefix("unhealthy after unknown: health_check") })
        }
    }

    @Test("The finding health-flapping is raised at four changes within a minute and ends after a minute without changes.")
    func flapping() throws {
        let component = try self.component()
        try self.check(component, .healthy, after: .seconds(1))
        for status in [HealthStatus.degraded, .healthy, .degraded] { try self.check(component, status, after: .seconds(10)) }
        #expect(self.world.standing(.healthFlapping).isEmpty)
        try self.check(component, .healthy, after: .seconds(41))
        #expect(self.world.standing(.healthFlapping).isEmpty)
        for status in [HealthStatus.degraded, .healthy] { try self.check(component, status, after: .seconds(5)) }
        let finding = try #require(self.world.standing(.healthFlapping).first)
        #expect(finding.isWhole())
        #expect(finding.evidence.contains("changed 4 times within 60 s, now healthy"))
        self.world.run(for: .seconds(62))
        #expect(self.world.standing(.healthFlapping).isEmpty)
        #expect(self.world.withdrawn(.healthFlapping).count == 1)
    }

    @Test("The finding error-burst is raised at ten errors within ten seconds and ends at half as many.")
    func errorBurst() throws {
        let world = self.world
        let reporter = Reporter()
        try self.world.container.bind(Reporter.self, lifetime: .singleton) { reporter }
        try self.world.simulation.run { _ = try await world.container.get(Reporter.self) }
        for _ in 0..<9 { reporter.report() }
        self.world.run(for: .seconds(12))
        for _ in 0..<3 {
            for _ in 0..<5 { reporter.report() }
            self.world.run(for: .seconds(11))
        }
        #expect(self.world.standing(.errorBurst).isEmpty)
        for _ in 0..<10 { reporter.report() }
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.errorBurst).first)
        #expect(finding.isWhole(placed: false))
        #expect(finding.evidence == "10 errors within 10 s")
        self.world.run(for: .seconds(12))
        #expect(self.world.standing(.errorBurst).isEmpty)
        #expect(self.world.withdrawn(.errorBurst).count == 1)
    }

    @Test("The finding books-unbalanced is raised for a pool or the container, persists, and cannot be suppressed.")
    func books() throws {
        let time = TimeSource.Instant(nanoseconds: 0)
        var snapshot = ContainerSnapshot(container: "app", time: time)
        snapshot.sequence = 7
        let ledger = MonitorLedger(snapshot)
        var findings = FindingsLedger(rules: FindingRules())
        var pool = PoolSample(resource: ResourceID(1), name: "Tickets", maximum: 2)
        var (books, samples) = (Books(), MonitorSamples())
        samples.pools = [pool]
        samples.slow = .init(outliving: [], forgottenScopes: [], books: books, booksSequence: 7)
        findings.scan(ledger, at: time)
        findings.sample(samples, at: time, in: ledger)
        #expect(findings.table.active.isEmpty)
        // Books of another moment are not compared.
        books.created = 1
        samples.slow = .init(outliving: [], forgottenScopes: [], books: books, booksSequence: 8)
        findings.sample(samples, at: time, in: ledger)
        #expect(findings.table.active.isEmpty)
        samples.slow = .init(outliving: [], forgottenScopes: [], books: books, booksSequence: 7)
        findings.sample(samples, at: time, in: ledger)
        try #require(findings.table.active.map(\.kind) == [.booksUnbalanced])
        #expect(findings.table.active[0].isWhole(placed: false))
        pool.made = 3
        samples.pools = [pool]
        findings.sample(samples, at: time + .seconds(1), in: ledger)
        try #require(findings.table.active.count == 2)
        #expect(findings.table.active[0].evidence.contains("3 created"))
        samples = MonitorSamples()
        samples.slow = .init(outliving: [], forgottenScopes: [], books: Books(), booksSequence: 7)
        findings.sample(samples, at: time + .seconds(2), in: ledger)
        #expect(findings.table.active.count == 2)
        #expect(findings.table.withdrawn.isEmpty)
        var rules = FindingRules()
        #expect(throws: FindingRulesError.self) { try rules.allow(.booksUnbalanced) }
    }
}
