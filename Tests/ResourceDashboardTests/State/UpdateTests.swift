import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("State updates")
struct UpdateTests {
    private func request(_ view: DashboardView = .scopes, isReadonly: Bool = false) -> (PictureFixture, DashboardState, ScopeID) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view, isReadonly: isReadonly)
        let scope = fixture.open("req-1")
        let database = fixture.make(0, in: scope)
        _ = fixture.make(1, in: scope, needing: [database])
        _ = state.update(.monitor(fixture.update()))
        state.select(.scope(scope))
        return (fixture, state, scope)
    }

    @Test("The selection stays on its item while rows are added, removed and sorted.")
    func selectionByIdentity() {
        var (fixture, state, _) = self.request(.resources)
        state.select(.resource(ResourceID(2)))
        let first = fixture.dispose(ResourceID(1))
        let other = fixture.open("req-2")
        for _ in 0..<20 { _ = fixture.make(2, in: other) }
        fixture.wait(.seconds(5))
        _ = state.update(.monitor(fixture.update(ended: [first])))
        _ = state.type("sS")
        #expect(state.subject.resource == ResourceID(2))
        #expect(state.list?.selectedIndex != nil)
    }

    @Test("Rows keep their order for two seconds after a cursor movement.")
    func orderIsHeld() throws {
        var (fixture, state, scope) = self.request(.resources)
        _ = state.type("s")
        _ = state.type("j")
        let before = try #require(state.screens.first(ResourcesScreen.self)).rows.ids
        _ = fixture.make(0, in: scope)
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update()))
        let after = try #require(state.screens.first(ResourcesScreen.self)).rows.ids
        #expect(Array(after.prefix(before.count)) == before)
    }

    @Test("The default of the close dialog is Cancel; y closes the named scope.")
    func closing() {
        var (_, state, scope) = self.request()
        #expect(state.type("x").isEmpty)
        #expect(state.press(.enter).isEmpty)
        #expect(state.overlay == nil)
        _ = state.type("x")
        #expect(state.type("y") == [.closeScope(scope, force: false)])
    }

    @Test("A key with a modifier does not answer a dialog.", arguments: [Key.Modifiers.control, .alt])
    func modifiersDoNotAnswer(_ modifier: Key.Modifiers) {
        var (_, state, _) = self.request()
        _ = state.type("x")
        #expect(state.press(.character("y"), modifier).isEmpty)
        #expect(state.overlay != nil)
    }

    @Test("Esc followed closely by a key arrives as that key with Alt, and both keys take effect.")
    func escapeAndKey() {
        var (_, state, _) = self.request(.resources)
        _ = state.type("/Database")
        _ = state.press(.enter)
        #expect(state.list?.filter.isEmpty == false)
        #expect(state.list?.selectedIndex == 0)
        _ = state.press(.down, .alt)
        #expect(state.list?.filter.isEmpty == true)
        #expect(state.movedAt != nil)
        _ = state.type("/x")
        _ = state.press(.character("8"), .alt)
        #expect(state.overlay == nil)
        #expect(state.view == .graph)
        _ = state.type("?")
        _ = state.press(.character("2"), .alt)
        #expect(state.overlay == nil)
        #expect(state.view == .scopes)
    }

    @Test("A key with Alt that has a command or edits text counts as one key.")
    func altKeys() throws {
        var configuration = DashboardState.fixture(.overview).configuration
        configuration.keys = try KeyMap(changes: ["view.graph": ["A-g"]])
        var state = DashboardState(configuration: configuration)
        _ = state.press(.character("g"), .alt)
        #expect(state.view == .graph)
        _ = state.type("3/ab")
        _ = state.press(.left, .alt)
        _ = state.type("-")
        #expect(state.list?.filter.text.text == "a-b")
    }

    @Test("A window that is too small accepts only the keys that quit.", arguments: DashboardView.allCases)
    func tooSmall(_ view: DashboardView) {
        var (_, state, _) = self.request(view)
        _ = state.update(.input(.resize(Size(width: 39, height: 9))))
        for info in CommandInfo.all where ![.quit, .quitNow].contains(info.command) {
            for key in info.keys { #expect(state.update(.input(.key(key))).isEmpty, "\(info.command)") }
        }
        #expect(state.update(.input(.paste("o"))).isEmpty)
        #expect(state.update(.input(.mouse(Mouse(.press, x: 1, y: 1)))).isEmpty)
        #expect(state.view == view)
        #expect(state.overlay == nil)
        #expect(state.type("q") == [.quit])
        #expect(state.type("Q") == [.quit])
        #expect(state.press(.character("c"), .control).isEmpty)
        #expect(state.press(.character("c"), .control) == [.quit])
    }

    @Test("A window that becomes too small under a dialog accepts no answer, and q still quits.")
    func tooSmallOverDialog() {
        var (_, state, _) = self.request()
        _ = state.type("x")
        _ = state.update(.input(.resize(Size(width: 39, height: 9))))
        #expect(state.type("y").isEmpty)
        #expect(state.type("q") == [.quit])
    }

    @Test("A dialog whose scope has closed does nothing and reports it.")
    func vanishedTarget() {
        var (fixture, state, scope) = self.request()
        _ = state.type("x")
        let ended = [fixture.dispose(ResourceID(2)), fixture.dispose(ResourceID(1))]
        _ = fixture.open("req-2")
        _ = state.update(.monitor(fixture.update(ended: ended, closing: scope)))
        #expect(state.type("y").isEmpty)
        #expect(state.notice?.text.contains("req-1") == true)
        #expect(state.notice?.level == .warn)
    }

    @Test("Pasted text never runs a command.", arguments: DashboardView.allCases)
    func paste(_ view: DashboardView) {
        var (_, state, _) = self.request(view)
        #expect(state.update(.input(.paste("xyQq\u{1B}[A\n"))).isEmpty)
        #expect(state.view == view)
        #expect(state.overlay == nil)
        #expect(state.notice?.level == .warn)
    }

    @Test("Text pasted into a dialog with buttons is refused.")
    func pasteIntoDialog() {
        var (_, state, _) = self.request()
        _ = state.type("x")
        #expect(state.update(.input(.paste("y"))).isEmpty)
        #expect(state.overlay != nil)
    }

    @Test("A read-only dashboard refuses every key that acts.", arguments: CommandInfo.all.filter(\.acts).flatMap(\.keys))
    func readonly(_ key: Key) {
        var (_, state, _) = self.request(isReadonly: true)
        #expect(state.update(.input(.key(key))).isEmpty)
        #expect(state.overlay == nil)
        #expect(state.pending.isEmpty)
        #expect(state.notice?.level == .warn)
    }

    @Test("A scope opened by the user is selected, and quitting asks about it until it is closed.")
    func opening() {
        var (fixture, state, scope) = self.request()
        #expect(state.type("o") == [.openScope(in: scope, name: nil)])
        #expect(state.pending.count == 1)
        let new = fixture.open("scope-1", in: scope)
        _ = state.update(.finished(.opened(new, name: nil, in: scope)))
        _ = state.update(.monitor(fixture.update()))
        #expect(state.pending.isEmpty)
        #expect(state.subject.scope == new)
        #expect(state.userOpenedScopes == [new])
        #expect(state.type("q").isEmpty)
        #expect(state.type("n").isEmpty)
        _ = state.update(.finished(.closed(DisposeReport(scope: new, name: "scope-1"))))
        _ = state.press(.escape)
        #expect(state.type("q") == [.quit])
    }

    @Test("Quitting does not ask about a scope that closed during a gap in the events.")
    func closedInGap() {
        var (fixture, state, scope) = self.request()
        let new = fixture.open("scope-1", in: scope)
        _ = state.update(.finished(.opened(new, name: nil, in: scope)))
        _ = state.update(.monitor(fixture.update()))
        _ = fixture.update(closing: new)
        _ = state.update(.monitor(fixture.update(isReset: true)))
        #expect(state.userOpenedScopes.isEmpty)
    }

    @Test("Scopes opened by the user are tracked per container, even if scope numbers repeat.")
    func sameNumber() {
        var (fixture, state, scope) = self.request()
        fixture.wait(.seconds(5))
        let new = fixture.open("scope-1", in: scope)
        _ = state.update(.finished(.opened(new, name: nil, in: scope)))
        _ = state.update(.monitor(fixture.update()))
        let note = EventLine.Note(source: "user", level: .info, what: "note", who: "-", message: "x")
        state.select(.event(EventLine(sequence: 1, time: fixture.time, note)))
        var other = PictureFixture()
        _ = state.update(.monitor(other.update()))
        #expect(state.userOpenedScopes.isEmpty)
        #expect(state.screens.first(EventsScreen.self)?.lines.selected == nil)
        _ = state.update(.finished(.opened(new, name: nil, in: .root)))
        _ = state.update(.monitor(other.update()))
        #expect(state.userOpenedScopes == [new])
    }

    @Test("Typing a name opens a scope with that name and runs no other command.")
    func openNamed() {
        var (_, state, scope) = self.request()
        #expect(state.type("Oqx").isEmpty)
        #expect(state.press(.enter) == [.openScope(in: scope, name: "qx")])
    }

    @Test("Ctrl-C shows a hint once and quits when pressed twice in a row.")
    func interrupt() {
        var (_, state, _) = self.request()
        #expect(state.press(.character("c"), .control).isEmpty)
        _ = state.type("j")
        #expect(state.press(.character("c"), .control).isEmpty)
        #expect(state.press(.character("c"), .control) == [.quit])
    }

    @Test("Esc neither leaves a view nor quits.")
    func escape() {
        var (_, state, _) = self.request(.overview)
        _ = state.type("236")
        for _ in 0..<6 { #expect(state.press(.escape).isEmpty) }
        #expect(state.view == .events)
    }

    @Test("Leaving the theme picker with Esc restores the theme.")
    func themes() {
        var (_, state, _) = self.request()
        let before = state.theme
        _ = state.type("T")
        _ = state.press(.down)
        #expect(state.theme != before)
        _ = state.press(.escape)
        #expect(state.theme == before)
    }

    @Test("A report that opens over the theme picker does not keep the theme being tried.")
    func reportOverThemes() {
        var (_, state, scope) = self.request()
        let before = state.theme
        _ = state.type("T")
        _ = state.press(.down)
        _ = state.update(.finished(.closed(DisposeReport(scope: scope, name: "req-1"))))
        _ = state.press(.escape)
        _ = state.press(.escape)
        #expect(state.theme == before)
    }

    @Test("The cursor stays near the position of a removed row.")
    func cursorStaysNear() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        let scopes = (0..<9).map { fixture.open("req-\($0)") }
        _ = state.update(.monitor(fixture.update()))
        _ = state.type("c")
        state.select(.scope(scopes[5]))
        _ = state.update(.monitor(fixture.update(closing: scopes[5])))
        _ = state.type("j")
        #expect([scopes[4], scopes[6], scopes[7]].contains(state.subject.scope))
    }

    @Test("The teardown preview lists the newest child first, and dependents before their dependencies.")
    func preview() {
        var (fixture, state, scope) = self.request()
        let child = fixture.open("tx-1", in: scope)
        let inner = fixture.make(2, in: child)
        _ = state.update(.monitor(fixture.update()))
        let preview = TeardownPreview(scope, state.picture)
        #expect(preview.steps.map(\.resource) == [inner, ResourceID(2), ResourceID(1)])
        #expect(preview.scopes == [child, scope])
    }
    @Test("The teardown preview numbers concurrent disposals alike and shows their limit.")
    func previewSideBySide() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        let scope = fixture.open("job", disposal: .concurrent(limit: 2))
        let base = fixture.make(0, in: scope)
        let middle = (0..<2).map { _ in fixture.make(1, in: scope, needing: [base]) }
        let top = fixture.make(2, in: scope, needing: [middle[0]])
        _ = state.update(.monitor(fixture.update()))
        let preview = TeardownPreview(scope, state.picture)
        #expect(preview.steps.map(\.resource) == [top, middle[1], middle[0], base])
        #expect(preview.steps.map(\.stage) == [1, 1, 2, 3])
        #expect(preview.isSideBySide)
        #expect(preview.limit == 2)
        let serial = TeardownPreview(.root, state.picture)
        #expect(serial.limit == 2)
    }
}
