import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

/// A resource whose health and delay the test sets. It records the times of its checks.
private final class Component: HealthCheckable, Sendable {
    struct Plan {
        var status = HealthStatus.healthy
        var takes = Duration.zero
        var throwing = false
        var asked: [Int64] = []
        var atOnce = 0
        var mostAtOnce = 0
    }

    let plan = Lock(Plan())
    private let time: TimeSource

    init(_ time: TimeSource) {
        self.time = time
    }

    func healthCheck() async throws -> HealthReport {
        let (status, takes, throwing) = self.plan.withLock { plan in
            plan.asked.append(self.time.now.nanoseconds / 1_000_000)
            plan.atOnce += 1
            plan.mostAtOnce = max(plan.mostAtOnce, plan.atOnce)
            return (plan.status, plan.takes, plan.throwing)
        }
        defer { self.plan.withLock { $0.atOnce -= 1 } }
        try await self.time.sleep(for: takes)
        if throwing { throw CancellationError() }
        return HealthReport(status, status == .healthy ? nil : "set by the test")
    }

    func set(_ status: HealthStatus, takes: Duration = .zero, throwing: Bool = false) {
        self.plan.withLock { plan in (plan.status, plan.takes, plan.throwing) = (status, takes, throwing) }
    }

    var asked: [Int64] {
        self.plan.withLock { $0.asked }
    }
}

@Suite("Repeated health checks that do not affect each other")
struct HealthRunTests {
    let simulation = Simulation(seed: 1)
    let container: Container

    init() {
        self.container = Container("app", environment: self.simulation.environment)
    }

    private func component(_ name: String, options: BindingOptions = BindingOptions()) throws -> Component {
        let component = Component(self.simulation.environment.time)
        try self.container.bind(Component.self, name: name, lifetime: .singleton, options: options) { component }
        let container = self.container
        try self.simulation.run { _ = try await container.get(Component.self, name: name) }
        return component
    }

    private func checker(jitter: Double = 0, _ change: (inout HealthPolicy) -> Void = { _ in }) throws -> HealthChecker {
        var policy = HealthPolicy()
        policy.jitter = jitter
        change(&policy)
        return try HealthChecker(self.container, policy: policy)
    }

    @Test("A check that hangs, throws, or answers after its deadline delays neither the other checks nor later ones.")
    func failingChecksAreIsolated() throws {
        let good = try self.component("good")
        let bad = try self.component("bad")
        let checker = try self.checker()
        let task = self.simulation.spawn { await checker.run() }
        func row(_ name: String) -> HealthRow? { checker.picture().rows.first { $0.label.hasPrefix("Component(\(name))") } }
        // Hangs from 5 s on for 13 s: checked at 5, late at 6, still running at 10 and 15, returned at 18.
        self.simulation.run(for: .seconds(4))
        bad.set(.healthy, takes: .seconds(13))
        self.simulation.run(for: .milliseconds(2500))
        #expect(row("bad")?.isLate == true)
        #expect(row("bad")?.history.last?.status == .error)
        #expect(row("bad")?.status == .healthy)
        bad.set(.healthy)
        self.simulation.run(for: .seconds(13))
        #expect(row("bad")?.status == .error)
        #expect(row("bad")?.isLate == false)
        #expect(bad.asked == [0, 5000])
        #expect(bad.plan.withLock { $0.mostAtOnce } == 1)
        // The late answer does not count. Checked at 20 and 25, the resource is healthy again.
        self.simulation.run(for: .seconds(7))
        #expect(row("bad")?.status == .healthy)
        #expect(bad.asked == [0, 5000, 20_000, 25_000])
        bad.set(.healthy, throwing: true)
        self.simulation.run(for: .seconds(10))
        #expect(row("bad")?.status == .error)
        bad.set(.healthy, takes: .milliseconds(1001))
        self.simulation.run(for: .seconds(10))
        #expect(row("bad")?.history.last?.status == .error)
        // The other resource was checked every five seconds and answered immediately.
        #expect(good.asked == (0..<10).map { $0 * 5000 })
        #expect(row("good")?.history.allSatisfy { $0.status == .healthy && $0.latency == .zero } == true)
        task.cancel()
        self.simulation.runUntilIdle()
        #expect(self.simulation.time.earliestDeadline == nil)
    }

