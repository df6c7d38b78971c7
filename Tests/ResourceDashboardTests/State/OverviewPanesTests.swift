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
                kind: .noted("event \(number)")
            )
        }
        _ = state.update(.monitor(update))
        return state
    }

    private func focused(_ pane: String) throws -> DashboardState {
        var state = self.state()
        let location = try #require(DashboardView.overview.panes.firstIndex(of: pane))
        for _ in 0..<location { _ = state.press(.tab) }
        #expect(state.isFocused(pane))
        return state
    }

    @Test("In Needs attention, Enter opens the subject of the selected finding, and e explains it.")
    func attention() throws {
        var state = try self.focused("Needs attention")
        _ = state.type("jj")
        #expect(state.findingCursor.selected == 2)
        var explained = state
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.resourceCursor.selected == ResourceID(2))
        _ = explained.type("e")
        #expect(explained.view == .findings)
        #expect(explained.selectedFinding?.id == 2)
    }

    @Test("In Events, the cursor starts at the newest event, and Enter opens the selected one in the event log.")
    func events() throws {
        var state = try self.focused("Events")
        _ = state.type("jj")
        #expect(state.selectedEvent?.resource == ResourceID(2))
        _ = state.type("k")
        #expect(state.selectedEvent?.resource == ResourceID(3))
        _ = state.type("k")
        #expect(state.selectedEvent == nil)
        _ = state.type("G")
        #expect(state.selectedEvent?.resource == ResourceID(1))
        _ = state.press(.enter)
        #expect(state.view == .events)
        #expect(state.selectedEvent?.resource == ResourceID(1))
    }

    @Test("A click selects a row in its pane, and a second click opens it.")
    func clicks() throws {
        var state = self.state()
        let rows = TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)
        let finding = try #require(rows.firstIndex { $0.contains("Cache 3 times") })
        let event = try #require(rows.firstIndex { $0.contains("event 2") })
        _ = state.update(.input(.mouse(Mouse(.press, x: 5, y: finding))))
        #expect(state.findingCursor.selected == 2)
        #expect(state.isFocused("Needs attention"))
        _ = state.update(.input(.mouse(Mouse(.press, x: 70, y: event))))
        #expect(state.selectedEvent?.sequence == 2)
        #expect(state.isFocused("Events"))
        _ = state.update(.input(.mouse(Mouse(.press, x: 70, y: event))))
        #expect(state.view == .events)
        #expect(state.selectedEvent?.sequence == 2)
    }
}
