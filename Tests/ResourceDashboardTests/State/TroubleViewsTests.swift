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
        _ = state.type("jj")
        #expect(state.actionResource == ResourceID(2))
        fixture.wait(.seconds(5))
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        update.pools.removeFirst()
        update.findings.removeFirst()
        update.health?.rows.removeFirst()
        _ = state.update(.monitor(update))
        #expect(state.actionResource == ResourceID(2))
        update.pools.removeFirst()
        update.findings.removeFirst()
        update.health?.rows.removeFirst()
        _ = state.update(.monitor(update))
        _ = state.type("k")
        #expect(state.actionResource == ResourceID(3))
    }

    @Test("Enter opens the resource of the selected row.", arguments: [DashboardView.pools, .health, .findings])
    func enter(_ view: DashboardView) {
        var (_, state) = self.state(view)
        _ = state.type("jj")
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.resourceCursor.selected == ResourceID(2))
    }

    @Test("i checks the resource of the selected row.", arguments: [DashboardView.pools, .health])
    func check(_ view: DashboardView) {
        var (_, state) = self.state(view)
        _ = state.type("jj")
        #expect(state.type("i") == [.checkHealth(ResourceID(2))])
    }

    @Test("e opens the finding about the selection, or reports that there is none.")
    func explain() {
        var (fixture, state) = self.state(.resources)
        state.resourceCursor.selected = ResourceID(3)
        _ = state.type("e")
        #expect(state.view == .findings)
        #expect(state.selectedFinding?.subject.resource == ResourceID(3))
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
        #expect(state.findingRows.count == 6)
        _ = state.type("c")
        #expect(state.findingRows.map(\.id) == [1, 2, 3])
        _ = state.type("/level:med")
        _ = state.press(.enter)
        #expect(state.findingRows.map(\.id) == [2])
        _ = state.press(.escape)
        _ = state.type("/what:leak")
        #expect(state.findingRows.map(\.id) == [1])
    }

    @Test("In a narrow window, a filter being typed replaces the other tabs.")
    func narrowFilter() {
        var (_, state) = self.state(.findings)
        _ = state.update(.input(.resize(Size(width: 80, height: 24))))
        _ = state.type("/what:leak")
        let row = TextRenderer.render(state.render()).split(separator: "\n")[1]
        #expect(row.contains("7 Findings(3)"))
        #expect(row.contains("/what:leak"))
        #expect(!row.contains("Overview"))
    }

    @Test("The graph lists dependents below each resource, each subtree once, and marks dependents of unhealthy resources.")
    func graph() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.graph)
        let scope = fixture.open("req-1")
        let (database, cache) = (fixture.make(0, in: scope), fixture.make(1, in: scope))
        let service = fixture.make(2, in: scope, needing: [database, cache])
        let handler = fixture.make(2, in: scope, needing: [service])
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        _ = state.update(.monitor(update))
        #expect(state.graphRows.map(\.id.resource) == [database, service, handler, cache, service])
        #expect(
            state.graphRows.map(\.depth) == [0, 1, 2, 0, 1] && state.graphRows.map(\.isRepeated) == [false, false, false, false, true]
        )
        #expect(state.picture.healthRow(of: state.graphRows[0].id.resource)?.affectedBy == [ResourceID(2)])
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("affected"))
        #expect(screen.contains("1 affected by unhealthy resources"))
        // The same resource has two rows, and each can be selected.
        _ = state.type("G")
        #expect(state.graphCursor.selected == GraphRow.ID(resource: service, parent: cache))
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.resourceCursor.selected == service)
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
