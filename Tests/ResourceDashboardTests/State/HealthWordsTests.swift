import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceDashboard

private final class Patient: HealthCheckable, Sendable {
    let status: Lock<HealthStatus>
    init(_ status: HealthStatus) { self.status = Lock(status) }
    func healthCheck() async throws -> HealthReport { HealthReport(self.status.withLock { $0 }, "set by the test") }
}

private struct Plain: Sendable {}

@Suite("Health wording")
struct HealthWordsTests {
    private let simulation = Simulation(seed: 1)
    private let container: Container
    private let feed: MonitorFeed
    private let well = Patient(.healthy)
    private let ill = Patient(.unhealthy)

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        self.feed = ResourceMonitor(self.container).feed()
        let (container, well, ill) = (self.container, self.well, self.ill)
        try container.bind(Patient.self, name: "well", lifetime: .singleton) { well }
        try container.bind(Patient.self, name: "ill", lifetime: .singleton) { ill }
        try container.bind(Patient.self, name: "late", lifetime: .singleton) { Patient(.healthy) }
        try container.bind(Plain.self) { Plain() }
        try self.simulation.run {
            _ = try await container.get(Patient.self, name: "well")
            _ = try await container.get(Patient.self, name: "ill")
        }
    }

    private func state(_ view: DashboardView, isReadonly: Bool = false) -> DashboardState {
        DashboardState.fixture(view, isReadonly: isReadonly)
    }

    private func pass(_ duration: Duration, _ state: inout DashboardState) {
        self.simulation.run(for: duration)
        _ = state.update(.monitor(self.feed.next()))
    }

    private func rows(_ state: DashboardState, _ view: DashboardView) -> [String] {
        var state = state
        state.show(view)
        return TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
    }

    /// Returns the health text of `label` in each view that lists it.
    private func words(_ label: String, in state: DashboardState) -> Set<String> {
        Set(
            [DashboardView.scopes, .resources, .health, .graph].map { view in
                let row = self.rows(state, view).first { $0.contains(label) } ?? "\(view) has no row"
                let marks = HealthStanding.allCases.map { Mark($0).span(GlyphSet.braille).text }
                return marks.first { row.contains(" \($0)") } ?? row
            }
        )
    }

    @Test("Every view shows not asked, no probe, a status, unknown once stale, and a dash once disposed.")
    func standings() throws {
        var state = self.state(.resources)
        let container = self.container
        let scope = try container.openScope("request")
        try self.simulation.run { _ = try await scope.get(Plain.self) }
        self.pass(.seconds(1), &state)
        #expect(self.words("#1", in: state).subtracting(["· not asked"]).allSatisfy { $0.hasSuffix("has no row") })
        let checker = HealthChecker(container)
        let running = self.simulation.spawn { await checker.run() }
        self.pass(.seconds(2), &state)
        #expect(self.words("#1", in: state) == ["● healthy"])
        #expect(self.words("#2", in: state) == ["x unhealthy"])
        #expect(self.words("#3", in: state) == ["– no probe"])
        // The strip of tiles begins at the third row.
        #expect(self.rows(state, .overview)[2..<7].contains { $0.contains("x unhealthy") })
        #expect(self.rows(state, .health)[2].contains("● 1 healthy  x 1 unhealthy  – 1 no probe"))
        running.cancel()
        self.pass(.seconds(20), &state)
        #expect(self.words("#1", in: state) == ["· unknown"])
        #expect(self.rows(state, .health)[2].contains("· 2 unknown  – 1 no probe"))
        #expect(self.rows(state, .health).contains { $0.contains("results are overdue") })
        #expect(self.rows(state, .overview)[0].hasPrefix(" resmon · app"))
        self.simulation.spawn { _ = try? await scope.close() }
        self.pass(.seconds(1), &state)
        state.show(.resources)
        if !state.showsClosed { _ = state.type("c") }
        let gone = try #require(self.rows(state, .resources).first { $0.contains("#3") })
        #expect(gone.contains("disposed"))
        #expect(!gone.contains("no probe"))
        #expect(state.picture.standing(of: ResourceID(3)) == nil)
        self.simulation.runUntilIdle()
    }

    @Test("Health sorting puts the worst status first, then unknown, healthy and no probe.")
    func sorting() throws {
        let container = self.container
        let scope = try container.openScope("request")
        try self.simulation.run { _ = try await scope.get(Plain.self) }
        let checker = HealthChecker(container)
        try self.simulation.run { _ = await checker.checkAll() }
        var state = self.state(.resources)
        self.pass(.seconds(1), &state)
        try self.simulation.run { _ = try await container.get(Patient.self, name: "late") }
        self.pass(.milliseconds(250), &state)
        state.sort(.sort(by: ResourceColumn.health.rawValue))
        #expect(state.viewModel().resources.map(\.id) == [2, 4, 1, 3])
        // The order follows the results, although no resource row changed.
        self.well.status.withLock { $0 = .degraded }
        self.ill.status.withLock { $0 = .healthy }
        try self.simulation.run { for _ in 0..<2 { _ = await checker.checkAll() } }
        self.pass(.seconds(1), &state)
        #expect(state.viewModel().resources.map(\.id) == [1, 2, 4, 3])
        // So does a filter.
        _ = state.type("/health:degraded")
        _ = state.press(.enter)
        #expect(state.viewModel().resources.map(\.id) == [1])
    }

    @Test("The Health view names the source of the checks.", arguments: [HealthCheckSource.program, .dashboard, nil])
    func checkSource(_ source: HealthCheckSource?) throws {
        let checker = HealthChecker(self.container)
        let running = source.map { source in self.simulation.spawn { await checker.run(as: source) } }
        var state = self.state(.health)
        self.pass(.seconds(2), &state)
        let words =
            switch source {
            case .program: "checked by the program"
            case .dashboard: "checked by the dashboard"
            default: "not checked: i checks one, I all"
            }
        #expect(self.rows(state, .health).contains { $0.contains(words) })
        running?.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("A read-only dashboard offers no keys that check health.")
    func readonly() {
        _ = HealthChecker(self.container)
        var state = self.state(.health, isReadonly: true)
        self.pass(.seconds(1), &state)
        let rows = self.rows(state, .health)
        #expect(rows.contains { $0.contains("not checked ") })
        #expect(!rows.contains { $0.contains("i checks") })
    }

    @Test("A resource's history marks each check as a result, distinct from the settled status.")
    func answers() throws {
        let checker = HealthChecker(self.container)
        try self.simulation.run { _ = await checker.checkAll() }
        self.well.status.withLock { $0 = .unhealthy }
        try self.simulation.run { _ = await checker.checkAll() }
        var state = self.state(.resources)
        self.pass(.seconds(1), &state)
        state.select(.resource(ResourceID(1)))
        _ = state.press(.enter)
        let rows = TextRenderer.render(state.render()).split(separator: "\n")
        #expect(rows.contains { $0.contains("health ● healthy") })
        #expect(rows.contains { $0.contains("result unhealthy after healthy; health_check took") })
    }
}
