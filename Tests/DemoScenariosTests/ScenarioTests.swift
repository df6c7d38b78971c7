import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@Suite("Scenarios")
struct ScenarioTests {
    @Test("Scenario names are unique, each resolves to its scenario, and checkout is the first.")
    func names() {
        let names = Scenarios.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names { #expect(Scenarios.named(name)?.name == name) }
        #expect(names.first == "checkout")
        #expect(Scenarios.named("nothing") == nil)
    }

    @Test(
        "The checkout scenario does its work, balances its books at every step, and produces some failures.",
        arguments: [1, 7, 42] as [UInt64]
    )
    func checkout(seed: UInt64) async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: seed)
        let updates = await session.advance(to: .seconds(60))
        for update in updates {
            #expect(update.totals.books.isBalanced)
            for pool in update.pools { #expect(pool.isBalanced) }
            #expect(update.missed == 0)
        }
        let last = try #require(updates.last)
        #expect(last.totals.books.disposed > 500)
        #expect(last.totals.disposeThrew > 0)
        #expect(last.totals.books.initFailed > 0)
        #expect(last.totals.books.active < 60)
        #expect(last.pools.first.map { $0.leases > 100 && $0.maximum == 4 } == true)
        #expect(updates.contains { update in update.events.contains { if case .healthChanged = $0.kind { true } else { false } } })
        // The scopes nest as app ▸ worker ▸ req ▸ tx.
        let tags = Set(updates.flatMap(\.scopes).compactMap(\.scope.tag))
        #expect(tags == ["worker", "request", "tx"])
    }

    @Test("The same seed produces the same events, and another seed produces others.")
    func reproducible() async throws {
        func events(seed: UInt64) async throws -> [ResourceEvent] {
            try await SimulatedSession(CheckoutScenario.self, seed: seed).advance(to: .seconds(10)).flatMap(\.events)
        }
        let (first, second, other) = (try await events(seed: 7), try await events(seed: 7), try await events(seed: 8))
        #expect(first.count > 300)
        #expect(first == second)
        #expect(first != other)
    }

    @Test("A long checkout run retains no more scopes and resources than one of a minute.")
    func bounded() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 3)
        let minutes = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? 15 : 5
        for minute in 1...minutes { _ = await session.advance(to: .seconds(60 * minute)) }
        let snapshot = session.container.snapshot()
        #expect(snapshot.scopes.count < 20)
        #expect(snapshot.resources.count < 60)
        #expect(snapshot.books.isBalanced)
        #expect(snapshot.books.created > 800 * minutes)
    }

    @Test("A session steps once at each grid time and once at each requested time in between.")
    func grid() async throws {
        let session = try SimulatedSession(QuietScenario.self, seed: 1)
        var times: [Duration] = []
        for end in [Duration.milliseconds(100), .milliseconds(600), .seconds(2000)] {
            times += await session.advance(to: end).map { .nanoseconds($0.time.nanoseconds) }
        }
        let grid = (1...8000).map { SimulatedSession.step * $0 }
        #expect(times == (grid + [.milliseconds(100), .milliseconds(600)]).sorted())
    }

    @Test("The quiet scenario has bindings and no load; manual actions take effect.")
    func quiet() async throws {
        let session = try SimulatedSession(QuietScenario.self, seed: 1)
        let updates = await session.advance(to: .seconds(30))
        #expect(updates.last?.totals.books.created == 0)
        #expect(updates[0].bindings.count > 3)
        let report = try await session.perform { container in
            let scope = try container.openScope("by-hand", tag: "worker")
            for binding in container.snapshot().bindings { _ = try await container.resolve(binding.id, in: scope.id) }
            return try await scope.close()
        }
        #expect(report.count(.disposed) > 0)
    }

    @Test("The live checkout scenario writes real orders and receipts, and removes them when it closes.")
    func live() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func files() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: directory.path) }
        let world = ScenarioWorld(environment: .system, leaves: .live, directory: directory)
        let container = Container("app")
        let scenario = CheckoutScenario()
        try scenario.bind(into: container, world: world)
        let load = Task { await scenario.run(container, world: world) }
        // Wait for the first order without a time limit, so the machine's speed does not decide the result.
        let subscription = container.subscribe()
        while !container.poolSamples().contains(where: { $0.name == "DatabasePool" && $0.leases > 0 }) {
            await subscription.next(); _ = subscription.drain()
        }
        #expect(try files().contains { $0.hasSuffix("shop.sqlite") })
        load.cancel()
        await load.value
        let report = try await container.close()
        #expect(report.count(.abandoned) == 0)
        #expect(report.count(.threw) < 10)
        #expect(try files().isEmpty)
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().resources.isEmpty)
    }
}
