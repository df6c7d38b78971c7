import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Resource detail")
struct ResourceDetailTests {
    /// Returns a state with a database and caches that need it, all in the scope `req-1`, ten seconds after their creation.
    private static func state(
        _ size: Size = Size(width: 120, height: 36),
        caches: Int = 1,
        _ change: (inout MonitorUpdate) -> Void = { _ in }
    ) -> (PictureFixture, DashboardState, ScopeID) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        let scope = fixture.open("req-1")
        let database = fixture.make(0, in: scope)
        for _ in 0..<caches { _ = fixture.make(1, in: scope, needing: [database]) }
        fixture.wait(.seconds(10))
        var update = fixture.update()
        change(&update)
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(size)))
        return (fixture, state, scope)
    }

    private static func lines(_ state: DashboardState) -> [String] {
        TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
    }

    private static func text(_ state: DashboardState) -> String {
        self.lines(state).joined(separator: "\n")
    }

    private static func isOpen(_ state: DashboardState) -> Bool? {
        state.screens.first(ResourcesScreen.self)?.isOpen
    }

    // MARK: Navigation

    @Test("While a resource is open, j and k move to its neighbors, and Esc returns to the row of the last one.")
    func neighbors() {
        var (_, state, _) = Self.state()
        _ = state.press(.enter)
        #expect(Self.text(state).contains("needed by Cache#2"))
        _ = state.type("j")
        #expect(Self.text(state).contains("needs     Database#1"))
        _ = state.type("k")
        #expect(Self.text(state).contains("needed by Cache#2"))
        _ = state.type("j")
        _ = state.press(.escape)
        #expect(Self.isOpen(state) == false)
        #expect(state.subject.resource == ResourceID(2))
    }

    @Test("Tab cycles through the panes of the detail, and each is drawn in a window that has room for one only.")
    func panes() {
        var (_, state, _) = Self.state(Size(width: 60, height: 14))
        _ = state.press(.enter)
        let titles = ["Database#1", "Lifetimes of Database", "Life ", "History", "Last error"]
        for (title, name) in zip(titles, ["Resource", "Lifetimes", "Life", "History", "Last error"]) {
            #expect(state.screen.focusTitle == name)
            #expect(Self.lines(state)[2].contains(title), "\(title)")
            _ = state.press(.tab)
        }
        #expect(state.screen.focusTitle == "Resource")
        _ = state.press(.tab, .shift)
        #expect(state.screen.focusTitle == "Last error")
    }

    @Test("Enter on a resource that has ended goes to its scope while that is open, and reports the reason afterward.")
    func ended() {
        var (fixture, state, scope) = Self.state()
        state.select(.resource(ResourceID(2)))
        let cache = fixture.dispose(ResourceID(2))
        _ = state.update(.monitor(fixture.update(ended: [cache])))
        _ = state.press(.enter)
        var other = state
        _ = other.press(.enter)
        #expect(other.view == .scopes)
        #expect(other.subject.scope == scope)
        let database = fixture.dispose(ResourceID(1))
        _ = state.update(.monitor(fixture.update(ended: [database], closing: scope)))
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.notice?.text == "the resource and its scope have ended")
        fixture.wait(.seconds(61))
        _ = state.update(.monitor(fixture.update()))
        #expect(Self.text(state).contains("it ended more than a minute ago; Esc returns"))
    }

    // MARK: Facts

    @Test("A dependency has its type, even if it has ended.")
    func names() {
        var (fixture, state, _) = Self.state()
        let database = fixture.dispose(ResourceID(1))
        _ = state.update(.monitor(fixture.update(ended: [database])))
        state.select(.resource(ResourceID(2)))
        _ = state.press(.enter)
        #expect(Self.text(state).contains("needs     Database#1 (ended)"))
    }

    @Test("The dependents are wrapped, not cut.")
    func wrapped() {
        var (_, state, _) = Self.state(Size(width: 100, height: 36), caches: 20)
        state.select(.resource(ResourceID(1)))
        _ = state.press(.enter)
        for number in 2...21 { #expect(Self.text(state).contains("Cache#\(number)"), "\(number)") }
    }

    @Test("The lifetime of the resource is marked at its place among those of its type.")
    func lifetimes() {
        let summary = DurationSummary(
            count: 3,
            average: .seconds(8),
            median: .seconds(7),
            p95: .seconds(11),
            p99: .seconds(12),
            maximum: .seconds(13)
        )
        var (_, state, _) = Self.state { $0.bindings[0].lifetimes = summary }
        _ = state.press(.enter)
        let lines = Self.lines(state)
        let titles = ["median ", "average ", "this one ", "p95 ", "p99 ", "longest "]
        #expect(titles.compactMap { title in lines.firstIndex { $0.contains("│ \(title)") } } == Array(3...8))
        #expect(lines[5].contains("10.0s ◂"))
        #expect(Self.text(state).contains("of 3 ended"))
    }

    @Test("Without an ended instance, the lifetimes have no bar.")
    func noLifetimes() throws {
        var (_, state, _) = Self.state()
        _ = state.press(.enter)
        #expect(Self.text(state).contains("none ended"))
        let own = try #require(Self.lines(state).first { $0.contains("this one") })
        #expect(!own.contains("█"))
    }

    @Test("A long error is wrapped, not cut.")
    func error() {
        let text = Array(repeating: "refused", count: 30).joined(separator: " ") + " at-last"
        var (_, state, _) = Self.state {
            $0.resources[0].errors = 1
            $0.resources[0].lastError = text
        }
        _ = state.press(.enter)
        #expect(Self.text(state).contains("at-last"))
    }

    // MARK: Life

    @Test("The life of an abandoned instance includes its dispose, the abandonment, and the errors.")
    func abandoned() async throws {
        let session = try SimulatedSession(SlowScenario.self, seed: 7)
        var state = DashboardState.fixture(.resources)
        for update in await session.advance(to: .seconds(75)) { _ = state.update(.monitor(update)) }
        let row = try #require(
            state.picture.endedResources.first { $0.resource.state == .abandoned && $0.resource.readyAt != nil }
        )
        state.select(.resource(row.resource.id))
        _ = state.press(.enter)
        let phases = try #require(Self.lines(state).first { $0.hasPrefix("│ phase") })
        #expect(phases.contains("╌▲"))
        let errors = try #require(Self.lines(state).first { $0.hasPrefix("│ errors") })
        #expect(errors.contains("x"))
        for width in [80, 100, 120, 200] {
            _ = state.update(.input(.resize(Size(width: width, height: 36))))
            let legend = try #require(Self.lines(state).first { $0.contains("◌ initializing ") })
            #expect(!legend.contains("…"), "\(width)")
            #expect(legend.contains("▾ × scope opened, closed ") || width < 120, "\(width)")
        }
    }

    @Test("On a tall screen, the lines of the life are two rows apart, with the axis and the legend below them.")
    func tall() throws {
        for (size, step) in [(Size(width: 120, height: 36), 1), (Size(width: 200, height: 60), 2)] {
            var (_, state, _) = Self.state(size)
            _ = state.press(.enter)
            let lines = Self.lines(state)
            let first = try #require(lines.firstIndex { $0.hasPrefix("│ phase ") })
            for (index, title) in ["phase", "last use", "health", "errors", "scope"].enumerated() {
                #expect(lines[first + index * step].hasPrefix("│ \(title) "), "\(title)")
            }
            #expect(lines[first + 5 * step].contains("┬"))
            #expect(lines[first + 5 * step + 2].contains("═ ready"))
            #expect(lines[first + 5 * step + 3].hasPrefix("╰"))
        }
    }

    /// Returns a resource with the times of its life in seconds.
    private static func row(_ state: ResourceState, ready: Double?, ended: Double?) -> ResourceRow {
        var resource = ResourceSnapshot(id: ResourceID(1), binding: BindingID(0), scope: .root, createdAt: Self.time(0))
        resource.state = state
        resource.readyAt = ready.map(Self.time)
        var row = ResourceRow(resource: resource)
        row.endedAt = ended.map(Self.time)
        return row
    }

    private static func time(_ seconds: Double) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Int64(seconds * 1e9))
    }

    private static func event(_ seconds: Double, _ kind: ResourceEvent.Kind) -> EventLine {
        let event = ResourceEvent(sequence: 1, time: Self.time(seconds), scope: .root, resource: ResourceID(1), kind: kind)
        return EventLine(event, label: "Journal", scope: "app")
    }

    @Test("The axis ends after the last event, and a late step follows the abandonment.")
    func late() {
        let line = LifeLine(
            Self.row(.abandoned, ready: 1, ended: 2),
            events: [
                Self.event(8, .completedLate(.dispose, took: .seconds(6))), Self.event(4, .abandoned(.dispose, budget: .seconds(2))),
            ],
            scope: nil,
            now: Self.time(20),
            span: .minute
        )
        #expect(line.begin == Self.time(0))
        #expect(line.end == Self.time(8))
        let cells = line.cells(width: 80)
        #expect(cells.phases.map(\.phase) == [.initializing, .ready, .disposing, .late])
        #expect(cells.phases.map(\.columns) == [0..<10, 10..<20, 20..<40, 41..<80])
        #expect(cells.mark == 40)
    }

    @Test("A dispose that is shorter than a cell has a cell before the end mark, at any width.")
    func brief() {
        let line = LifeLine(
            Self.row(.disposed, ready: 0, ended: 60),
            events: [Self.event(60.001, .disposed(took: .milliseconds(1), lived: .seconds(60)))],
            scope: nil,
            now: Self.time(90),
            span: .twoMinutes
        )
        #expect(line.end == Self.time(60.001))
        for width in 5...100 {
            let cells = line.cells(width: width)
            #expect(cells.phases.map(\.phase) == [.initializing, .ready, .disposing])
            #expect(cells.phases.last?.columns == width - 2..<width - 1)
            #expect(cells.mark == width - 1)
            let edges = cells.phases.map(\.columns.lowerBound) + [width - 1]
            #expect(edges.first == 0)
            #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
        }
        #expect(line.cells(width: 2).phases.isEmpty)
    }

    @Test("The axis of an active resource ends now, and the labels of an axis have one unit.")
    func axis() {
        let row = Self.row(.ready, ready: 1, ended: nil)
        let short = LifeLine(row, events: [], scope: nil, now: Self.time(12), span: .minute)
        #expect(short.end == Self.time(12))
        #expect([0, 0.5, 1].map(short.label(at:)) == ["0.0s", "6.0s", "12.0s"])
        #expect(short.cells(width: 12).mark == nil)
        let long = LifeLine(row, events: [], scope: nil, now: Self.time(300), span: .minute)
        #expect(long.begin == Self.time(240))
        #expect([0, 1].map(long.label(at:)) == ["4:00", "5:00"])
        #expect(long.parts.map(\.phase) == [.ready])
        #expect(long.column(of: Self.time(239), width: 60) == nil)
        #expect(long.column(of: Self.time(270), width: 60) == 30)
    }
}
