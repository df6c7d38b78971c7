import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Pools, health and findings")
struct TroubleViewsTests {
    private func state(_ view: DashboardView) -> (PictureFixture, DashboardState) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        let scope = fixture.open("req-1")
        for binding in 0..<3 { _ = fixture.make(binding, in: scope) }
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        _ = state.update(.monitor(update))
        return (fixture, state)
    }

    @Test(
        "The selection follows its row when rows above it go, and keeps its position when its own row goes.",
        arguments: [DashboardView.pools, .health, .findings]
    )
    func selection(_ view: DashboardView) {
        var (fixture, state) = self.state(view)
        _ = state.type("j")
        #expect(state.subject.resource == ResourceID(2))
        fixture.wait(.seconds(5))
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        update.pools.removeFirst()
        update.findings.removeFirst()
        update.health?.rows.removeFirst()
        _ = state.update(.monitor(update))
        #expect(state.subject.resource == ResourceID(2))
        update.pools.removeFirst()
        update.findings.removeFirst()
        update.health?.rows.removeFirst()
        _ = state.update(.monitor(update))
        _ = state.type("k")
        #expect(state.subject.resource == ResourceID(3))
    }

    @Test("Enter opens the resource of the selected row.", arguments: [DashboardView.pools, .health, .findings])
    func enter(_ view: DashboardView) {
        var (_, state) = self.state(view)
        _ = state.type("j")
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.subject.resource == ResourceID(2))
    }

    @Test("i checks the resource of the selected row.", arguments: [DashboardView.pools, .health])
    func check(_ view: DashboardView) {
        var (_, state) = self.state(view)
        _ = state.type("j")
        #expect(state.type("i") == [.checkHealth(ResourceID(2))])
    }

    @Test("e opens the finding about the selection, or reports that there is none.")
    func explain() {
        var (fixture, state) = self.state(.resources)
        state.select(.resource(ResourceID(3)))
        _ = state.type("e")
        #expect(state.view == .findings)
        #expect(state.subject.resource == ResourceID(3))
        #expect(TextRenderer.render(state.render()).contains("Look at FileStore."))
        _ = state.type("3")
        _ = state.update(.monitor(fixture.update()))
        _ = state.type("e")
        #expect(state.view == .resources)
        #expect(state.notice?.level == .warn)
    }

    @Test("A filter selects findings by kind and severity, and c hides withdrawn findings.")
    func filter() {
        var (_, state) = self.state(.findings)
        var shown: [UInt64]? { state.screens.first(FindingsScreen.self)?.rows.rows.map(\.id) }
        #expect(shown?.count == 6)
        _ = state.type("c")
        #expect(shown == [1, 2, 3])
        _ = state.type("/level:med")
        _ = state.press(.enter)
        #expect(shown == [2])
        _ = state.press(.escape)
        _ = state.type("/what:leak")
        #expect(shown == [1])
    }

    @Test("A pool's waits are counted for the current minute and the previous one.")
    func windows() {
        var windows = WaitWindows()
        var buckets = DurationBuckets()
        func at(_ second: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: second * 1_000_000_000) }
        buckets.record(.milliseconds(1))
        windows.take(buckets, at: at(10))
        #expect(windows.current.total == 1)
        #expect(windows.previous.total == 0)
        buckets.recordNone(4)
        windows.take(buckets, at: at(59))
        windows.take(buckets, at: at(61))
        #expect(windows.current.total == 0)
        #expect(windows.previous.total == 5)
        buckets.recordNone(2)
        windows.take(buckets, at: at(100))
        #expect(windows.current.total == 2)
        #expect(windows.previous.total == 5)
        // More than a minute passed without a sample, so there is no previous minute.
        windows.take(buckets, at: at(300))
        #expect(windows.current.total == 0)
        #expect(windows.previous.total == 0)
    }
}
