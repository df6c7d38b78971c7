import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@Suite("Trouble scenarios")
struct TroubleScenarioTests {
    private func kinds(_ updates: [MonitorUpdate]) -> Set<Finding.Kind> {
        Set(updates.flatMap(\.findings).map(\.kind))
    }

    @Test("Leak scenario: exactly the refused uploads leak, and a finding names them all.", arguments: [1, 7, 42] as [UInt64])
    func leak(seed: UInt64) async throws {
        let session = try SimulatedSession(LeakScenario.self, seed: seed)
        let updates = await session.advance(to: .seconds(60))
        let snapshot = session.container.snapshot()
        let old = snapshot.scopes.filter { $0.parent != nil && updates.last!.time - $0.openedAt > .seconds(5) }
        #expect(old.count > 5)
        for scope in old { #expect((Int(scope.name.split(separator: "-")[1]) ?? 1) % LeakScenario.forgets == 0) }
        let found = try #require(updates.last).findings.filter { $0.kind == .leak }
        #expect(found.count == 1)
        let finding = try #require(found.first)
        #expect(finding.subjectCount >= old.count { updates.last!.time - $0.openedAt > .seconds(10) })
        #expect(finding.subjectCount <= snapshot.scopes.count)
        #expect(Set(finding.subjects.compactMap(\.scope)).isSubset(of: snapshot.scopes.map(\.id)))
        #expect(finding.location?.file.hasSuffix("LeakScenario.swift") == true)
        #expect(snapshot.books.isBalanced)
    }

    @Test(
        "Exhaustion scenario: the pool starves, and its longest holders are the report's scope and source location.",
        arguments: [1, 7] as [UInt64]
    )
    func exhaustion(seed: UInt64) async throws {
        let session = try SimulatedSession(ExhaustionScenario.self, seed: seed)
        let updates = await session.advance(to: .seconds(40))
        let last = try #require(updates.last)
        let pool = try #require(last.pools.first)
        #expect(pool.waiting > 0)
        #expect(pool.timedOut > 0)
        #expect(pool.leased == 4)
        let report = try #require(
            last.scopes.first { $0.scope.name == "nightly-report" } ?? updates.flatMap(\.scopes).last { $0.scope.name == "nightly-report" }
        )
        let culprits = pool.holders.prefix(3)
        #expect(culprits.allSatisfy { $0.scope == report.scope.id && $0.location.file.hasSuffix("ExhaustionScenario.swift") })
        #expect(self.kinds(updates).isSuperset(of: [.leaseHeldTooLong]))
        #expect(self.kinds(updates).contains(.poolStarved) || self.kinds(updates).contains(.poolExhausted))
    }

    @Test(
        "Outage scenario: the service is unhealthy only during the outage, and affects its dependents.",
        arguments: [1, 7] as [UInt64]
    )
    func outage(seed: UInt64) async throws {
        let session = try SimulatedSession(OutageScenario.self, seed: seed)
        func status(_ update: MonitorUpdate?) -> HealthStatus? {
            update?.health?.rows.first { $0.label.hasPrefix("StockService") }?.status
        }
        #expect(status(await session.advance(to: OutageScenario.up - .seconds(1)).last) == .healthy)
        let down = await session.advance(to: OutageScenario.up + OutageScenario.down - .seconds(2))
        #expect(status(down.last) == .unhealthy)
        #expect(self.kinds(down).contains(.unhealthy))
        let row = try #require(down.last?.health?.rows.first { $0.label.hasPrefix("Catalog") })
        #expect(!row.affectedBy.isEmpty)
        let after = await session.advance(to: OutageScenario.up + OutageScenario.down + .seconds(8))
        #expect(status(after.last) == .healthy)
    }

    @Test("Storm scenario: the event rate and the number of resources match the options.")
    func storm() async throws {
        let session = try SimulatedSession(StormScenario.self, seed: 1, options: ScenarioOptions(rate: 2_000, resources: 300))
        let updates = await session.advance(to: .seconds(5))
        let last = try #require(updates.last)
        #expect(last.totals.books.active == 300)
        #expect((9_000...11_000).contains(Int(last.sequence) - 300 * 2))
        session.scenarioLoad.set(0)
        let quiet = await session.advance(to: .seconds(7)).last
        #expect(try #require(quiet).sequence - last.sequence < 100)
    }

    @Test("The load of a scenario can be lowered, stopped and restored.")
    func load() async throws {
        let session = try SimulatedSession(LeakScenario.self, seed: 3)
        let full = try #require(await session.advance(to: .seconds(20)).last).totals.closedScopes
        session.scenarioLoad.set(0)
        let before = try #require(await session.advance(to: .seconds(23)).last).totals.closedScopes
        let after = try #require(await session.advance(to: .seconds(60)).last).totals.closedScopes
        #expect(full > 20)
        #expect(before == after)
        session.scenarioLoad.set(50)
        let half = try #require(await session.advance(to: .seconds(80)).last).totals.closedScopes - after
        #expect(half > full / 4)
        #expect(half < full * 3 / 4)
    }

    @Test(
        "The live trouble scenarios run on loopback and leave no resources behind.",
        arguments: ["leak", "exhaustion", "outage", "storm"]
    )
    func live(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let container = Container("app")
        let world = ScenarioWorld(environment: .system, leaves: .live, options: ScenarioOptions(rate: 500, resources: 50))
        let scenario = type.init()
        try scenario.bind(into: container, world: world)
        let load = Task { await scenario.run(container, world: world) }
        let subscription = container.subscribe()
        while container.snapshot().books.created < 12 {
            await subscription.next()
            _ = subscription.drain()
        }
        load.cancel()
        await load.value
        // An initialization whose requests were canceled continues, and a forced close would abandon it.
        while container.snapshot().books.initializing > 0 {
            await subscription.next()
            _ = subscription.drain()
        }
        let report = try await container.close(.force)
        #expect(report.count(.abandoned) == 0)
        #expect(report.count(.threw) == 0)
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().resources.isEmpty)
        #expect(container.snapshot().books.initFailed == 0)
    }
}
