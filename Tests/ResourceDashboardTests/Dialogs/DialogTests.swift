import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Dialogs")
struct DialogTests {
    /// A scope with one resource of each of three bindings, in a window of a given size.
    private func state(
        _ view: DashboardView = .scopes,
        size: Size = Size(width: 120, height: 36),
        scope name: String = "req-1"
    ) -> (PictureFixture, DashboardState, ScopeID) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        _ = state.update(.input(.resize(size)))
        let scope = fixture.open(name)
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        fixture.wait(.seconds(1))
        var update = fixture.update()
        for index in update.bindings.indices { update.bindings[index].binding.allowsFaults = true }
        _ = state.update(.monitor(update))
        state.select(.scope(scope))
        return (fixture, state, scope)
    }

    private func rows(_ state: DashboardState) -> [Substring] {
        TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)
    }

    private func text(_ state: DashboardState) -> String {
        TextRenderer.render(state.render())
    }

    // MARK: Place

    @Test("A dialog dims the screen below it, and the footer keeps its colors for the answer to a key.")
    func dims() {
        var (_, state, _) = self.state()
        _ = state.type("w")
        _ = state.press(.character("u"), .control)
        _ = state.type("a.pdf")
        _ = state.press(.enter)
        let (canvas, dim) = (state.render(), state.theme.style(.border).foreground)
        #expect(canvas.row(0).allSatisfy { $0.style.foreground == dim })
        #expect(canvas.row(2).allSatisfy { $0.style.foreground == dim })
        let warning = state.theme.style(.healthDegraded).foreground
        #expect((34..<36).contains { canvas.row($0).contains { $0.style.foreground == warning } })
    }

    @Test("The theme picker does not dim the screen, because it is the preview of the theme.")
    func preview() {
        var (_, state, _) = self.state()
        let before = state.render().row(1)
        _ = state.type("T")
        #expect(Array(state.render().row(1)) == Array(before))
    }

    @Test("A dialog stays at its place while the user types and while its list gets shorter.", arguments: [(80, 24), (120, 36), (56, 16)])
    func place(width: Int, height: Int) throws {
        var (_, state, _) = self.state(size: Size(width: width, height: height))
        _ = state.type("a")
        let before = self.rows(state)
        _ = state.type("cac")
        let after = self.rows(state)
        for part in ["Get a resource in req-1", "[ Get ]"] {
            let row = try #require(before.firstIndex { $0.contains(part) })
            #expect(after[row].contains(part))
        }
        #expect(after.contains { $0.contains("/ cac▏") && $0.contains("1 of 3") })
    }

    @Test(
        "The buttons are in the last row of a dialog.",
        arguments: [
            ("x", "[ Cancel ]"), ("X", "[ Force ]"), ("t", "[ Return ]"), ("O", "[ Open ]"), ("a", "[ Get ]"), ("T", "[ Keep ]"),
            ("w", "[ Write ]"), ("mad", "[ Return ]"), ("3=", "[ Done ]"), ("3f", "[ Inject ]"),
        ],
        [Size(width: 80, height: 24), Size(width: 120, height: 36)]
    )
    func buttons(dialog: (String, String), size: Size) throws {
        let (keys, button) = dialog
        var (_, state, _) = self.state(size: size)
        _ = state.type(keys)
        let rows = self.rows(state)
        let row = try #require(rows.firstIndex { $0.contains(button) })
        #expect(rows[row + 1].contains("╰──"))
    }

    @Test("In the smallest window, a question keeps the scope's name and all buttons.")
    func smallest() {
        var (_, state, scope) = self.state(size: Size(width: 40, height: 10))
        _ = state.type("x")
        let text = self.text(state)
        for part in ["Close scope req-1?", "[ Cancel ]", "[ Close and wait ]", "[ Force ]"] { #expect(text.contains(part)) }
        _ = state.press(.right)
        #expect(state.press(.enter) == [.closeScope(scope, force: false)])
    }

    @Test("A scope's name that is too long for the title is shown in full below it.")
    func longName() {
        let name = String(repeating: "long-", count: 12) + "name"
        var (_, state, _) = self.state(size: Size(width: 56, height: 24), scope: name)
        _ = state.type("x")
        let shown = self.rows(state).map { $0.filter { $0.isLetter || $0 == "-" } }.joined()
        #expect(shown.contains("Closescope\(name)"))
    }

    // MARK: Lists

    @Test("PgDn, End, PgUp and Home move in a list, and the list shows the position.")
    func moves() {
        var (_, state, _) = self.state(size: Size(width: 80, height: 16))
        let count = state.themes.count
        _ = state.type("T")
        #expect(self.text(state).contains(" 1 of \(count) "))
        _ = state.press(.end)
        #expect(self.text(state).contains(" \(count) of \(count) "))
        #expect(state.theme == state.themes.last)
        _ = state.press(.pageUp)
        #expect(state.theme != state.themes.last)
        _ = state.press(.home)
        #expect(state.theme == state.themes.first)
        _ = state.press(.pageDown)
        #expect(state.theme != state.themes.first)
    }

    @Test("A preview that does not fit scrolls to its last step, and the confirmation below it stays.")
    func scrolls() {
        var (fixture, state, scope) = self.state(size: Size(width: 80, height: 24))
        for _ in 0..<60 { _ = fixture.make(0, in: scope) }
        _ = state.update(.monitor(fixture.update()))
        _ = state.type("x")
        #expect(self.text(state).contains("63 resources will be disposed, in this order:"))
        #expect(self.text(state).contains(" of 65 "))
        #expect(!self.text(state).contains("Database#1 "))
        _ = state.press(.end)
        #expect(self.text(state).contains("Database#1 "))
        #expect(self.text(state).contains("[ Close and wait ]"))
        _ = state.press(.up)
        #expect(!self.text(state).contains("Database#1 "))
        #expect(state.type("y") == [.closeScope(scope, force: false)])
    }

    @Test("The wheel moves in the list of a dialog.")
    func wheel() {
        var (_, state, _) = self.state()
        _ = state.type("T")
        let before = state.theme
        _ = state.update(.input(.mouse(Mouse(.wheelDown, x: 60, y: 10))))
        #expect(state.theme != before)
    }

    @Test("The remark of an option is wrapped, not cut.", arguments: [(80, 24), (56, 16)])
    func remarks(width: Int, height: Int) {
        let summary = "A shop with carts, payments and a warehouse that runs out of connections whenever the last-word"
        var configuration = DashboardState.fixture().configuration
        configuration.size = Size(width: width, height: height)
        configuration.scenarios = [ScenarioChoice(name: "one", summary: summary), ScenarioChoice(name: "two", summary: summary)]
        var state = DashboardState(configuration: configuration)
        _ = state.type("D")
        #expect(self.rows(state).count { $0.contains("last-word") } == 2)
        _ = state.type("j")
        #expect(state.press(.enter) == [.startScenario("two")])
    }

    // MARK: Keys

    @Test("After a dialog has closed, the next key acts on the view.", arguments: ["x", "X", "t", "O", "a", "T", "w", "m", "/", "mad"])
    func nextKey(_ keys: String) {
        var (_, state, _) = self.state()
        _ = state.type(keys)
        #expect(state.overlay != nil)
        #expect(state.press(.escape).isEmpty)
        #expect(state.overlay == nil)
        _ = state.type("3")
        #expect(state.view == .resources)
    }

    @Test("The text around the cursor of a long name is visible.")
    func longText() {
        var (_, state, _) = self.state(size: Size(width: 56, height: 16))
        _ = state.type("O" + String(repeating: "a", count: 90) + "end")
        #expect(self.text(state).contains("aend▏"))
        _ = state.press(.home)
        #expect(self.text(state).contains("name ▏aaa"))
    }

    @Test("A scope's name of blanks only is refused, and stays in the field for correction.")
    func blankName() {
        var (_, state, scope) = self.state()
        _ = state.type("O   ")
        #expect(state.press(.enter).isEmpty)
        #expect(state.notice?.text.contains("blanks only") == true)
        _ = state.type("job")
        #expect(state.press(.enter) == [.openScope(in: scope, name: "   job")])
    }

    @Test("A binding that needs a tagged scope is marked, and is refused with the reason where there is none.")
    func tagged() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        let scope = fixture.open("req-1")
        var update = fixture.update()
        update.bindings[1].binding.lifetime = .tagged("worker")
        _ = state.update(.monitor(update))
        state.select(.scope(scope))
        _ = state.type("a")
        #expect(self.text(state).contains("scoped to worker, none here"))
        _ = state.press(.down)
        #expect(state.press(.enter).isEmpty)
        #expect(state.notice?.text == "Cache needs a scope tagged worker; neither req-1 nor a scope around it is")
        #expect(state.overlay != nil)
        _ = state.press(.up)
        #expect(state.press(.enter) == [.get(BindingID(0), in: scope)])
    }

    @Test("Values of scopes and bindings that take an argument are not offered.")
    func forms() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        let scope = fixture.open("req-1")
        var update = fixture.update()
        update.bindings[1].binding.form = .value
        update.bindings[2].binding.form = .parameterized
        _ = state.update(.monitor(update))
        state.select(.scope(scope))
        _ = state.type("a")
        let text = self.text(state)
        #expect(text.contains("Database"))
        #expect(!text.contains("Cache"))
        #expect(!text.contains("FileStore"))
    }

    // MARK: Texts

    @Test("The report of a close wraps an error below the resource that it is about.")
    func report() {
        var (_, state, scope) = self.state(size: Size(width: 80, height: 24))
        let error = "the connection was closed by the server before the transaction ended, and its changes were given to the last-word"
        var report = DisposeReport(scope: scope, name: "req-1")
        report.entries = [
            DisposeReport.Entry(order: 1, resource: ResourceID(2), label: "Cache", outcome: .disposed, took: .milliseconds(3)),
            DisposeReport.Entry(order: 2, resource: ResourceID(1), label: "Database", outcome: .threw, took: .zero, error: error),
        ]
        _ = state.update(.finished(.closed(report)))
        let rows = self.rows(state)
        #expect(rows.contains { $0.contains("1 ○ disposed") && $0.contains("Cache#2") && $0.contains("3ms") })
        #expect(rows.contains { $0.contains("2 x threw") && $0.contains("Database#1") })
        #expect(rows.contains { $0.contains("last-word") })
    }

    @Test("The difference of two marks counts the created resources that are live, and the shown ones of the selected type.")
    func differences() {
        var (fixture, state, scope) = self.state(size: Size(width: 80, height: 24))
        _ = state.type("ma")
        fixture.wait(.seconds(10))
        for _ in 0..<40 { _ = fixture.make(0, in: scope) }
        let cache = fixture.make(1, in: scope)
        let ended = fixture.make(2, in: scope)
        let row = fixture.dispose(ended)
        fixture.wait(.seconds(10))
        _ = state.update(.monitor(fixture.update(ended: [row])))
        _ = state.type("d")
        #expect(self.text(state).contains("41 of 42 created are live"))
        #expect(self.rows(state).contains { $0.contains(" 40 ") && $0.contains("Database") && $0.contains("Main.swift:7") })
        #expect(self.text(state).contains(" of 40 instances"))
        _ = state.press(.down)
        #expect(self.text(state).contains("Cache: 1 instance "))
        _ = state.press(.enter)
        #expect(state.view == .scopes)
        #expect(state.subject.resource == cache)
    }

    @Test("The question for a mark to go to names the marks with their times.")
    func marks() {
        var (_, state, _) = self.state()
        _ = state.type("'")
        #expect(self.text(state).contains("go to a mark: none set, Esc cancels"))
        _ = state.press(.escape)
        _ = state.type("ma'")
        #expect(self.text(state).contains("go to a mark: a 12:00:01, Esc cancels"))
    }
}
