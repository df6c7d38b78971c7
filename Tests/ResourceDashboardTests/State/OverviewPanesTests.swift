import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Overview panes")
struct OverviewPanesTests {
    private func state() -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        update.events = (1...3).map { number in
            ResourceEvent(
                sequence: UInt64(number),
                time: fixture.time,
                scope: scope,
                resource: ResourceID(UInt64(number)),
                kind: .errorReported("event \(number)")
            )
        }
        _ = state.update(.monitor(update))
        return state
    }

    private func focused(_ pane: OverviewScreen.Pane) throws -> DashboardState {
        var state = self.state()
        let location = try #require(OverviewScreen.Pane.allCases.firstIndex(of: pane))
        for _ in 0..<location { _ = state.press(.tab) }
        #expect(try self.screen(state).focus == pane)
        return state
    }

    private func screen(_ state: DashboardState) throws -> OverviewScreen {
        try #require(state.screens.first(OverviewScreen.self))
    }

    @Test("In Needs attention, Enter opens the subject of the selected finding, and e explains it.")
    func attention() throws {
        var state = try self.focused(.attention)
        _ = state.type("j")
        #expect(try self.screen(state).attention.selectedID == 2)
        var explained = state
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.subject.resource == ResourceID(2))
        _ = explained.type("e")
        #expect(explained.view == .findings)
        #expect(explained.subject.finding?.id == 2)
    }

    @Test("In Warnings and errors, the cursor starts at the newest one, and Enter opens the selected one in the event log.")
    func events() throws {
        var state = try self.focused(.trouble)
        _ = state.type("j")
        #expect(state.subject.event?.resource == ResourceID(2))
        _ = state.type("k")
        #expect(state.subject.event?.resource == ResourceID(3))
        _ = state.type("k")
        #expect(state.subject.event?.resource == ResourceID(3))
        _ = state.type("G")
        #expect(state.subject.event?.resource == ResourceID(1))
        _ = state.press(.enter)
        #expect(state.view == .events)
        #expect(state.subject.event?.resource == ResourceID(1))
    }

    @Test("A click selects a row in its pane, and a second click opens it.")
    func clicks() throws {
        var state = self.state()
        let rows = TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)
        let finding = try #require(rows.firstIndex { $0.contains("Cache 3 times") })
        let event = try #require(rows.firstIndex { $0.contains("event 2") })
        _ = state.update(.input(.mouse(Mouse(.press, x: 5, y: finding))))
        #expect(try self.screen(state).attention.selectedID == 2)
        #expect(try self.screen(state).focus == .attention)
        _ = state.update(.input(.mouse(Mouse(.press, x: 75, y: event))))
        #expect(state.subject.event?.sequence == 2)
        #expect(try self.screen(state).focus == .trouble)
        _ = state.update(.input(.mouse(Mouse(.press, x: 75, y: event))))
        #expect(state.view == .events)
        #expect(state.subject.event?.sequence == 2)
    }

    @Test("Enter opens the selected pool in Pools, and the newest scope of the selected group in Scopes.")
    func enter() throws {
        var state = try self.focused(.pools)
        _ = state.type("j")
        _ = state.press(.enter)
        #expect(state.view == .pools)
        #expect(state.subject.resource == ResourceID(2))
        state = try self.focused(.scopes)
        _ = state.type("j")
        _ = state.press(.enter)
        #expect(state.view == .scopes)
        #expect(state.subject.scope == ScopeID(1))
    }

    @Test("Enter on a finding whose resource and scope are gone opens the finding.")
    func goneSubject() throws {
        var state = self.state()
        var fixture = PictureFixture()
        var update = fixture.update(isReset: true)
        update.trouble(["Database"])
        _ = state.update(.monitor(update))
        _ = state.press(.enter)
        #expect(state.view == .findings)
        #expect(state.subject.finding?.id == 1)
    }

    @Test("Scope commands act on the newest open scope of the selected group, and on the root scope while another pane has the focus.")
    func scopeCommands() throws {
        for pane in OverviewScreen.Pane.allCases where pane != .scopes {
            var state = try self.focused(pane)
            #expect(state.type("o") == [.openScope(in: .root, name: nil)], "\(pane)")
        }
        var state = try self.focused(.scopes)
        #expect(state.subject.scope == .root)
        _ = state.type("j")
        #expect(state.type("o") == [.openScope(in: ScopeID(1), name: nil)])
    }

    @Test("The filter applies to the focused pane, and the typed text runs no commands.")
    func filter() throws {
        var state = try self.focused(.pools)
        #expect(state.type("/Cach").isEmpty)
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .overview)
        #expect(try self.screen(state).pools.rows.map(\.pool.name) == ["Cache"])
        #expect(try self.screen(state).attention.count == 3)
        #expect(TextRenderer.render(state.render()).contains("Pools 1 of 3"))
        for (pane, query, count) in [
            (OverviewScreen.Pane.attention, "/FileStore", 1), (.scopes, "/req", 1), (.trouble, "/event", 3), (.tiles, "/err", 1),
        ] {
            var state = try self.focused(pane)
            #expect(state.type(query).isEmpty)
            _ = state.press(.enter)
            #expect(try self.screen(state).list(in: pane)?.count == count, "\(pane)")
        }
    }

    @Test("The JSON has the findings, the scopes in the order of their tree and the newest events, regardless of filters.")
    func json() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        let worker = fixture.open("worker-1")
        let request = fixture.open("req-1", in: worker)
        _ = fixture.open("worker-2")
        _ = fixture.open("tx-1", in: request)
        var update = fixture.update()
        update.trouble(["Database", "Cache"])
        _ = state.update(.monitor(update))
        _ = state.press(.tab)
        _ = state.press(.tab)
        _ = state.type("/tx")
        let model = state.viewModel()
        #expect(model.scopes.map(\.name) == ["app", "worker-1", "req-1", "tx-1", "worker-2"])
        #expect(model.scopes.map(\.depth) == [0, 1, 2, 3, 1])
        #expect(model.findings.map(\.id) == [1, 2])
    }
}
