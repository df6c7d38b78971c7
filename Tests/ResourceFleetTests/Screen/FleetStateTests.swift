import ResourceContainer
import ResourceDashboard
import ResourceSimulation
import Testing

@testable import ResourceFleet

@Suite("The screen of a fleet")
struct FleetStateTests {
    @Test("Rows are sorted by their alerts at first, and unknown figures come last.")
    func order() {
        let state = FleetSample.shown()
        #expect(state.instances == ["web1:4711", "web2:4711", "web1:4712", "web3:9090", "web4:4711"])
    }

    @Test("Rows are sorted by every column, in both directions, and keep their order where keys are equal.")
    func sorting() {
        var state = FleetSample.shown()
        for sort in FleetSort.allCases {
            state.sort(.sort(by: sort.index))
            if state.list.sorting?.column != sort.index { state.sort(.sort(by: sort.index)) }
            let rows = FleetSample.table.rows
            let keys = state.list.rows.map { sort.key(of: rows[$0.index]) }
            let isDescending = state.list.sorting?.isDescending == true
            #expect(keys == keys.sorted { isDescending ? $0 > $1 : $0 < $1 }, "\(sort.title)")
        }
        state.sort(.sort(by: FleetSort.column(.health).index))
        #expect(state.instances.first == "web4:4711")
    }

    @Test("A filter finds words, and names, instances, health, and alerts by their fields.")
    func filter() {
        var state = FleetSample.shown()
        state.type("/")
        state.type("shop health:degraded")
        #expect(state.instances == ["web1:4711"])
        state.press(.escape)
        #expect(state.instances.count == 5)
        for (text, expected) in [
            ("id:web1", ["web1:4711", "web1:4712"]), ("what:Starved", ["web1:4711"]), ("err>1", ["web1:4711"]), ("life<1m", ["web1:4712"]),
            ("gone", ["web2:4711"]), ("name:検索", ["web4:4711"]),
        ] {
            state.type("/\(text)")
            state.press(.enter)
            #expect(Set(state.instances) == Set(expected), "\(text)")
            state.press(.escape)
        }
        #expect(state.list.filter.isEmpty)
    }

    @Test("The selection stays on its process while tables change, and rows keep their order for two seconds after a move.")
    func selection() {
        var state = FleetSample.shown()
        state.type("j")
        #expect(state.selected?.id.instance == "web2:4711")
        var table = FleetSample.table
        table.rows[4].figures[.alerts] = 9
        _ = state.update(.time(FleetSample.at(1), FleetSample.clock))
        _ = state.update(.table(table, FleetSample.at(1)))
        #expect(state.instances.last == "web4:4711")
        _ = state.update(.time(FleetSample.at(3), FleetSample.clock))
        _ = state.update(.table(table, FleetSample.at(3)))
        #expect(state.instances.first == "web4:4711")
        #expect(state.selected?.id.instance == "web2:4711")
    }

    @Test("Enter requests the command of the selected process, or the notice has the reason why there is none.")
    func open() {
        var state = FleetSample.shown()
        #expect(state.press(.enter) == [.open(FleetSample.key("web1:4711", "shop"), command: ["ssh", "web1", "resmon", "dial", "shop"])])
        state.type("j")
        #expect(state.press(.enter).isEmpty)
        #expect(state.screen.contains("the process has no name"))
        var empty = FleetSample.state()
        #expect(empty.press(.enter).isEmpty)
        #expect(empty.screen.contains("select a process"))
    }

    @Test("A fault is one line; the last table stays, is dimmed, and has its age.")
    func fault() {
        var state = FleetSample.shown()
        _ = state.update(.time(FleetSample.at(34), FleetSample.clock))
        _ = state.update(.failed(FleetFault("status 503, timeout: query timed out"), FleetSample.at(10)))
        _ = state.update(.failed(FleetFault("status 503, timeout: query timed out"), FleetSample.at(15)))
        #expect(state.screen.contains("x no table since 12:00:10: status 503, timeout: query timed out"))
        #expect(state.screen.contains("data 0:38 old"))
        #expect(state.screen.contains("web1:4711"))
        _ = state.update(.table(FleetSample.table, FleetSample.at(34)))
        #expect(!state.screen.contains("no table"))
        #expect(state.screen.contains("data 0:04 old"))
    }