    @Test("A fully leased pool with waiters answers a health check immediately, because the check bypasses the queue.")
    func poolHealth() throws {
        let pool = try ResourcePool<Int>(
            name: "Pool",
            configuration: PoolConfiguration(maximum: 1),
            environment: self.simulation.environment,
            make: { 1 }
        )
        try self.container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        let (container, time) = (self.container, self.simulation.environment.time)
        try self.simulation.run { _ = try await container.get(ResourcePool<Int>.self) }
        for _ in 0..<5 { self.simulation.spawn { try? await pool.withLease { _ in try await time.sleep(for: .seconds(20)) } } }
        self.simulation.run(for: .seconds(1))
        #expect(pool.poolSample().waiting == 4)
        let checker = try self.checker()
        self.simulation.spawn { _ = await checker.checkAll() }
        self.simulation.run(for: .milliseconds(1))
        #expect(checker.picture().rows.first?.history.map(\.latency) == [.zero])
        #expect(pool.poolSample().waiting == 4)
    }

    @Test(
        "A slow check delays no other, concurrent runs are shared, nothing is created, and every scope is checked."
    )
    func slowCheckAcrossScopes() throws {
        let time = self.simulation.environment.time
        let (slow, quick) = (Component(time), Component(time))
        slow.set(.healthy, takes: .seconds(9))
        try self.container.bind(Component.self) { Component(time) }
        try self.container.bind(Component.self, name: "never") { Component(time) }
        try self.container.bind(Component.self, name: "slow") { slow }
        try self.container.bind(Component.self, name: "quick") { quick }
        let (container, checker) = (self.container, try self.checker())
        let runs = Lock<[[ResourceID: HealthStatus]]>([])
        let scopes = try self.simulation.run {
            let outer = try container.openScope("outer")
            let inner = try outer.openScope("inner")
            _ = try await outer.get(Component.self, name: "slow")
            _ = try await inner.get(Component.self, name: "quick")
            // Two instances of one key in sibling scopes.
            let beside = try container.openScope("beside")
            _ = try await inner.get(Component.self)
            _ = try await beside.get(Component.self)
            return [outer, inner, beside]
        }
        for _ in 0..<3 {
            self.simulation.spawn {
                let results = await checker.checkAll()
                runs.withLock { $0.append(results.mapValues(\.status)) }
            }
        }
        self.simulation.run(for: .milliseconds(500))
        #expect(checker.picture().rows.map(\.status) == [.unknown, .healthy, .healthy, .healthy])
        self.simulation.run(for: .seconds(2))
        let all = runs.withLock { $0 }
        try #require(all.count == 3)
        #expect(Set(all.map { $0.keys.sorted() }).count == 1)
        #expect(all[0].count == 4)
        #expect(all[0][ResourceID(1)] == .error)
        #expect(quick.asked.count == 1)
        #expect(slow.asked.count == 1)
        #expect(container.snapshot().books.created == 4)
        #expect(scopes.allSatisfy { $0.isOpen })
    }

    @Test("A canceled caller of a health check does not affect the results of the other callers.")
    func cancelled() throws {
        let component = try self.component("slow")
        component.set(.healthy, takes: .milliseconds(500))
        let checker = try self.checker()
        let results = Lock<[HealthStatus?]>([])
        let tasks = (0..<3).map { _ in
            self.simulation.spawn {
                let answers = await checker.checkAll()
                results.withLock { $0.append(answers.values.first?.status) }
            }
        }
        self.simulation.run(for: .milliseconds(100))
        tasks[0].cancel()
        self.simulation.run(for: .seconds(2))
        #expect(results.withLock { $0 } == [.healthy, .healthy, .healthy])
        #expect(component.asked.count == 1)
        let again = self.simulation.spawn { _ = await checker.checkAll() }
        self.simulation.run(for: .seconds(1))
        again.cancel()
        #expect(component.asked.count == 2)
    }

    @Test("With a thousand resources of which one hangs, the others answer within a millisecond.")
    func thousandResources() throws {
        let time = self.simulation.environment.time
        let hanging = Component(time)
        hanging.set(.healthy, takes: .seconds(100))
        try self.container.bind(Component.self, lifetime: .transient) { Component(time) }
        try self.container.bind(Component.self, name: "hanging", lifetime: .singleton) { hanging }
        let checker = try self.checker()
        let container = self.container
        let scope = try self.simulation.run {
            let scope = try container.openScope("many")
            _ = try await scope.get(Component.self, name: "hanging")
            for _ in 0..<1000 { _ = try await scope.get(Component.self) }
            return scope
        }
        self.simulation.spawn { _ = await checker.checkAll() }
        self.simulation.run(for: .milliseconds(1))
        #expect(checker.picture().rows.count { $0.status == .healthy } == 1000)
        // An unknown status does not count as healthy.
        #expect(checker.picture().verdict == .unknown)
        #expect(checker.picture().causes == ["Component(hanging)#1 has not answered yet"])
        self.simulation.run(for: .seconds(1))
        #expect(checker.picture().verdict == .unhealthy)
        #expect(scope.isOpen)
    }

