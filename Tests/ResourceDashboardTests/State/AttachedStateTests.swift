import ResourceContainer
import Testing

@testable import ResourceDashboard
@testable import ResourceMonitoring

@Suite("State of an attached process")
struct AttachedStateTests {
    /// A state of the process `shop` with a scope and three resources, at 12:00:09.
    private func state(
        _ row: ProcessRow = .shop(consent: true),
        in view: DashboardView = .scopes,
        reach: Duration? = nil
    ) -> (fixture: PictureFixture, state: DashboardState) {
        var fixture = PictureFixture()
        var state = DashboardState.attached([row, .mail()], in: view, reach: reach)
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        for _ in 0..<10 {
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.seconds(1))
        }
        state.select(.scope(scope))
        return (fixture, state)
    }

    // MARK: Header

    @Test("The header names the process, its host, that one only looks, and the lag.")
    func header() {
        #expect(self.state(.shop()).state.lines[0].contains("● shop 4711@web1 look-only  ► LIVE lag 2ms"))
        #expect(self.state().state.lines[0].contains("● shop 4711@web1  ► LIVE lag 2ms"))
    }

    @Test("The header has the state of a connection that is not live, and never LIVE.")
    func headerNotLive() {
        var (_, state) = self.state()
        _ = state.update(.connection(.reconnecting(in: .seconds(2))))
        #expect(state.lines[0].contains("◌ shop 4711@web1  reconnecting, next in 2s"))
        #expect(!state.lines[0].contains("LIVE"))
        _ = state.update(.connection(.silent(for: .seconds(4))))
        #expect(state.lines[0].contains("! shop 4711@web1  silent for 0:04"))
        #expect(!state.lines[0].contains("LIVE"))
        _ = state.update(.connection(.ended(at: nil, how: "closed")))
        #expect(state.lines[0].contains("x shop 4711@web1  ended, closed"))
        #expect(!state.lines[0].contains("LIVE"))
    }

    @Test("The header shows how far back the flight recorder reaches.")
    func headerReach() {
        var (_, state) = self.state(reach: .seconds(600))
        #expect(state.lines[0].contains("flight 10:00"))
        _ = state.update(.input(.resize(Size(width: 200, height: 36))))
        _ = state.update(.reach(.seconds(90)))
        #expect(state.lines[0].contains("flight recorder 1:30"))
        _ = state.update(.reach(nil))
        #expect(!state.lines[0].contains("flight"))
    }

    @Test("At any width the header keeps the sign of the connection and the state in which the process is.", arguments: [40, 60, 80])
    func narrowHeader(_ width: Int) {
        var (_, state) = self.state()
        _ = state.update(.input(.resize(Size(width: width, height: 24))))
        _ = state.update(.connection(.silent(for: .seconds(4))))
        #expect(state.lines[0].contains("! shop"))
        #expect(state.lines[0].contains("silent"))
    }

    // MARK: Figures that are not current

    /// The number of cells of the body that have a color which means something.
    private func colors(_ state: DashboardState) -> Int {
        let theme = state.theme
        let colors = Set([Role.stateReady, .text, .healthDegraded].map { theme.style($0).foreground })
        return state.body.rows.reduce(0) { $0 + state.render().row($1).count { $0.text != " " && colors.contains($0.style.foreground) } }
    }

    @Test("While nothing arrives, the figures are dim, and a line has the time at which they were seen.")
    func stale() {
        var (_, state) = self.state()
        #expect(self.colors(state) > 0)
        #expect(!state.text.contains("last seen"))
        _ = state.update(.connection(.silent(for: .seconds(4))))
        #expect(self.colors(state) == 0)
        #expect(state.text.contains("last seen at 12:00:09: silent for 0:04; R connects now"))
        _ = state.update(.connection(.live(lag: nil)))
        #expect(self.colors(state) > 0)
        #expect(!state.text.contains("last seen"))
    }

    @Test("After the end of a process its picture stays readable, and its successor is named.")
    func endedPicture() {
        var (_, state) = self.state()
        let end = ConnectionStatus.ended(at: TimeSource.Instant(nanoseconds: 271_000_000_000), how: "without goodbye")
        _ = state.update(.processes([.shop(end)]))
        #expect(self.colors(state) > 0)
        #expect(state.text.contains("last seen at 12:00:09: ended 12:04:31, without goodbye"))
        var row = ProcessRow.shop(end)
        row.successor = ProcessID("4901")
        _ = state.update(.processes([row]))
        #expect(state.text.contains("shop is back as 4901: R"))
        #expect(state.type("R") == [.showProcess(ProcessID("4901"))])
    }

    @Test("The view of the processes is not dim, because it is about all of them.")
    func processesStayCurrent() {
        var (_, state) = self.state()
        _ = state.type("9")
        _ = state.update(.connection(.silent(for: .seconds(4))))
        #expect(self.colors(state) > 0)
    }

    // MARK: Dialogs

    @Test(
        "Dialogs about a container name the process and its host.",
        arguments: [("x", "Close scope req-1 of shop 4711@web1?"), ("t", "If req-1 of shop 4711@web1 were closed now")]
            + [("O", "Open a scope in req-1 of shop 4711@web1"), ("a", "Get a resource in req-1 of shop 4711@web1")]
    )
    func dialogs(_ key: String, _ title: String) {
        var (_, state) = self.state()
        _ = state.type(key)
        #expect(state.text.contains(title))
    }

    @Test("Quitting asks about the scopes that the user opened in other processes, too.")
    func quit() {
        var (_, state) = self.state()
        state.openedElsewhere = ["manual-1 of mail 4823@web1"]
        #expect(state.type("q").isEmpty)
        #expect(state.text.contains("1 scope that you opened will be closed"))
        #expect(state.text.contains("manual-1 of mail 4823@web1"))
        #expect(state.type("y") == [.quit])
    }

    // MARK: Other processes

    @Test("The keys ( and ) go to the processes before and after, with wrapping.")
    func neighbors() {
        var state = DashboardState.attached()
        #expect(state.type(")") == [.showProcess(ProcessID("4823"))])
        #expect(state.type("(") == [.showProcess(ProcessID("4600"))])
        state = DashboardState.attached([.shop()])
        #expect(state.type(")").isEmpty)
        #expect(state.notice?.text == "there is no other process")
    }

    @Test("P opens a list of the processes, and Enter goes into the selected one, which is kept by identity.")
    func picker() {
        var state = DashboardState.attached()
        _ = state.type("P")
        #expect(state.text.contains("x ended 12:04:31, without goodbye"))
        _ = state.press(.down)
        _ = state.update(.processes([.ended(), .shop(), .mail()]))
        #expect(state.press(.enter) == [.showProcess(ProcessID("4823"))])
        #expect(state.overlay == nil)
        _ = state.type("P")
        _ = state.press(.escape)
        #expect(state.overlay == nil)
    }

    @Test("R connects now, to the process that is shown or to the selected one.")
    func reconnect() {
        var state = DashboardState.attached([.shop(), .mail(.reconnecting(in: .seconds(3)))])
        #expect(state.type("R").isEmpty)
        #expect(state.notice?.text == "the connection to shop 4711@web1 is open")
        _ = state.update(.processes([.shop(.connecting), .mail(.reconnecting(in: .seconds(3)))]))
        #expect(state.type("R").isEmpty)
        #expect(state.notice?.text == "the connection to shop 4711@web1 is being opened: no data have arrived yet")
        _ = state.type("9G")
        #expect(state.type("R") == [.reconnect(ProcessID("4823"))])
    }

    // MARK: Gaps

    @Test("A gap is a line of the events and signs on the time bar, and charts are blank there.")
    func gap() throws {
        var (fixture, state) = self.state()
        let from = fixture.time + .seconds(-1)
        fixture.wait(.seconds(20))
        let gap = TimeGap(from: from, to: fixture.time, reason: "the connection was lost")
        _ = state.update(.gap(gap))
        _ = state.update(.monitor(fixture.update(isReset: true)))
        _ = state.type("6")
        #expect(state.text.contains("no data for 21.0s"))
        let line = try #require(state.picture.events.last)
        #expect(line.message == "no data for 21.0s, until 12:00:30: the connection was lost")
        #expect(line.level == .warn)
        let samples = state.picture.samples(without: state.gaps)
        #expect(samples.last??.time == fixture.time)
        #expect(samples.count { $0 == nil } == 83)
        #expect(state.picture.samples.count == samples.count)
        #expect(Chart.ticks(state.context, .minute).contains { $0.word == "no data" })
        _ = state.type("<")
        let bar = try #require(state.lines.first { $0.contains("now  12:00:30") })
        #expect(bar.contains("░░░░"))
    }

    @Test("The instants inside a gap are unknown, and those at its ends are known.")
    func cover() {
        let gap = TimeGap(from: TimeSource.Instant(nanoseconds: 10), to: TimeSource.Instant(nanoseconds: 20), reason: "")
        let covered = [9, 10, 11, 19, 20, 21].map { [gap].cover(TimeSource.Instant(nanoseconds: $0)) }
        #expect(covered == [false, false, true, true, false, false])
    }

    @Test("A monitor that begins after a gap does not erase the seconds before it.")
    func history() {
        var fixture = PictureFixture()
        var picture = Picture()
        func point(_ second: Int64, active: Int) -> HistoryPoint {
            HistoryPoint(second: second, counts: ActivityCounts(), active: active, openScopes: 0, pools: [])
        }
        var update = fixture.update()
        update.history = (1...3).map { point($0, active: 5) }
        picture.fold(update)
        update = fixture.update(isReset: true)
        picture.fold(update)
        #expect(picture.history.map(\.second) == [1, 2, 3])
        update = fixture.update()
        update.history = [point(6, active: 7)]
        picture.fold(update)
        #expect(picture.history.map(\.second) == [1, 2, 3, 4, 5, 6])
        #expect(picture.history.map(\.active) == [5, 5, 5, 5, 5, 7])
    }

    @Test("Another container starts without the gaps of the one before.")
    func otherContainer() {
        var (fixture, state) = self.state()
        _ = state.update(.gap(TimeGap(from: fixture.time, to: fixture.time, reason: "")))
        #expect(state.gaps.count == 1)
        var other = PictureFixture()
        _ = state.update(.monitor(other.update(isReset: true)))
        #expect(state.gaps.isEmpty)
    }

    // MARK: The past of the flight recorder

    @Test("The past of the flight recorder is saved with a length and a name, or in full.")
    func save() {
        var (_, state) = self.state(reach: .seconds(90))
        func save(_ text: String) -> [Effect] { state.type(":\(text)") + state.press(.enter) }
        #expect(save("save 10m shop.jsonl") == [.saveRecent(.seconds(600), to: "shop.jsonl")])
        #expect(save("save 30s") == [.saveRecent(.seconds(30), to: "")])
        #expect(save("save") == [.saveRecent(.seconds(90), to: "")])
        #expect(save("save shop.jsonl").isEmpty)
        #expect(state.palette?.refusal?.contains("does not begin with a time") == true)
    }

    @Test("Without a flight recorder the refusal names the way to keep a past.")
    func cannotSave() {
        var (_, state) = self.state()
        _ = state.type(":save")
        #expect(state.palette?.selectedCommand?.obstacle == "no flight recorder")
        #expect(state.press(.enter).isEmpty)
        #expect(state.palette?.refusal?.contains("shop 4711@web1 keeps no past") == true)
        #expect(state.palette?.refusal?.contains("FlightRecorder(container)") == true)
    }

    @Test("A container in this process has the command if its program has a flight recorder.")
    func saveInProcess() {
        var configuration = DashboardState.fixture(.overview).configuration
        #expect(DashboardState(configuration: configuration).keys.info(.save) == nil)
        configuration.reach = .seconds(5)
        let state = DashboardState(configuration: configuration)
        #expect(state.keys.info(.save) != nil)
        #expect(state.keys.info(.processes) == nil)
        #expect(state.lines[0].contains("flight 0:05"))
    }

    @Test(
        "The length of a past is a number with a unit.",
        arguments: [
            ("10m", 600), ("1.5s x", 1.5), ("1h", 3600), ("10", nil), ("-5m", nil), ("infs", nil), ("nans", nil), ("", nil),
            ("9e9h", nil),
        ] as [(String, Double?)]
    )
    func pastArgument(_ text: String, _ seconds: Double?) {
        #expect(RecentPast(text)?.last == seconds.map { Duration.seconds($0) })
    }
}