    @Test("Warnings, problems, and missing rules are one line each.")
    func lines() {
        var state = FleetSample.shown()
        var table = FleetSample.table
        table.warnings = ["partial response", "other"]
        table.problems = ["P99: too many samples"]
        table.lacksRules = true
        _ = state.update(.table(table, FleetSample.at(0)))
        #expect(state.screen.contains("x P99: too many samples"))
        #expect(state.screen.contains("! the server warns: partial response (and 1 more)"))
        #expect(state.screen.contains("so the columns of pools are empty: resmon fleet --print rules"))
    }

    @Test("Space pauses and resumes, R reads a table, and q and a second Ctrl-C quit.")
    func keys() {
        var state = FleetSample.shown()
        #expect(state.type("R") == [.refresh])
        #expect(state.type(" ").isEmpty)
        #expect(state.screen.contains("PAUSED"))
        #expect(state.type(" ") == [.refresh])
        #expect(state.type("q") == [.quit])
        let interrupt = FleetMessage.input(.key(Key(.character("c"), .control)))
        #expect(state.update(interrupt).isEmpty)
        #expect(state.update(interrupt) == [.quit])
        #expect(state.type("x").isEmpty)
        #expect(state.screen.contains("works only in the dashboard of a process"))
    }

    @Test("A click selects a row, a second one opens it, a click on a title sorts, and one on a key runs it.")
    func mouse() throws {
        var state = FleetSample.shown()
        let lines = state.screen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let row = try #require(lines.firstIndex { $0.contains("web1:4712") })
        #expect(state.update(.input(.mouse(Mouse(.press, x: 4, y: row)))).isEmpty)
        #expect(state.selected?.id.instance == "web1:4712")
        #expect(state.update(.input(.mouse(Mouse(.press, x: 4, y: row)))).count == 1)
        let header = try #require(lines.firstIndex { $0.contains("INSTANCE") })
        let x = try #require(lines[header].firstIndex(of: "I").map { lines[header].distance(from: lines[header].startIndex, to: $0) })
        _ = state.update(.input(.mouse(Mouse(.press, x: x, y: header))))
        #expect(state.list.sorting?.column == FleetSort.instance.index)
        let footer = try #require(lines.lastIndex { $0.contains("refresh") })
        let key = try #require(
            lines[footer].firstRange(of: "R refresh").map { lines[footer].distance(from: lines[footer].startIndex, to: $0.lowerBound) }
        )
        #expect(state.update(.input(.mouse(Mouse(.press, x: key, y: footer)))) == [.refresh])
    }

    /// A state whose selected process has this number of alerts, each with a summary and a command.
    private static func alarmed(_ count: Int, _ size: Size) -> (state: FleetState, table: FleetTable) {
        var table = FleetSample.table
        table.rows[0].figures[.alerts] = Double(count)
        table.rows[0].alerts = (0..<count).map {
            FiringAlert(name: "Resmon\($0)", severity: "critical", summary: "summary \($0)", attach: "resmon attach --view v\($0)")
        }
        var state = FleetSample.state(size)
        _ = state.update(.table(table, FleetSample.at(0)))
        return (state, table)
    }

    @Test("All alerts of the selected process are shown with their commands if there is room.")
    func allAlerts() {
        let screen = Self.alarmed(4, Size(width: 140, height: 40)).state.screen
        for number in 0..<4 { #expect(screen.contains("resmon attach --view v\(number)")) }
        #expect(!screen.contains(" more: "))
    }

    @Test("Alerts without room are counted, and none is shown without its command.", arguments: [24, 26, 30, 36])
    func someAlerts(height: Int) {
        let screen = Self.alarmed(9, Size(width: 80, height: height)).state.screen
        let shown = (0..<9).count { screen.contains("Resmon\($0)") }
        #expect(shown > 0)
        #expect((0..<9).count { screen.contains("resmon attach --view v\($0)") } == shown)
        #expect(screen.contains("and \(9 - shown) more: "))
    }

    @Test("Lines of the server do not remove the pane of the selected process.")
    func paneWithWarnings() {
        var (state, table) = Self.alarmed(2, Size(width: 80, height: 24))
        table.warnings = [String(repeating: "store 10.0.0.1 is not reachable ", count: 6)]
        table.problems = [String(repeating: "status 503 without an answer ", count: 6)]
        table.lacksRules = true
        _ = state.update(.table(table, FleetSample.at(0)))
        #expect(state.screen.contains("resmon attach --view v0"))
        #expect(state.screen.contains("and 1 more: "))
    }

    @Test("A screen without a new table is not live.")
    func notLive() {
        var state = FleetSample.shown()
        #expect(state.screen.contains("LIVE every 5s"))
        _ = state.update(.failed(FleetFault("status 503"), FleetSample.at(1)))
        #expect(!state.screen.contains("LIVE"))
        _ = state.update(.table(FleetSample.table, FleetSample.at(2)))
        #expect(state.screen.contains("LIVE every 5s"))
        _ = state.update(.time(FleetSample.at(20), FleetSample.clock))
        #expect(!state.screen.contains("LIVE"))
    }

    @Test("The printed table has the glyphs of the options, and a limited width.")
    func printed() {
        var table = FleetSample.table
        table.rows[0].id.container = String(repeating: "c", count: 100_000)
        table.rows[1].id.instance = String(repeating: "i", count: 100_000)
        table.rows[3].id.job = String(repeating: "j", count: 100_000)
        let text = table.text(.ascii)
        #expect(text.split(separator: "\n").allSatisfy { $0.count < 400 })
        #expect(text.split(separator: "\n").prefix(3).allSatisfy { $0.allSatisfy(\.isASCII) })
        #expect(table.text(.braille).contains("●"))
    }

    @Test(
        "A time that cannot be shown is a question mark.",
        arguments: [-7, -0.5, 1e9, 9e14, 1e300]
    )
    func times(value: Double) {
        #expect(FleetFigure.text(value, .seconds) == "?")
        #expect(FleetFigure.age(value) == "?")
    }

    @Test("Every screen is drawn at every size, with every glyph set, and without control characters.")
    func sizes() {
        for glyphs in GlyphSet.allCases {
            for width in [0, 1, 18, 39, 40, 56, 79, 80, 100, 119, 120, 200, 333] {
                for height in [0, 1, 9, 10, 15, 16, 24, 36, 60] {
                    var state = FleetSample.shown(Size(width: width, height: height), glyphs: glyphs)
                    for keys in ["", "?", "jj/we"] {
                        state.type(keys)
                        let canvas = state.render()
                        #expect(canvas.size == Size(width: width, height: height))
                        #expect(canvas.cells.allSatisfy { cell in cell.text.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
                    }
                }
            }
        }
    }

    @Test("No sequence of keys and tables ends the program.", arguments: 0..<20)
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var state = FleetSample.state(Size(width: 80, height: 24))
        let keys: [Key.Code] =
            [.up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape, .backspace]
            + "jkgGsSF/?nN zy=<>.,:mTR!w:1".map { .character($0) }
        for step in 0..<400 {
            switch random.next() % 12 {
            case 0:
                var table = FleetSample.table
                table.rows.removeAll { _ in random.next() % 3 == 0 }
                _ = state.update(.table(table, FleetSample.at(Int64(step))))
            case 1: _ = state.update(.failed(FleetFault("x"), FleetSample.at(Int64(step))))
            case 2:
                let mouse = Mouse(.press, x: Int(random.next() % 80), y: Int(random.next() % 24))
                _ = state.update(.input(.mouse(mouse)))
            case 3: _ = state.update(.time(FleetSample.at(Int64(step)), FleetSample.clock))
            default: _ = state.update(.input(.key(Key(keys[Int(random.next() % UInt64(keys.count))]))))
            }
            #expect(state.render().size == Size(width: 80, height: 24))
        }
    }
}