    @Test("Each binding is checked at its own interval and deadline, with a jitter that the seed determines.")
    func intervals() throws {
        let often = try self.component("often", options: BindingOptions(healthInterval: .seconds(2), healthDeadline: .milliseconds(100)))
        let seldom = try self.component("seldom", options: BindingOptions(healthInterval: .seconds(60)))
        often.set(.healthy, takes: .milliseconds(150))
        let checker = try self.checker(jitter: 0.1)
        let task = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(70))
        let gaps = zip(often.asked.dropFirst(), often.asked).map { $0 - $1 }
        #expect(gaps.allSatisfy { (1800...2200).contains($0) })
        #expect(Set(gaps).count > 20)
        try #require(seldom.asked.count == 2)
        #expect((54_000...66_000).contains(seldom.asked[1]))
        #expect(checker.picture().rows.map(\.status) == [.error, .healthy])
        #expect(checker.picture().rows.allSatisfy { $0.nextCheck.map { $0 > self.simulation.now } == true })
        task.cancel()
        self.simulation.runUntilIdle()
        #expect(checker.picture().rows.allSatisfy { $0.nextCheck == nil })
    }

    @Test("A resource disposed during its check loses its row, and a later one is checked from its creation on.")
    func disposedDuringCheck() throws {
        let time = self.simulation.environment.time
        let container = self.container
        let slow = Component(time)
        slow.set(.healthy, takes: .milliseconds(800))
        try self.container.bind(Component.self, name: "slow") { slow }
        // A resource that is always present determines the times of the rounds.
        _ = try self.component("steady")
        let checker = try self.checker()
        let task = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(1))
        self.simulation.spawn {
            try? await container.withScope { scope in
                _ = try await scope.get(Component.self, name: "slow")
                try await time.sleep(for: .milliseconds(5500))
            }
        }
        // Checked at creation, as the first of its binding, and at 6 s. Disposed at 6.5 s, answered at 6.8 s.
        self.simulation.run(for: .seconds(6))
        #expect(slow.asked == [1000, 6000])
        #expect(checker.picture().rows.count == 1)
        #expect(checker.known.state.withLock { $0.ledger.entries.count } == 1)
        let late = try self.component("late")
        self.simulation.run(for: .seconds(5))
        #expect(late.asked == [7000, 12_000])
        task.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("Without resources to check, the checker is idle and live, and it checks a new resource immediately.")
    func idle() throws {
        let checker = try self.checker()
        let task = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(100))
        #expect(checker.known.state.withLock { $0.isResting })
        #expect(checker.liveness().isPassing)
        let first = try self.component("first")
        self.simulation.run(for: .seconds(6))
        #expect(first.asked == [100_000, 105_000])
        task.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("A fallback is degraded, regardless of its own answer, until the primary is ready.")
    func fallback() throws {
        let container = self.container
        let isUp = Lock(false)
        let time = self.simulation.environment.time
        try self.container.bind(Component.self, name: "secondary", lifetime: .singleton) { Component(time) }
        try self.container.bind(
            Bind(
                Component.self,
                name: "primary",
                lifetime: .singleton,
                lifecycle: .managed(onInitialize: { _ in
                    if !isUp.withLock({ $0 }) { throw CancellationError() }
                })
            ) { Component(time) }.fallback(to: ResourceKey(Component.self, name: "secondary"))
        )
        let checker = try self.checker()
        let task = self.simulation.spawn { await checker.run() }
        try self.simulation.run { _ = try await container.get(Component.self, name: "primary") }
        self.simulation.run(for: .seconds(6))
        let row = try #require(checker.picture().rows.first)
        #expect(row.label == "Component(secondary)#2")
        #expect(row.status == .degraded)
        #expect(row.fallbackFor == "Component(primary)")
        #expect(checker.picture().verdict == .degraded)
        #expect(checker.readiness().isPassing)
        #expect(checker.picture().causes == ["Component(secondary)#2 is degraded: fallback for Component(primary)"])
        isUp.withLock { $0 = true }
        try self.simulation.run { _ = try await container.get(Component.self, name: "primary") }
        self.simulation.run(for: .seconds(11))
        #expect(checker.picture().rows.map(\.status) == [.healthy, .healthy])
        #expect(checker.picture().rows.allSatisfy { $0.fallbackFor == nil })
        task.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("A dependent of an unhealthy resource is marked affected with the cause.")
    func affected() throws {
        struct Service: Sendable {}
        let database = try self.component("database")
        let container = self.container
        try self.container.bind(
            Bind(Service.self, lifetime: .singleton, using: ResourceKey(Component.self, name: "database")) { _ in Service() }
        )
        try self.simulation.run { _ = try await container.get(Service.self) }
        let checker = try self.checker()
        database.set(.unhealthy)
        try self.simulation.run { _ = await checker.checkAll() }
        #expect(checker.picture().rows.map(\.affectedBy) == [[], [ResourceID(1)]])
        database.set(.healthy)
        try self.simulation.run { for _ in 0..<2 { _ = await checker.checkAll() } }
        #expect(checker.picture().rows.allSatisfy { $0.affectedBy.isEmpty })
    }

    @Test("Readiness needs an open container and healthy critical resources; liveness needs rounds on time.")
    func answers() throws {
        let critical = try self.component("critical")
        let other = try self.component("other", options: BindingOptions(critical: false))
        let checker = try self.checker { $0.fall = 1 }
        #expect(
            checker.readiness()
                == ServiceAnswer(
                    isPassing: false,
                    reasons: ["Component(critical)#1 has not answered yet", "no health checker runs"]
                )
        )
        #expect(checker.liveness() == ServiceAnswer(isPassing: true, reasons: ["no health checker runs"]))
        critical.set(.healthy, takes: .milliseconds(500))
        let task = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .milliseconds(100))
        #expect(checker.readiness() == ServiceAnswer(isPassing: false, reasons: ["Component(critical)#1 has not answered yet"]))
        self.simulation.run(for: .seconds(1))
        #expect(checker.readiness() == ServiceAnswer(isPassing: true, reasons: []))
        other.set(.unhealthy)
        self.simulation.run(for: .seconds(5))
        #expect(checker.readiness().isPassing)
        #expect(checker.readiness().reasons.count == 1)
        critical.set(.unhealthy)
        self.simulation.run(for: .seconds(5))
        #expect(!checker.readiness().isPassing)
        #expect(checker.liveness().isPassing)
        #expect(checker.readiness().reasons.first == "Component(critical)#1 is unhealthy: set by the test")
        // The time advances, and the loop does not run.
        self.simulation.time.move(to: self.simulation.now + .seconds(60))
        #expect(!checker.liveness().isPassing)
        #expect(checker.liveness().reasons.first?.hasPrefix("no round of health checks has started") == true)
        task.cancel()
        self.simulation.runUntilIdle()
        #expect(
            checker.liveness()
                == ServiceAnswer(isPassing: true, reasons: ["no health checker runs: the last one stopped 0 ms ago"])
        )
        self.simulation.run(for: .seconds(17))
        #expect(!checker.liveness().isPassing)
        let container = self.container
        try self.simulation.run { _ = try? await container.close() }
        #expect(checker.liveness().isPassing)
        #expect(checker.readiness() == ServiceAnswer(isPassing: false, reasons: ["the container app is closed"]))
    }

    @Test("A monitor's updates contain its checker's health, and its report the verdict.")
    func monitored() throws {
        let component = try self.component("one")
        let checker = try self.checker { $0.fall = 1 }
        let monitor = ResourceMonitor(self.container, health: checker)
        let task = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(1))
        #expect(monitor.feed().next().health?.verdict == .healthy)
        #expect(monitor.report().health == .healthy)
        component.set(.unhealthy)
        self.simulation.run(for: .seconds(10))
        #expect(monitor.feed().next().health?.rows.first?.status == .unhealthy)
        #expect(monitor.report().health == .unhealthy)
        // Every monitor of the container reports the same health, with or without a checker.
        #expect(ResourceMonitor(self.container).report().health == .unhealthy)
        #expect(ResourceMonitor(Container()).report().health == nil)
        task.cancel()
        self.simulation.runUntilIdle()
    }
}
