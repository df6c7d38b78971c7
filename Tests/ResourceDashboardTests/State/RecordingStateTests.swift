import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Recording and playback")
struct RecordingStateTests {
    private func state(recording path: String?, scenarios: [String] = ["quiet", "slow"]) -> DashboardState {
        var configuration = DashboardConfiguration(
            clock: WallClock(originNanoseconds: 0),
            size: Size(width: 120, height: 36),
            view: .scopes
        )
        configuration.scenarios = scenarios.map { ScenarioChoice(name: $0, summary: "") }
        var state = DashboardState(configuration: configuration)
        var fixture = PictureFixture()
        _ = state.update(.monitor(fixture.update()))
        if let path { _ = state.update(.finished(.done(.startRecording(path), path))) }
        return state
    }

    @Test("Starting another scenario stops the current recording first and reports its end.", arguments: [":scenario slow", "Dj"])
    func switchesWhileRecording(_ keys: String) {
        var state = self.state(recording: "run.jsonl")
        _ = state.type(keys)
        #expect(state.press(.enter) == [.stopRecording, .startScenario("slow")])
        _ = state.update(.finished(.done(.stopRecording, "recorded 3 kB to run.jsonl")))
        #expect(state.recordingPath == nil)
        #expect(state.notice?.text == "recorded 3 kB to run.jsonl")
        #expect(!state.pending.contains(.stopRecording))
    }

    @Test("Starting another scenario stops no recording if none runs or it is already stopping.")
    func switchesWithoutRecording() {
        var state = self.state(recording: nil)
        _ = state.type(":scenario slow")
        #expect(state.press(.enter) == [.startScenario("slow")])
        state = self.state(recording: "run.jsonl")
        #expect(state.toggleRecording("") == [.stopRecording])
        _ = state.type(":scenario slow")
        #expect(state.press(.enter) == [.startScenario("slow")])
    }

    /// A recording that is shown one second after its beginning.
    private func recorded(_ view: DashboardView) -> (PictureFixture, DashboardState) {
        var fixture = PictureFixture()
        var configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 120, height: 36), view: view)
        configuration.recordedSpan = fixture.time...(fixture.time + .seconds(60))
        var picture = Picture()
        picture.fold(fixture.update())
        fixture.wait(.seconds(1))
        picture.fold(fixture.update())
        var state = DashboardState(configuration: configuration)
        _ = state.update(.recorded(picture))
        return (fixture, state)
    }

    @Test("The next error of a recording is sought in its later moments, in every view.", arguments: DashboardView.allCases)
    func nextError(_ view: DashboardView) {
        var (_, state) = self.recorded(view)
        #expect(state.type("!") == [.seek(.nextError)])
        #expect(state.view == view)
        _ = state.update(.recorded(nil))
        #expect(state.notice?.text == "there is no error after this moment")
    }

    @Test("Seeking to the next error selects its event line in place of the previous selection.")
    func selectsError() throws {
        var (fixture, state) = self.recorded(.events)
        var picture = state.picture
        picture.note(EventLine.Note(source: "user", level: .info, what: "one", who: "-", message: "is selected"))
        _ = state.update(.recorded(picture))
        state.select(.event(try #require(picture.events.last)))
        fixture.wait(.seconds(1))
        picture.fold(fixture.update())
        picture.note(EventLine.Note(source: "user", level: .error, what: "failed", who: "-", message: "is an error"))
        picture.note(EventLine.Note(source: "user", level: .info, what: "two", who: "-", message: "follows it"))
        _ = state.type("!")
        _ = state.update(.recorded(picture))
        #expect(state.subject.event?.message == "is an error")
    }

    @Test("A step starts at the shown moment.", arguments: [(",", -1), (".", 1)])
    func steps(_ key: String, _ count: Int) {
        var (_, state) = self.recorded(.scopes)
        let shown = state.picture.time
        #expect(state.type(" ").isEmpty)
        #expect(state.type(key) == [.seek(.to(shown)), .seek(.by(count))])
    }

    @Test("A recording always has the time bar, and a click on it or a time of day seeks.")
    func seeks() throws {
        var (_, state) = self.recorded(.scopes)
        let span = try #require(state.recorded?.span)
        let lines = TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[33].hasPrefix(" 00:00:00  0:00 "))
        #expect(lines[33].hasSuffix(" 1:00  00:01:00 "))
        #expect(state.goTo(share: 0) == [.seek(.to(span.lowerBound))])
        #expect(state.goTo(share: 0.5) == [.seek(.to(span.lowerBound + .seconds(30)))])
        #expect(state.goTo(share: 1) == [.seek(.to(span.upperBound))])
        #expect(state.update(.input(.mouse(Mouse(.press, x: 16, y: 33)))).count == 1)
        let second = span.lowerBound + .seconds(41) + .nanoseconds(-1)
        #expect(state.goTo(time: "00:00:40") == [.seek(.to(second))])
        #expect(state.goTo(time: "00:01:10").isEmpty)
        #expect(state.notice?.text == "goto: 00:01:10 is too early or too late: the recording has 00:00:00 to 00:01:00")
    }
}

@Suite("Extent of a recording")
struct RecordedExtentTests {
    private func state(_ extent: (ClosedRange<TimeSource.Instant>) -> RecordedExtent) -> DashboardState {
        var fixture = PictureFixture()
        let span = fixture.time...(fixture.time + .seconds(4))
        var configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 140, height: 36))
        configuration.recordedSpan = span
        var picture = Picture()
        fixture.wait(.seconds(4))
        picture.fold(fixture.update())
        var state = DashboardState(configuration: configuration)
        _ = state.update(.recordedExtent(extent(span)))
        _ = state.update(.recorded(picture))
        return state
    }

    private func header(_ state: DashboardState) -> String {
        String(TextRenderer.render(state.render()).prefix { $0 != "\n" })
    }

    @Test("The header shows the full length and the lost lines of a recording whose end cannot be shown.")
    func lost() {
        let state = self.state { RecordedExtent(span: $0, end: $0.lowerBound + .seconds(12), damagedLines: 34) }
        #expect(state.isPaused)
        #expect(self.header(state).contains("PAUSED 0:04 of 0:12"))
        #expect(self.header(state).contains("lost 34 lines"))
    }

    @Test("At the end of a recording that may grow, the dashboard follows it and does not pause.")
    func follows() {
        let state = self.state { RecordedExtent(span: $0, mayGrow: true) }
        #expect(!state.isPaused)
        #expect(self.header(state).contains("FOLLOW 0:04"))
        #expect(!self.header(state).contains("lost"))
    }
}

@Suite("First notice")
struct FirstNoticeTests {
    @Test("The first of several notices names the command that prints all: resmon check for a recording.")
    func command() {
        func notice(of span: ClosedRange<TimeSource.Instant>?) -> String? {
            var configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 120, height: 36))
            configuration.recordedSpan = span
            configuration.notices = ["line 20 is damaged", "line 21 is damaged"]
            return DashboardState(configuration: configuration).notice?.text
        }
        #expect(notice(of: nil) == "line 20 is damaged (and 1 more: resmon doctor)")
        let instant = TimeSource.Instant(nanoseconds: 0)
        #expect(notice(of: instant...instant) == "line 20 is damaged (and 1 more: resmon check)")
    }
}
