import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Time bar")
struct TimeBarTests {
    /// The row of the bar, and the column of its start, on a screen of 120 x 36 cells.
    private static let (row, start) = (33, 17)

    /// Returns a state with a moment for each of 87 seconds after 12:00:00, so that a second is a column of the bar. There is an error after
    /// 30 seconds, a finding since 40, and a mark at 50.
    private func state() -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes)
        var findings: [Finding] = []
        for second in 0...87 {
            var update = fixture.update()
            if second == 40 {
                update.trouble(["one"])
                findings = update.findings
            }
            update.findings = findings
            _ = state.update(.monitor(update))
            if second == 30 {
                state.note(EventLine.Note(source: "user", level: .error, what: "failed", who: "-", message: "is an error"))
            }
            if second == 50 { _ = state.type("ma") }
            fixture.wait(.seconds(1))
        }
        return state
    }

    private func seconds(_ state: DashboardState) -> Double {
        Double(state.picture.time.nanoseconds) / 1e9
    }

    private func sign(_ state: DashboardState, at column: Int) -> String {
        state.drawn().canvas.row(Self.row).map(\.text)[Self.start + column]
    }

    private func mouse(_ state: inout DashboardState, _ action: Mouse.Action, column: Int) -> [Effect] {
        state.update(.input(.mouse(Mouse(action, x: Self.start + column, y: Self.row))))
    }

    @Test("The bar is shown in the past only, with the depth and the times of its ends.")
    func shown() {
        var state = self.state()
        #expect(!state.showsTimeBar)
        #expect(!state.lines[Self.row].contains("now"))
        _ = state.type("<")
        #expect(state.showsTimeBar)
        #expect(state.lines[Self.row].hasPrefix(" 12:00:00  -1:27 ─"))
        #expect(state.lines[Self.row].hasSuffix("─ now  12:01:27 "))
        _ = state.update(.input(.resize(Size(width: 80, height: 24))))
        #expect(state.lines[21].hasPrefix(" -1:27 ─"))
        #expect(state.lines[21].hasSuffix(" now "))
    }

    @Test("The position, errors, findings and marks have signs in their columns.")
    func signs() {
        var state = self.state()
        _ = state.type("<")
        #expect(self.sign(state, at: 77) == "┃")
        #expect(self.sign(state, at: 30) == "x")
        #expect(self.sign(state, at: 40) == state.glyphs[state.newest.findings[0].severity.glyph])
        #expect(self.sign(state, at: 50) == "a")
        #expect(self.sign(state, at: 60) == "─")
    }

    @Test("A click goes to the moment of its column, and a drag to the right end returns to the present.")
    func pointer() {
        var state = self.state()
        _ = state.type("<")
        _ = self.mouse(&state, .press, column: 20)
        #expect(self.seconds(state) == 20)
        _ = self.mouse(&state, .drag, column: 75)
        #expect(self.seconds(state) == 75)
        _ = self.mouse(&state, .drag, column: 0)
        #expect(self.seconds(state) == 0)
        _ = self.mouse(&state, .drag, column: 87)
        #expect(!state.isPast)
    }

    @Test("A drag may leave the row of the bar, and a click on the label of an end goes to it.")
    func ends() {
        var state = self.state()
        _ = state.type("<")
        _ = self.mouse(&state, .press, column: 20)
        _ = state.update(.input(.mouse(Mouse(.drag, x: Self.start + 40, y: 3))))
        #expect(self.seconds(state) == 40)
        _ = self.mouse(&state, .release, column: 40)
        _ = self.mouse(&state, .press, column: -2)
        #expect(self.seconds(state) == 0)
        _ = self.mouse(&state, .press, column: 90)
        #expect(!state.isPast)
    }

    @Test("A click on the sign of an error shows the moment that has it.")
    func error() {
        var state = self.state()
        _ = state.type("<")
        _ = self.mouse(&state, .press, column: 31)
        #expect(state.picture.events.errors.count == 1)
        _ = self.mouse(&state, .press, column: 29)
        #expect(state.picture.events.errors.isEmpty)
    }

    @Test("A share goes to a moment, and one that is out of range to the nearest.")
    func shares() {
        var state = self.state()
        for (share, second) in [(0.0, 0.0), (-3, 0), (.nan, 0), (0.5, 43)] {
            #expect(state.goTo(share: share).isEmpty)
            #expect(self.seconds(state) == second)
        }
        _ = state.goTo(share: 7)
        #expect(!state.isPast)
    }

    @Test("A time of day goes to its last moment.", arguments: [("12:00:40", 40.0), ("12:01", 60), ("12:00", 0), ("12:01:07", 67)])
    func times(_ text: String, _ second: Double) {
        var state = self.state()
        #expect(state.goTo(time: text).isEmpty)
        #expect(self.seconds(state) == second)
    }

    @Test(
        "A text that is no time of day, and a time that is not kept, are refused with the times that are kept.",
        arguments: ["12:02", "11:59:59", "13:00", "soon", "", "12", "12:60", "24:00", "1:2:3:4", "+1:00", "12:0x"]
    )
    func refused(_ text: String) {
        var state = self.state()
        _ = state.goTo(time: text)
        #expect(!state.isPast)
        #expect(state.notice?.level == .warn)
        #expect(state.notice?.text.contains("12:00:00 to 12:01:27") == true)
    }

    @Test("The command goto takes the time.")
    func command() {
        var state = self.state()
        _ = state.type(":goto 12:00:40")
        _ = state.press(.enter)
        #expect(self.seconds(state) == 40)
    }

    @Test("Before there is data, the dashboard reports that there is none.")
    func empty() {
        var state = DashboardState.fixture()
        #expect(state.goTo(share: 0.5).isEmpty)
        #expect(state.notice?.text == "there is no data yet")
        _ = state.goTo(time: "12:00")
        #expect(state.notice?.text == "there is no data yet")
    }
}

@Suite("Time of day to instant")
struct InstantOfTimeTests {
    private func instant(_ seconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: seconds * 1_000_000_000)
    }

    @Test("The last instant of a second is found, also on the day before.")
    func days() {
        let clock = WallClock(originNanoseconds: 0)
        let now = self.instant(100_000)
        #expect(clock.instant(ofSecond: 100_000 - 86_400, notAfter: now) == now)
        #expect(clock.instant(ofSecond: 99_999 - 86_400, notAfter: now) == TimeSource.Instant(nanoseconds: 99_999_999_999_999))
        #expect(clock.instant(ofSecond: 50_000, notAfter: now) == TimeSource.Instant(nanoseconds: 50_000_999_999_999))
    }

    @Test("After a change of the UTC offset, each time is found with the offset that was valid then.")
    func hourChanges() {
        // 2026-03-29T00:59:56Z, four seconds before the UTC offset changes in Berlin.
        let origin: Int64 = 1_774_745_996_000_000_000
        var clock = WallClock(originNanoseconds: origin, offsetSeconds: 3600)
        _ = clock.read(originNanoseconds: origin, offsetSeconds: 7200, at: self.instant(4))
        let now = self.instant(9)
        #expect(clock.instant(ofSecond: 3 * 3600 + 2, notAfter: now) == TimeSource.Instant(nanoseconds: 6_999_999_999))
        #expect(clock.instant(ofSecond: 3600 + 59 * 60 + 58, notAfter: now) == TimeSource.Instant(nanoseconds: 2_999_999_999))
    }
}
