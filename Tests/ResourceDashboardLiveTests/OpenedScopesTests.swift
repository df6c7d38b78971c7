import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

@testable import ResourceDashboardLive

@Suite("Scopes opened by the user")
struct OpenedScopesTests {
    @Test("Opened scopes close newest first and are listed in the summary.")
    func newestFirst() async throws {
        let container = Container()
        let control = ContainerControl(container)
        var opened = OpenedScopes()
        let outer = try await control.openScope(in: container.root.id, name: "outer")
        let inner = try await control.openScope(in: outer, name: nil)
        let other = try await control.openScope(in: container.root.id, name: "other")
        for id in [outer, inner, other] { opened.opened(id) }
        opened.closed(try await control.closeScope(other, force: false))
        var outcome = DashboardOutcome(reason: .quit)
        await opened.closeAll(with: control, budget: .seconds(5), time: .system, into: &outcome)
        #expect(outcome.closed.map(\.name) == ["manual-2", "outer"])
        #expect(outcome.summary == ["closed scope manual-2: 0 disposed", "closed scope outer: 0 disposed"])
        #expect(container.scope(outer) == nil)
    }

    @Test("A scope that does not close is reported when the budget ends.")
    func hangingClose() async throws {
        let never = Promise<Void>()
        let control = HangingControl(never: never)
        var opened = OpenedScopes()
        opened.opened(ScopeID(7))
        // Every deadline fires at once.
        let time = TimeSource(now: { TimeSource.Instant(nanoseconds: 0) }) { _, call in
            call()
            return TimeSource.Deadline {}
        }
        var outcome = DashboardOutcome(reason: .signal(15))
        await opened.closeAll(with: control, budget: .seconds(5), time: time, into: &outcome)
        #expect(outcome.closed.isEmpty)
        #expect(outcome.problems.count == 1)
        #expect(outcome.exitCode == 143)
        never.fulfill(())
    }
}

/// A control whose scopes close only when `never` is fulfilled.
private struct HangingControl: DashboardControl {
    let never: Promise<Void>

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID { parent }

    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport {
        await self.never.waitThroughCancellation()
        return DisposeReport(scope: scope, name: "hanging")
    }

    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID { throw CancellationError() }
    func checkHealth(of resource: ResourceID?) async throws -> Int { 0 }
}
