import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Overview")
struct OverviewTests {
    static func state(_ update: MonitorUpdate, _ size: Size = Size(width: 120, height: 36)) -> DashboardState {
        var state = DashboardState.fixture(.overview)
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(size)))
        return state
    }

    /// Returns an update with three resources, pools and findings.
    static func trouble(_ names: [String] = ["Database", "Cache", "FileStore"]) -> MonitorUpdate {
        var fixture = PictureFixture()
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        var update = fixture.update()
        update.trouble(names)
        return update
    }

    static func screen(_ state: DashboardState) throws -> OverviewScreen {
        try #require(state.screens.first(OverviewScreen.self))
    }

    static func rect(_ pane: OverviewScreen.Pane, _ state: DashboardState) throws -> Rect? {
        try self.screen(state).layout(state.context, state.body).first { $0.pane == pane }?.rect
    }

    /// Returns the rows inside the frame of a pane.
    static func rows(_ pane: OverviewScreen.Pane, _ state: DashboardState) throws -> [String] {
        let inside = try #require(try self.rect(pane, state)).inset()
        let canvas = state.render()
        return inside.rows.map { y in inside.columns.map { canvas.cells[y * canvas.size.width + $0].text }.joined() }
    }

    static func text(_ state: DashboardState) -> String {
        TextRenderer.render(state.render())
    }

    static func event(_ number: Int, _ kind: ResourceEvent.Kind, resource: UInt64 = 1) -> ResourceEvent {
        ResourceEvent(
            sequence: UInt64(number),
            time: TimeSource.Instant(nanoseconds: 0),
            scope: ScopeID(1),
            resource: ResourceID(resource),
            kind: kind
        )
    }

    // MARK: Panes

    @Test("Tiles, what needs attention, pools, open scopes and the books are visible at every size from 80x24.")
    func visible() throws {
        for size in [(80, 24), (100, 24), (100, 30), (120, 36), (160, 48), (200, 60), (80, 60)] {
            let state = Self.state(Self.trouble(), Size(width: size.0, height: size.1))
            let panes = try Self.screen(state).layout(state.context, state.body).map(\.pane)
            for pane in [OverviewScreen.Pane.tiles, .attention, .pools, .scopes, .books, .trouble] {
                #expect(panes.contains(pane), "\(pane) at \(size)")
            }
        }
    }

    @Test("On a small screen, Tab reaches every pane, which has the whole body.")
    func small() {
        var state = Self.state(Self.trouble(), Size(width: 40, height: 10))
        for pane in OverviewScreen.Pane.allCases {
            let rows = Self.text(state).split(separator: "\n")
            #expect(rows[2].hasPrefix("╭─ ▌\(pane.title)"), "\(rows[2])")
            #expect(rows[7].hasPrefix("╰"))
            _ = state.press(.tab)
        }
    }

    @Test("The panes fill the body and do not overlap, at every size.")
    func places() throws {
        for width in Array(stride(from: 60, through: 300, by: 9)) {
            for height in Array(stride(from: 12, through: 80, by: 3)) {
                let state = Self.state(Self.trouble(), Size(width: width, height: height))
                let body = state.body
                let places = try Self.screen(state).layout(state.context, body).map(\.rect)
                #expect(places.reduce(0) { $0 + $1.width * $1.height } == body.width * body.height, "\(width)x\(height)")
                #expect(places.allSatisfy { $0.intersection(body) == $0 }, "\(width)x\(height)")
            }
        }
    }

    @Test("Only the focused pane shows its selection.")
    func selection() throws {
        var state = Self.state(Self.trouble())
        let selected = state.theme.style(.selected).background
        func highlighted(_ pane: OverviewScreen.Pane) throws -> Bool {
            let inside = try #require(try Self.rect(pane, state)).inset()
            let canvas = state.render()
            return inside.rows.contains { canvas.cells[$0 * canvas.size.width + inside.x].style.background == selected }
        }
        #expect(try highlighted(.attention))
        #expect(try !highlighted(.pools))
        _ = state.press(.tab)
        #expect(try !highlighted(.attention))
        #expect(try highlighted(.pools))
    }

    @Test("A tall screen has a chart of the active resources, and other screens draw it alone when it has the focus.")
    func chart() throws {
        #expect(try Self.rect(.active, Self.state(Self.trouble(), Size(width: 200, height: 60))) != nil)
        #expect(try Self.rect(.active, Self.state(Self.trouble(), Size(width: 80, height: 60))) != nil)
        var state = Self.state(Self.trouble(), Size(width: 80, height: 24))
        #expect(try Self.rect(.active, state) == nil)
        _ = state.press(.tab, .shift)
        #expect(try Self.screen(state).focus == .active)
        #expect(Self.text(state).contains("min 3  now 3  max 3"))
    }

    // MARK: Tiles

    @Test("The tiles count active resources, errors, findings by severity, health, and waiters with their pools.")
    func tiles() {
        var update = Self.trouble()
        update.totals.books.errors = 38
        update.totals.rates.sixtySeconds.errors = 0.05
        let text = Self.text(Self.state(update, Size(width: 200, height: 60)))
        for title in ["ACTIVE", "ERRORS", "FINDINGS", "HEALTH", "WAITING"] { #expect(text.contains("╭─ \(title) ─")) }
        for words in ["│ 3 ", "│ 38 ", "+3 per minute", "▲ 1 high  ! 1 medium  · 1 low", "! degraded", "in 3 of 3 pools"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test("The tiles fit their strip at 80 columns, with counts of seven digits.")
    func narrowTiles() {
        var update = Self.trouble()
        update.totals.books.errors = 1_234_567
        update.totals.books.ready = 1_234_567
        let state = Self.state(update, Size(width: 80, height: 24))
        let strip = Self.text(state).split(separator: "\n")[2...4].joined(separator: "\n")
        #expect(!strip.contains("…"))
        #expect(strip.contains("1,234,567"))
        #expect(strip.contains("3  ▲1 !1 ·1"))
    }

    @Test("A tile with the count zero is dim.")
    func quietTiles() {
        var fixture = PictureFixture()
        let state = Self.state(fixture.update())
        for tile in [OverviewTile.active, .errors, .findings, .waiting] {
            #expect(tile.figures(state.context, .braille).first?.first == Span("0", .textDim), "\(tile)")
        }
        #expect(OverviewTile.health.figures(state.context, .braille) == [[Span("not checked", .textDim)]])
    }

    @Test(
        "In the tiles, l and h choose, and Enter jumps.",
        arguments: zip(OverviewTile.allCases, [DashboardView.resources, .events, .findings, .health, .pools])
    )
    func jumps(_ tile: OverviewTile, _ view: DashboardView) throws {
        var state = Self.state(Self.trouble())
        for _ in 0..<4 { _ = state.press(.tab) }
        #expect(try Self.screen(state).focus == .tiles)
        for _ in OverviewTile.allCases.prefix(while: { $0 != tile }) { _ = state.type("l") }
        #expect(try Self.screen(state).tiles.selectedID == tile)
        _ = state.type("lh")
        #expect(try Self.screen(state).tiles.selectedID == tile)
        _ = state.press(.enter)
        #expect(state.view == view)
    }

    @Test("A click on a tile jumps at once.", arguments: zip(0..<5, [DashboardView.resources, .events, .findings, .health, .pools]))
    func clicks(_ index: Int, _ view: DashboardView) {
        var state = Self.state(Self.trouble())
        _ = state.update(.input(.mouse(Mouse(.press, x: index * 24 + 10, y: 3))))
        #expect(state.view == view)
    }

    @Test("The tile of the errors leads to the newest error.")
    func newestError() {
        var update = Self.trouble()
        update.events = [
            Self.event(1, .errorReported("first")), Self.event(2, .errorReported("second")), Self.event(3, .noted("no error")),
        ]
        var state = Self.state(update)
        _ = state.update(.input(.mouse(Mouse(.press, x: 30, y: 3))))
        #expect(state.view == .events)
        #expect(state.subject.event?.sequence == 2)
    }

    // MARK: Books

    @Test("The books are printed uncut at 80 to 200 columns with counts of seven digits, and add up.")
    func books() throws {
        var update = Self.trouble()
        var books = Books()
        (books.created, books.disposed, books.initializing, books.ready) = (9_999_999, 1_111_111, 1_000_000, 2_000_000)
        (books.initFailed, books.abandoned) = (3_333_333, 2_555_555)
        update.totals.books = books
        #expect(books.isBalanced)
        let expected = [
            ["created", "9,999,999"], ["disposed", "1,111,111"], ["active", "3,000,000"], ["init-failed", "3,333,333"],
            ["abandoned", "2,555,555"],
        ]
        var state = Self.state(update)
        for width in 80...200 {
            for height in [24, 36, 60] {
                _ = state.update(.input(.resize(Size(width: width, height: height))))
                let shown = try Self.rows(.books, state).prefix(5).map { $0.split(separator: " ").prefix(2).map(String.init) }
                #expect(shown == expected, "\(width)x\(height)")
            }
        }
    }

    @Test("On a wide screen, the books show lifetimes, durations, rates and states beside the counts.")
    func figures() throws {
        var update = Self.trouble()
        update.totals.lifetimes = DurationSummary(
            count: 361,
            average: .milliseconds(174),
            median: .milliseconds(165),
            p95: .milliseconds(253),
            maximum: .milliseconds(1_890)
        )
        update.totals.initialize = DurationSummary(count: 9, median: .milliseconds(2), p95: .milliseconds(26))
        update.totals.dispose = DurationSummary(count: 9, median: .milliseconds(1), p95: .milliseconds(6))
        update.totals.disposeThrew = 3
        update.totals.rates.tenSeconds.created = 31.9
        update.totals.rates.tenSeconds.ended = 31.5
        let text = try Self.rows(.books, Self.state(update, Size(width: 200, height: 60))).joined(separator: "\n")
        for words in [
            "lifetime avg 174ms  median 165ms  p95 253ms  361 tracked", "initialize p50 2ms  p95 26ms", "dispose p50 1ms  p95 6ms  threw 3",
            "31.9/s created  31.5/s ended", "initializing 0  ready 3  disposing 0",
        ] { #expect(text.contains(words), "\(words)") }
        update.totals.books.created += 1
        let unbalanced = try Self.rows(.books, Self.state(update, Size(width: 200, height: 60)))
        #expect(unbalanced[0].contains("does not add up"))
    }

    // MARK: Attention

    @Test("Findings are whole sentences while rows are free.")
    func sentences() throws {
        var update = Self.trouble(["Database"])
        let evidence = Array(repeating: "waiters wait for a lease", count: 5).joined(separator: " and ")
        update.findings[0].evidence = evidence
        for size in [Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 60)] {
            let rows = try Self.rows(.attention, Self.state(update, size))
            let words = rows.flatMap { $0.split(separator: " ") }.joined(separator: " ")
            #expect(words.contains("Database: \(evidence)"), "\(size)")
            #expect(!words.contains("…"))
        }
    }

    @Test("The pane is as high as its sentences, and does not move with their figures.")
    func attentionHeight() throws {
        func height(_ evidence: String) throws -> Int? {
            var update = Self.trouble()
            for index in update.findings.indices { update.findings[index].evidence = evidence }
            return try Self.rect(.attention, Self.state(update))?.height
        }
        #expect(try height("short") == 3 + 2)
        #expect(try height("open for 1 s with 2 resources") == height("open for 172.5 s with 34,567 resources"))
        #expect(try height(Array(repeating: "waits", count: 25).joined(separator: " ")) == 3 * 2 + 2)
    }

    @Test("At 120x36, the chart of the active resources takes the rows below the open scopes.")
    func chartBelow() throws {
        let state = Self.state(Self.trouble())
        let (scopes, active) = (try #require(try Self.rect(.scopes, state)), try #require(try Self.rect(.active, state)))
        #expect(active.y == scopes.y + scopes.height)
        #expect(try Self.rows(.scopes, state).allSatisfy { $0.contains { $0 != " " } })
    }

    @Test("A sentence is cut only if no row is free.")
    func cutSentences() throws {
        var update = Self.trouble(["Database", "Cache"])
        for index in 0..<2 { update.findings[index].evidence = Array(repeating: "word", count: 60).joined(separator: " ") }
        let rows = try Self.rows(.attention, Self.state(update, Size(width: 80, height: 24)))
        #expect(rows.contains { $0.hasSuffix("… ") })
        #expect(rows.allSatisfy { $0.contains("word") })
    }

    @Test("A pane without findings, pools or events states that there are none.")
    func empty() {
        var fixture = PictureFixture()
        let text = Self.text(Self.state(fixture.update()))
        for words in ["nothing needs attention", "no pool is ready", "no warnings and no errors", "0 other events", "none closed"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    // MARK: Pools

    @Test("A pool at its maximum with waiters is red, its figures are labeled, and zeros are dim.")
    func pools() throws {
        var update = Self.trouble(["Database", "Cache"])
        (update.pools[0].leased, update.pools[0].waiting, update.pools[0].longestWait) = (3, 0, .milliseconds(37))
        let state = Self.state(update)
        let screen = try Self.screen(state)
        // The pool with waiters is first.
        #expect(screen.pools.rows.map(\.pool.name) == ["Cache", "Database"])
        let table = try #require(screen.table(in: .pools, state.context, .braille))
        #expect(table.columns.map(\.title) == ["POOL", "USE", "LEASED", "WAITING", "MAX WAIT"])
        func role(_ row: Int, _ column: Int) -> Role? {
            guard case .spans(let spans) = table.cells(row)[column] else { return nil }
            return spans.first?.role
        }
        #expect(table.cells(0).map(\.text) == ["Cache", "4/4", "4/4", "2", "20.0s"])
        #expect(role(0, 2) == .stateFailed)
        #expect(role(0, 3) == .stateFailed)
        #expect(table.cells(1).map(\.text) == ["Database", "3/4", "3/4", "0", "37ms"])
        #expect(role(1, 2) == .text)
        #expect(role(1, 3) == .textDim)
    }
}
