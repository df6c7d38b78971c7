import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

/// Checks the views that lead a new user to the cause of each trouble scenario.
@Suite("Causes of trouble scenarios")
struct TroubleScenarioViewsTests {
    private func text(_ state: DashboardState) -> String {
        TextRenderer.render(state.render())
    }

    @Test(
        "Leak scenario: with marks a and b, d lists exactly the resources leaked in between, with their line.",
        arguments: [1, 7, 42] as [UInt64]
    )
    func leak(seed: UInt64) async throws {
        let session = try SimulatedSession(LeakScenario.self, seed: seed)
        var state = DashboardState.fixture(.overview)
        for update in await session.advance(to: .seconds(5)) { _ = state.update(.monitor(update)) }
        _ = state.type("ma")
        for update in await session.advance(to: .seconds(25)) { _ = state.update(.monitor(update)) }
        _ = state.type("mb")
        // Resources in use at the second mark have ended by then.
        for update in await session.advance(to: .seconds(35)) { _ = state.update(.monitor(update)) }
        let snapshot = session.container.snapshot()
        let (from, to) = (TimeSource.Instant(nanoseconds: 5_000_000_000), TimeSource.Instant(nanoseconds: 25_000_000_000))
        let leaked = snapshot.scopes.filter { scope in
            (Int(scope.name.split(separator: "-").last ?? "") ?? 1) % LeakScenario.forgets == 0 && scope.openedAt <= to
        }.map(\.id)
        let expected = Set(snapshot.resources.filter { leaked.contains($0.scope) && $0.createdAt > from && $0.createdAt <= to }.map(\.id))
        let differences = Differences(from: state.marks[0], to: state.marks[1], in: state.picture)
        #expect(Set(differences.groups.flatMap(\.resources)) == expected)
        #expect(expected.count >= 6)
        _ = state.type("d")
        let text = self.text(state)
        #expect(text.contains(" \(expected.count) of "))
        #expect(text.contains("created are live"))
        #expect(text.contains("UploadSession") && text.contains("LeakScenario.swift:"))
        _ = state.press(.enter)
        #expect(state.view == .scopes)
        #expect(state.overlay == nil)
        #expect(state.subject.scope.map(leaked.contains) == true)
    }

    @Test("Exhaustion scenario: Pools shows the holding scope with its source location, and the waiters.")
    func exhaustion() async throws {
        let session = try SimulatedSession(ExhaustionScenario.self, seed: 7)
        var state = DashboardState.fixture(.overview)
        for update in await session.advance(to: .seconds(30)) { _ = state.update(.monitor(update)) }
        #expect(self.text(state).contains("lease-held-too-long"))
        _ = state.type("4")
        let text = self.text(state)
        let holders = text.split(separator: "\n").filter { $0.contains("nightly-report") }
        #expect(holders.count == 3)
        #expect(holders.allSatisfy { $0.contains("Scenario.swift:") })
        #expect(text.contains("Waiters 2"))
        #expect(text.contains("page-"))
    }

    @Test("Outage scenario: Overview, Health and Graph change in the same frame, in both directions.", arguments: [1, 7] as [UInt64])
    func outage(seed: UInt64) async throws {
        let session = try SimulatedSession(OutageScenario.self, seed: seed)
        var state = DashboardState.fixture(.overview)
        var flips = 0
        var before = [false, false, false]
        for update in await session.advance(to: .seconds(60)) {
            _ = state.update(.monitor(update))
            func shows(_ view: DashboardView, _ words: String) -> Bool {
                var other = state
                other.show(view)
                // Rows below the health table describe the past.
                let rows = self.text(other).split(separator: "\n").prefix { !$0.contains("Overall") }
                return rows.contains { $0.contains("StockService#") && $0.contains(words) }
            }
            let now = [shows(.overview, "▲ unhealthy"), shows(.health, "x unhealthy"), shows(.graph, "x unhealthy")]
            #expect(Set(now).count == 1, "at \(update.time): \(now)")
            if now != before { flips += 1 }
            before = now
        }
        #expect(flips >= 4)
    }
}
