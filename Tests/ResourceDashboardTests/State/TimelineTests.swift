import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Time travel")
struct TimelineTests {
    private func state(_ view: DashboardView = .overview) -> DashboardState {
        DashboardState.fixture(view)
    }

    /// Returns the tabs and the view, without the rows that show the time travel state and the keys.
    private func body(_ state: DashboardState) -> String {
        var painter = Painter(size: Size(width: 120, height: 33), theme: state.theme, glyphs: state.glyphs)
        TabBar.draw(state, &painter, y: 0)
        state.screen.draw(state.context, &painter, Rect(x: 0, y: 1, width: 120, height: 32))
        return TextRenderer.render(painter.canvas)
    }

    @Test("Every moment of two minutes is shown as it was when live, in every view.", arguments: [1, 7] as [UInt64])
    func everyMoment(seed: UInt64) async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: seed)
        var live = self.state()
        var shown: [(view: DashboardView, text: String)] = []
        for update in await session.advance(to: .seconds(120)) {
            _ = live.update(.monitor(update))
            let view = DashboardView.allCases[shown.count % DashboardView.allCases.count]
            var state = live
            state.view = view
            state.refreshRows()
            shown.append((view, self.body(state)))
        }
        #expect(live.timeline.moments == 0..<shown.count)
        let newest = self.body(live)
        for moment in stride(from: 3, to: shown.count - 1, by: 17) {
            var state = live
            state.show(moment: moment)
            state.view = shown[moment].view
            state.refreshRows()
            #expect(self.body(state) == shown[moment].text, "moment \(moment) in \(shown[moment].view)")
            state.view = live.view
            state.showNewest()
            #expect(self.body(state) == newest)
        }
    }

    @Test("Steps move by one update, jumps by ten seconds; new updates are kept, and 0 returns to live.")
    func moving() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 3)
        var state = self.state()
        for update in await session.advance(to: .seconds(60)) { _ = state.update(.monitor(update)) }
        let newest = state.picture.time
        _ = state.type(",")
        #expect(state.isPast)
        #expect(newest - state.picture.time == .milliseconds(250))
        _ = state.type("<")
        #expect(newest - state.picture.time == .milliseconds(10_250))
        _ = state.type(">.")
        #expect(!state.isPast)
        #expect(state.picture.time == newest)
        _ = state.type("<<<")
        #expect(newest - state.picture.time == .seconds(30))
        #expect(TextRenderer.render(state.render()).contains("PAST -0:30"))
        for update in await session.advance(to: .seconds(65)) { _ = state.update(.monitor(update)) }
        #expect(newest - state.picture.time == .seconds(30))
        #expect(TextRenderer.render(state.render()).contains("PAST -0:35"))
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text.contains("0 returns to live") == true)
        _ = state.type("0")
        #expect(!state.isPast)
        #expect(state.picture.time - newest == .seconds(5))
        #expect(state.type("o").count == 1)
    }

    @Test("A step forward while paused requests one update; a live step requests none.")
    func stepWhilePaused() {
        var fixture = PictureFixture()
        var state = self.state()
        _ = state.update(.monitor(fixture.update()))
        #expect(state.type(".").isEmpty)
        _ = state.type(" ")
        #expect(state.type(".") == [.step])
    }

    @Test("The timeline keeps ten minutes and shows the oldest moment completely.")
    func bounded() {
        var fixture = PictureFixture()
        var state = self.state(.scopes)
        let first = fixture.open("first")
        _ = state.update(.monitor(fixture.update()))
        for number in 0..<3_000 {
            fixture.wait(.milliseconds(250))
            if number % 10 == 0 { _ = fixture.make(0, in: first) }
            _ = state.update(.monitor(fixture.update()))
        }
        #expect(state.timeline.moments.count <= 2_402)
        #expect(state.timeline.moments.count > 2_390)
        #expect(state.timeline.weight <= EventArchive.limit)
        state.show(moment: 0)
        #expect(state.picture.scopes[first] != nil && state.picture.resources.count == 60)
        _ = state.type(",")
        #expect(state.notice?.text.contains("the timeline begins here") == true)
    }

    @Test("A burst larger than the limit leaves a timeline within the limit.")
    func heavy() {
        var fixture = PictureFixture()
        var state = self.state()
        state.timeline = Timeline(limit: 1 << 20)
        _ = state.update(.monitor(fixture.update()))
        for _ in 0..<40 {
            let scope = fixture.open("many")
            for _ in 0..<2_000 { _ = fixture.make(0, in: scope) }
            fixture.wait(.milliseconds(250))
            _ = state.update(.monitor(fixture.update()))
        }
        #expect(state.timeline.weight <= 1 << 20)
        #expect(state.timeline.moments.count < 41)
        let oldest = state.timeline.moments.lowerBound
        state.show(moment: oldest)
        #expect(state.picture.resources.count == oldest * 2_000)
    }

    @Test("Another container starts a new timeline without the marks and selections of the previous one.")
    func otherContainer() async throws {
        var state = self.state()
        for update in await (try SimulatedSession(CheckoutScenario.self, seed: 3)).advance(to: .seconds(20)) {
            _ = state.update(.monitor(update))
        }
        _ = state.type("jma<")
        for update in await (try SimulatedSession(LeakScenario.self, seed: 3)).advance(to: .seconds(5)) {
            _ = state.update(.monitor(update))
        }
        #expect(!state.isPast)
        #expect(state.marks.isEmpty)
        #expect(state.screens.views.allSatisfy { state.screens[$0].list(at: 0)?.selectedIndex ?? 0 == 0 })
        #expect(state.timeline.time(of: state.timeline.moments.lowerBound) <= TimeSource.Instant(nanoseconds: 250_000_000))
        #expect(!state.picture.scopes.values.contains { $0.scope.name.hasPrefix("worker") })
    }
}
