import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Pools screen")
struct PoolsScreenTests {
    /// Returns a state with three pools at their maximum, four holders each in the scope `req-1`, and two waiters outside of any scope.
    private static func state(_ size: Size = Size(width: 120, height: 36)) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.pools)
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        fixture.wait(.seconds(10))
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(size)))
        return state
    }

    private static func exhaustion(_ size: Size) async throws -> DashboardState {
        let session = try SimulatedSession(ExhaustionScenario.self, seed: 7)
        var state = DashboardState.fixture(.pools)
        for update in await session.advance(to: .seconds(30)) { _ = state.update(.monitor(update)) }
        _ = state.update(.input(.resize(size)))
        return state
    }

    private static func screen(_ state: DashboardState) throws -> PoolsScreen {
        try #require(state.screens.first(PoolsScreen.self))
    }

    private static func text(_ state: DashboardState) -> String {
        TextRenderer.render(state.render())
    }

    /// Returns the roles of the cells of a pool's row, by the titles of their columns.
    private static func roles(_ pool: PoolSample, _ state: DashboardState) -> [String: Role] {
        let cells = PoolTable.cells(pool, state.context, .braille)
        var roles: [String: Role] = [:]
        for (column, cell) in zip(PoolTable.columns(), cells) {
            if case .spans(let spans) = cell { roles[column.title] = spans.first?.role }
        }
        return roles
    }

    // MARK: Table

    @Test("The titles of the columns are words.")
    func words() {
        let text = Self.text(Self.state())
        for title in ["NAME", "USE", "LEASED", "IDLE", "MIN", "MAX", "WAITING", "MAX WAIT", "p95", "TIMEOUTS", "LEAKED"] {
            #expect(text.contains(title), "\(title)")
        }
        for short in ["TMO", "ACT ", " w0", "LEAK "] { #expect(!text.contains(short), "\(short)") }
    }

    @Test("SHAPE appears from 140 columns.", arguments: [80, 120, 139, 140, 200])
    func shape(_ width: Int) {
        #expect(Self.text(Self.state(Size(width: width, height: 36))).contains("SHAPE") == (width >= 140))
    }

    @Test("At 80 columns, the name, the use, the leases, the waiters and the longest wait are visible.")
    func narrow() throws {
        let text = Self.text(Self.state(Size(width: 80, height: 24)))
        let header = try #require(text.split(separator: "\n").first { $0.contains("NAME") })
        for title in ["USE", "LEASED", "WAITING", "MAX WAIT", "p95"] { #expect(header.contains(title), "\(title)") }
    }

    @Test("Zeros are dim, and counts of trouble have the color of a failure.")
    func zeros() {
        let state = Self.state()
        var pool = PoolSample(resource: ResourceID(1), name: "files", maximum: 4)
        let calm = Self.roles(pool, state)
        for title in ["LEASED", "IDLE", "WAITING", "MAX WAIT", "p50", "TIMEOUTS", "LEAKED"] { #expect(calm[title] == .textDim, "\(title)") }
        (pool.leased, pool.waiting, pool.timedOut, pool.leaked) = (4, 1, 1, 1)
        let troubled = Self.roles(pool, state)
        for title in ["LEASED", "WAITING", "TIMEOUTS", "LEAKED"] { #expect(troubled[title] == .stateFailed, "\(title)") }
        (pool.leased, pool.maximum) = (1, 4)
        #expect(Self.roles(pool, state)["WAITING"] == .healthDegraded)
    }

    @Test("A time to acquire that is not known is a dash, not a zero.")
    func unknown() {
        let pool = PoolSample(resource: ResourceID(1), name: "files", maximum: 4)
        let cells = PoolTable.cells(pool, Self.state().context, .braille)
        let index = PoolTable.columns().firstIndex { $0.title == "p95" }
        #expect(index.map { cells[$0].text } == "–")
    }

    @Test("A time to acquire is never longer than the longest wait, which may be shorter than the end of its bucket.")
    func longestWait() {
        var pool = PoolSample(resource: ResourceID(1), name: "files", maximum: 4)
        pool.waits.record(.seconds(2))
        pool.longestWait = .seconds(2)
        #expect(pool.waits.quantile(0.5) > .seconds(2))
        let cells = PoolTable.cells(pool, Self.state().context, .braille)
        for (column, cell) in zip(PoolTable.columns(), cells) where ["MAX WAIT", "p50", "p95", "p99"].contains(column.title) {
            #expect(cell.text == "2.00s", "\(column.title)")
        }
        for column in [PoolColumn.p50, .p95, .p99] { #expect(column.key(pool) == PoolColumn.longestWait.key(pool), "\(column)") }
    }

    @Test("The titles of the columns of Holders do not read as one.", arguments: [80, 120, 200])
    func headings(_ width: Int) throws {
        let lines = Self.text(Self.state(Size(width: width, height: 60))).split(separator: "\n")
        let header = try #require(lines.first { $0.contains("ITEM") })
        #expect(header.contains("HELD"))
        #expect(!header.contains("SINCE"))
    }

    @Test("The selected row keeps the color of its gauge.")
    func selectedGauge() throws {
        let state = Self.state()
        let canvas = state.render()
        let y = try #require(Self.text(state).split(separator: "\n").firstIndex { $0.contains("│ Database ") })
        let leased = try #require(canvas.row(y).first { $0.text == "█" })
        #expect(leased.style == state.theme.style(.stateFailed))
        #expect(canvas.row(y).contains { $0.text == "D" && $0.style.background == state.theme.style(.selected).background })
    }

    @Test("Each word of the legend has the color that it explains.")
    func legend() throws {
        let state = Self.state()
        let canvas = state.render()
        let y = try #require(Self.text(state).split(separator: "\n").firstIndex { $0.contains("█ leased") })
        #expect(canvas.row(y).first { $0.text == "█" }?.style == state.theme.style(.gaugeUsed))
        #expect(canvas.row(y).first { $0.text == "▒" }?.style == state.theme.style(.gaugeIdle))
        #expect(canvas.row(y).first { $0.text == "░" }?.style == state.theme.style(.gaugeFree))
    }

    // MARK: Selection

    @Test("Another selected pool lists its holders and waiters at once.")
    func users() throws {
        var state = Self.state()
        #expect(try Self.screen(state).holders.rows.first?.id.pool == ResourceID(1))
        _ = state.type("j")
        #expect(try Self.screen(state).holders.rows.map(\.id.pool) == Array(repeating: ResourceID(2), count: 4))
        #expect(try Self.screen(state).waiters.rows.map(\.id.pool) == Array(repeating: ResourceID(2), count: 2))
    }

    @Test("Equal waiters are separate rows.")
    func equalWaiters() throws {
        let state = Self.state()
        #expect(Set(try Self.screen(state).waiters.rows.map(\.id)).count == 2)
    }

    @Test("Enter on a holder goes to its scope.")
    func holder() {
        var state = Self.state()
        for _ in 0..<3 { _ = state.press(.tab) }
        #expect(state.subject.scope == ScopeID(1))
        _ = state.press(.enter)
        #expect(state.view == .scopes)
        #expect(state.subject.scope == ScopeID(1))
    }

    @Test("Enter on a waiter outside of any scope reports its source location.")
    func waiter() {
        var state = Self.state()
        for _ in 0..<4 { _ = state.press(.tab) }
        _ = state.press(.enter)
        #expect(state.view == .pools)
        #expect(state.notice?.text == "requested at Database:7, outside of any scope")
    }

    @Test("y copies the pool, the holder or the waiter, depending on the focused pane.")
    func copy() {
        var state = Self.state()
        #expect(state.type("y") == [.copy("Database leased 4 idle 0 waiting 2 of 4, timed out 0")])
        for _ in 0..<3 { _ = state.press(.tab) }
        #expect(state.type("y") == [.copy("item #0 of Database, leased for 0ms in req-1 at Database:7")])
        _ = state.press(.tab)
        let waiter = "waiter 1 for Database, waits outside of any scope for 1.00s, 4.00s left, requested at Database:7"
        #expect(state.type("y") == [.copy(waiter)])
    }

    @Test("Going to a pool selects it, and clears a filter that hides it.")
    func reveal() throws {
        var state = Self.state()
        _ = state.type("/name:Cache")
        _ = state.press(.enter)
        #expect(try Self.screen(state).pools.count == 1)
        state.show(.overview)
        state.go(to: .pool(ResourceID(3)))
        #expect(state.view == .pools)
        #expect(state.subject.resource == ResourceID(3))
        #expect(try Self.screen(state).pools.count == 3)
    }

    // MARK: Filter and data

    @Test("A filter selects pools, and the data has the same pools in the same order as the screen.")
    func filter() {
        var state = Self.state()
        #expect(state.viewModel().pools.map(\.name) == ["Database", "Cache", "FileStore"])
        _ = state.type("/type:Cache")
        #expect(state.viewModel().pools.map(\.name) == ["Cache"])
        _ = state.press(.escape)
        _ = state.type("/scope:req-1 uses>8")
        #expect(state.viewModel().pools.count == 3)
    }

    @Test("A filter of Holders applies to every pool that is selected.")
    func holderFilter() throws {
        var state = Self.state()
        for _ in 0..<3 { _ = state.press(.tab) }
        _ = state.type("/life>1s scope:req-1")
        _ = state.press(.enter)
        #expect(try Self.screen(state).holders.rows.map(\.holder.slot) == [2, 3])
        #expect(try Self.screen(state).holders.total == 4)
        _ = state.press(.tab, .shift)
        _ = state.type("j")
        #expect(try Self.screen(state).holders.rows.map(\.holder.slot) == [2, 3])
        #expect(try Self.screen(state).holders.rows.first?.id.pool == ResourceID(2))
    }

    // MARK: Panes

    @Test("At 120x36, no row of panes is half empty.")
    func room() async throws {
        let state = try await Self.exhaustion(Size(width: 120, height: 36))
        let canvas = state.render()
        let places = try Self.screen(state).layout(state.context, state.body)
        #expect(places.map(\.pane) == PoolsScreen.Pane.allCases)
        #expect(places.reduce(0) { $0 + $1.rect.width * $1.rect.height } == state.body.width * state.body.height)
        // Panes side by side have the height that the fullest of them needs.
        for band in Dictionary(grouping: places, by: \.rect.y).values {
            let blank =
                band.map { place in
                    let inside = place.rect.inset()
                    return (inside.y..<inside.y + inside.height).count { y in
                        (inside.x..<inside.x + inside.width).allSatisfy { canvas.cells[y * canvas.size.width + $0].text == " " }
                    }
                }.min() ?? 0
            #expect(blank * 2 < band[0].rect.height - 2, "\(band.map(\.pane))")
        }
    }

    @Test("At 120x36, holders and waiters have the rows that they need, source locations are whole, and both charts have a legend.")
    func exhausted() async throws {
        let state = try await Self.exhaustion(Size(width: 120, height: 36))
        let screen = try Self.screen(state)
        let places = Dictionary(uniqueKeysWithValues: screen.layout(state.context, state.body).map { ($0.pane, $0.rect) })
        let (holders, waiters) = (try #require(places[.holders]), try #require(places[.waiters]))
        #expect(screen.holders.count == 4)
        #expect(holders.height == 4 + 3)
        #expect(waiters.height > holders.height)
        let lines = Self.text(state).split(separator: "\n")
        #expect(lines.count { $0.contains("ExhaustionScenario.swift:") } >= waiters.height - 3)
        #expect(!lines.contains { $0.contains("…") })
        #expect(lines.contains { $0.contains("█ this minute  ◂ previous minute") && $0.contains("█ leased  █ waiting  ╌ max") })
    }

    @Test("At 80x24, the table, the histogram, the holders and the waiters are visible, and the chart where it has the focus.")
    func small() {
        var state = Self.state(Size(width: 80, height: 24))
        for words in ["Pools 3", "Database time to acquire", "Holders 4", "Waiters 2"] {
            #expect(Self.text(state).contains(words), "\(words)")
        }
        for _ in 0..<2 { _ = state.press(.tab) }
        for words in ["Pools 3", "▌Use", "Holders 4", "Waiters 2"] { #expect(Self.text(state).contains(words), "\(words)") }
    }

    @Test("A focused pane that does not fit is drawn alone.")
    func alone() {
        var state = Self.state(Size(width: 58, height: 12))
        #expect(Self.text(state).contains("Pools 3"))
        for _ in 0..<4 { _ = state.press(.tab) }
        #expect(Self.text(state).contains("Waiters 2"))
        #expect(!Self.text(state).contains("Pools 3"))
    }

    @Test("The histogram counts every wait at any height, and has nine rows where there is room for them.", arguments: 4...24)
    func histogram(_ height: Int) throws {
        let state = Self.state()
        let pool = try #require(state.picture.pools.first)
        var painter = Painter(size: Size(width: 50, height: height), theme: .defaultDark, glyphs: .braille)
        WaitsPane(pool, state.context).draw(&painter, painter.canvas.bounds)
        let lines = TextRenderer.render(painter.canvas).split(separator: "\n").map { $0.split(separator: " ") }
        let rows = lines.filter { $0.last?.hasSuffix("%") == true }
        #expect(lines[0] == ["WAITED", "COUNT", "SHARE"])
        #expect(rows.compactMap { Int($0[$0.count - 2]) }.reduce(0, +) == 5)
        #expect(rows.count <= height - 1)
        #expect(rows.count >= min(9, height - 1) || height < 10)
    }

    @Test("The chart shows the maximum as a dotted line, the time axis, and waiters in their color.")
    func chart() async throws {
        let state = try await Self.exhaustion(Size(width: 200, height: 60))
        let lines = Self.text(state).split(separator: "\n")
        #expect(lines.contains { $0.contains("max ") && $0.contains("╌╌") })
        #expect(lines.contains { $0.contains("-60s") && $0.contains("-30s") && $0.contains("now") })
        #expect(lines.contains { $0.contains("█ leased  █ waiting  ╌ max") })
    }
}
