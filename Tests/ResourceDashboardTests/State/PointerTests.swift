import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Mouse clicks")
struct PointerTests {
    private func state(_ view: DashboardView) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        fixture.wait(.seconds(1))
        var update = fixture.update()
        update.trouble(["one", "two", "three"])
        _ = state.update(.monitor(update))
        return state
    }

    /// Clicks the first occurrence of `text` at or below the given row.
    private func click(_ state: inout DashboardState, _ text: String, from row: Int = 0) throws -> [Effect] {
        let rows = TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(rows.indices.dropFirst(row).first { rows[$0].contains(text) })
        let range = try #require(rows[y].range(of: text))
        let x = DisplayText.width(of: rows[y][..<range.lowerBound])
        return state.update(.input(.mouse(Mouse(.press, x: x, y: y))))
    }

    @Test("A click on a tab shows its view.", arguments: DashboardView.allCases)
    func tabs(_ view: DashboardView) throws {
        var state = self.state(view == .overview ? .events : .overview)
        _ = try self.click(&state, "\(view.number) \(view.title)")
        #expect(state.view == view)
    }

    @Test("A click selects a row, and a second click opens it.")
    func rows() throws {
        var state = self.state(.resources)
        _ = try self.click(&state, "Cache", from: 3)
        #expect(state.subject.resource == ResourceID(2))
        #expect(state.screens.first(ResourcesScreen.self)?.isOpen == false)
        _ = try self.click(&state, "Cache", from: 3)
        #expect(state.screens.first(ResourcesScreen.self)?.detail == ResourceID(2))
        state.show(.scopes)
        _ = try self.click(&state, "FileStore#3", from: 3)
        #expect(state.subject.resource == ResourceID(3))
        state.show(.health)
        _ = try self.click(&state, "two", from: 3)
        #expect(state.subject.resource == ResourceID(2))
        state.show(.findings)
        _ = try self.click(&state, "two", from: 3)
        #expect(state.subject.finding?.subject.label == "two")
    }

    @Test("A click focuses a pane, and the wheel leaves the selection of a list.")
    func panes() throws {
        var state = self.state(.overview)
        _ = try self.click(&state, "Needs attention")
        #expect(state.screen.focusTitle == "Needs attention")
        state.show(.resources)
        for _ in 0..<2 { _ = state.update(.input(.mouse(Mouse(.wheelDown, x: 5, y: 5)))) }
        #expect(state.subject.resource == ResourceID(1))
    }

    @Test("The wheel over a pane without a list changes nothing.")
    func wheelElsewhere() {
        var state = self.state(.resources)
        _ = state.press(.enter)
        let opened = state.subject.resource
        _ = state.update(.input(.mouse(Mouse(.wheelDown, x: 5, y: 4))))
        #expect(state.subject.resource == opened)
        state.show(.scopes)
        let selected = state.list?.selectedIndex
        _ = state.update(.input(.mouse(Mouse(.wheelDown, x: 110, y: 30))))
        #expect(state.list?.selectedIndex == selected)
    }

    @Test("The buttons of a dialog accept clicks, and the view below it ignores them.")
    func dialogs() throws {
        var state = self.state(.scopes)
        state.select(.scope(ScopeID(1)))
        _ = state.type("x")
        #expect(try self.click(&state, "4 Pools").isEmpty && state.view == .scopes)
        #expect(try self.click(&state, "[ Close and wait ]") == [.closeScope(ScopeID(1), force: false)])
        _ = state.type("x")
        #expect(try self.click(&state, "[ Cancel ]").isEmpty && state.overlay == nil)
    }

    @Test("In a list over the view, a click selects an entry and a second click accepts it.")
    func lists() throws {
        var state = self.state(.overview)
        _ = state.type("?")
        _ = try self.click(&state, "dependency graph")
        #expect(state.view == .overview)
        _ = try self.click(&state, "dependency graph")
        #expect(state.view == .graph)
        #expect(state.overlay == nil)
        _ = state.type("T")
        _ = try self.click(&state, "default-light")
        #expect(state.theme.name == "default-light")
    }
}
