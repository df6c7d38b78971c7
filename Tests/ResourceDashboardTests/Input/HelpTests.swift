import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Help")
struct HelpTests {
    /// A view with a pool, a finding and a health row.
    private func state(_ view: DashboardView = .health, isReadonly: Bool = false) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view, isReadonly: isReadonly)
        let scope = fixture.open("req-1")
        _ = fixture.make(0, in: scope)
        var update = fixture.update()
        update.trouble(["shop-pool"])
        _ = state.update(.monitor(update))
        return state
    }

    @Test("The help begins with the columns of the view, and the column by which the rows are sorted is the first.")
    func columns() throws {
        var state = self.state()
        _ = state.type("?")
        #expect(try state.row("Columns of this view") == state.row("Help") + 3)
        let entries = try #require(state.help).entries(state)
        guard case .column(let column, _, let order, _)? = entries.first else { return #expect(Bool(false), "no column") }
        #expect(column.title == "STATUS")
        #expect(order == .ascending)
        #expect(TextRenderer.render(state.render()).contains("the status of its last check (sorted)"))
    }

    @Test("The help lists every command that always exists once, in every view.", arguments: DashboardView.allCases)
    func commands(_ view: DashboardView) throws {
        var state = self.state(view)
        _ = state.type("?")
        let commands = try #require(state.help).entries(state).compactMap { entry -> String? in
            if case .command(let info) = entry { info.command.rawValue } else { nil }
        }
        #expect(commands.sorted() == CommandInfo.all.filter { $0.existence == .always }.map(\.command.rawValue).sorted())
    }

    @Test("The text that is typed is visible, and the help keeps its place and height.")
    func place() throws {
        var state = self.state()
        _ = state.type("?")
        let (top, bottom) = try (state.row("Help"), state.row("Esc closes"))
        for letter in "sort" {
            _ = state.type(String(letter))
            #expect(try state.row("Help") == top)
            #expect(try state.row("Esc closes") == bottom)
        }
        #expect(try state.row("/sort") == top + 1)
        _ = state.type("xyzzy")
        #expect(TextRenderer.render(state.render()).contains("nothing matches 'sortxyzzy'"))
    }

    @Test("PgDn, PgUp, Home and End move in the help, and the position is shown.", arguments: [80, 120, 200])
    func paging(_ width: Int) throws {
        var state = self.state()
        _ = state.update(.input(.resize(Size(width: width, height: 24))))
        _ = state.type("?")
        let count = try #require(state.help).entries(state).count
        _ = state.press(.end)
        #expect(state.help?.selected == count - 1)
        #expect(TextRenderer.render(state.render()).contains("\(count) of \(count)"))
        _ = state.press(.home)
        #expect(state.help?.selected == 0)
        _ = state.press(.pageDown)
        #expect((2..<count).contains(state.help?.selected ?? 0))
        _ = state.press(.pageUp)
        #expect(state.help?.selected == 0)
    }

    @Test("The selected row of the help is on the screen, at every size.", arguments: [(56, 16), (80, 24), (120, 36), (200, 60)])
    func visible(_ width: Int, _ height: Int) throws {
        var state = self.state()
        _ = state.update(.input(.resize(Size(width: width, height: height))))
        _ = state.type("?")
        let count = try #require(state.help).entries(state).count
        for index in 0..<count {
            let help = try #require(state.help)
            let sheet = help.sheet(help.entries(state), state.body)
            #expect(sheet.lines[sheet.page(selected: index)].contains { $0.entry == index }, "\(index)")
            #expect(help.selected == index)
            _ = state.press(.down)
        }
    }

    @Test("Enter runs the selected command, in the first view that has it.")
    func runs() {
        var state = self.state()
        _ = state.type("?error.group")
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .events)
        #expect(state.overlay == nil)
    }

    @Test("A command that is refused leaves the help open with the reason.")
    func refused() {
        var state = self.state(isReadonly: true)
        _ = state.type("?scope.open-named")
        #expect(state.press(.enter).isEmpty)
        #expect(state.help?.refusal?.contains("read-only") == true)
        #expect(TextRenderer.render(state.render()).contains("the dashboard is read-only"))
    }

    @Test("Enter on a column sorts by it, if rows can be sorted by it.")
    func sorts() {
        var state = self.state()
        _ = state.type("?took")
        _ = state.press(.enter)
        #expect(state.overlay == nil)
        #expect(state.list?.sorting?.column == HealthColumn.latency.rawValue)
        _ = state.type("?probe")
        _ = state.press(.enter)
        #expect(state.help?.refusal == "rows cannot be sorted by PROBE")
    }

    @Test("Columns that are hidden are marked.")
    func hidden() {
        var state = self.state()
        state.hiddenColumns[.health] = ["PROBE"]
        _ = state.type("?probe")
        #expect(TextRenderer.render(state.render()).contains("the kind of check (hidden)"))
    }
}

extension DashboardState {
    /// The open help; nil if it is not open.
    fileprivate var help: HelpDialog? {
        if case .help(let help) = self.overlay { help } else { nil }
    }
}
