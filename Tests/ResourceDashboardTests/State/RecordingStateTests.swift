import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Recording, and looking at a recording")
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

    @Test("another scenario ends the recording of this one first, and the end is told", arguments: [":scenario slow", "Dj"])
    func switchesWhileRecording(_ keys: String) {
        var state = self.state(recording: "run.jsonl")
        _ = state.type(keys)
        #expect(state.press(.enter) == [.stopRecording, .startScenario("slow")])
        _ = state.update(.finished(.done(.stopRecording, "recorded 3 kB to run.jsonl")))
        #expect(state.recordingPath == nil && state.notice?.text == "recorded 3 kB to run.jsonl" && !state.pending.contains(.stopRecording))
    }

    @Test("another scenario ends no recording where there is none, and none that is being ended")
    func switchesWithoutRecording() {
        var state = self.state(recording: nil)
        _ = state.type(":scenario slow")
        #expect(state.press(.enter) == [.startScenario("slow")])
        state = self.state(recording: "run.jsonl")
        #expect(state.toggleRecording("") == [.stopRecording])
        _ = state.type(":scenario slow")
        #expect(state.press(.enter) == [.startScenario("slow")])
    }

    /// A recording that is shown a second after it began.
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

    @Test("the next error of a recording is one of its later moments, in every view", arguments: DashboardView.allCases)
    func nextError(_ view: DashboardView) {
        var (_, state) = self.recorded(view)
        #expect(state.type("!") == [.seek(.nextError)] && state.view == view)
        _ = state.update(.recorded(nil))
        #expect(state.notice?.text == "no error comes after this moment")
    }

    @Test("the error that was gone to is selected among the events, where another line was selected before")
    func selectsError() {
        var (fixture, state) = self.recorded(.events)
        var picture = state.picture
        picture.note(EventLine.Note(source: "user", level: .info, what: "one", who: "-", message: "is selected"))
        _ = state.update(.recorded(picture))
        state.selectedEvent = picture.events.last
        fixture.wait(.seconds(1))
        picture.fold(fixture.update())
        picture.note(EventLine.Note(source: "user", level: .error, what: "failed", who: "-", message: "is an error"))
        picture.note(EventLine.Note(source: "user", level: .info, what: "two", who: "-", message: "follows it"))
        _ = state.type("!")
        _ = state.update(.recorded(picture))
        #expect(state.selectedEvent?.message == "is an error")
    }

    @Test("a step begins at the moment that is shown", arguments: [(",", -1), (".", 1)])
    func steps(_ key: String, _ count: Int) {
        var (_, state) = self.recorded(.scopes)
        let shown = state.picture.time
        #expect(state.type(" ").isEmpty && state.type(key) == [.seek(.to(shown)), .seek(.by(count))])
    }
}

@Suite("How far a recording reaches")
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

    @Test("the header tells the length of the file, and what of it is lost, where its end cannot be shown")
    func lost() {
        let state = self.state { RecordedExtent(span: $0, end: $0.lowerBound + .seconds(12), lostLines: 34) }
        #expect(state.isPaused)
        #expect(self.header(state).contains("PAUSED 0:04 of 0:12"))
        #expect(self.header(state).contains("lost 34 lines"))
    }

    @Test("at the end of one that may grow the dashboard follows it, and does not pause")
    func follows() {
        let state = self.state { RecordedExtent(span: $0, mayGrow: true) }
        #expect(!state.isPaused)
        #expect(self.header(state).contains("FOLLOW 0:04"))
        #expect(!self.header(state).contains("lost"))
    }
}

@Suite("What one is told first")
struct FirstNoticeTests {
    @Test("where there is more to be told, it names the command that tells all: of a recording another one than of the configuration")
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
