import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceMonitoring
import ResourceScenarios
import Testing

/// Draws the simulated `checkout` scenario at 12 s with seed 7.
@Suite("View golden files")
struct ViewSnapshotTests {
    static let sizes = [
        Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 100, height: 24),
        Size(width: 56, height: 16),
    ]

    /// The updates of the first 12 s. The tests share one run of each scenario.
    private static let checkout = Task { try await Self.updates(of: CheckoutScenario.self) }
    private static let quiet = Task { try await Self.updates(of: QuietScenario.self) }

    private static func updates(of scenario: any Scenario.Type) async throws -> [MonitorUpdate] {
        let session = try SimulatedSession(scenario, seed: 7)
        return await session.advance(to: .seconds(12))
    }

    private func state(
        _ view: DashboardView,
        _ size: Size,
        keys: [Key] = [],
        scenario: any Scenario.Type = CheckoutScenario.self
    ) async throws -> DashboardState {
        var state = DashboardState(
            configuration: DashboardConfiguration(
                origin: "simulated seed 7",
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: size,
                view: view,
                isPaused: true
            )
        )
        let updates = scenario == QuietScenario.self ? Self.quiet : Self.checkout
        for update in try await updates.value { _ = state.update(.monitor(update)) }
        for key in keys { _ = state.update(.input(.key(key))) }
        return state
    }

    private static func golden(_ name: String, filePath: String = #filePath) -> GoldenFile {
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")
        return GoldenFile(path: folder.appendingPathComponent("\(name).txt").path)
    }

    private func expectExactRows(_ text: String, _ size: Size) {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.count == size.height + 1)
        #expect(rows.last == "")
        for row in rows.dropLast() { #expect(DisplayText.width(of: row) == size.width) }
        #expect(!text.contains("\u{1B}"))
    }

    @Test("Each view matches its golden file at each size.", arguments: DashboardView.allCases, Self.sizes)
    func view(view: DashboardView, size: Size) async throws {
        let text = TextRenderer.render(try await self.state(view, size).render())
        self.expectExactRows(text, size)
        try Self.golden("\(view.rawValue)-\(size.width)x\(size.height)").expect(text)
    }

    /// The dialogs, overlays and states of views, with the keys that open them. The j keys select a request's scope.
    private static let overlays: [(name: String, view: DashboardView, keys: String)] = [
        ("help", .overview, "?"), ("help-search", .overview, "?scope"), ("palette", .overview, ":time"), ("close", .scopes, "jjjjjjjjjjx"),
        ("force", .scopes, "jjjjjjjjjjX"), ("teardown", .scopes, "jjjjjjjjjjt"), ("name", .scopes, "O"), ("get", .scopes, "a"),
        ("fault", .resources, "jf"), ("columns", .resources, "="), ("themes", .overview, "T"), ("write", .events, "w"),
        ("mark", .overview, "m"), ("differences-past", .overview, "<ma0d"), ("past", .scopes, "<"),
        ("detail", .resources, "j\r"), ("errors", .events, "E"), ("filter", .resources, "/type:P* life>1s"),
        ("filter-fault", .resources, "/typ:P"), ("filter-empty", .resources, "/type:nothing\r"), ("filter-events", .events, "/paid\r"),
    ]

    @Test("Each dialog, overlay and view state matches its golden file at each size.", arguments: Self.overlays, Self.sizes)
    func overlay(_ what: (name: String, view: DashboardView, keys: String), size: Size) async throws {
        let keys = what.keys.map { $0 == "\r" ? Key(.enter) : Key($0) }
        let text = TextRenderer.render(try await self.state(what.view, size, keys: keys).render())
        self.expectExactRows(text, size)
        try Self.golden("\(what.name)-\(size.width)x\(size.height)").expect(text)
    }

    @Test("Each view of a container without resources matches its golden file at each size.", arguments: DashboardView.allCases, Self.sizes)
    func empty(view: DashboardView, size: Size) async throws {
        let text = TextRenderer.render(try await self.state(view, size, scenario: QuietScenario.self).render())
        self.expectExactRows(text, size)
        try Self.golden("empty-\(view.rawValue)-\(size.width)x\(size.height)").expect(text)
    }

    @Test("The narrowest two-column overview shows complete names of groups of scopes.")
    func narrow() async throws {
        let state = try await self.state(.overview, Size(width: 100, height: 30))
        let text = TextRenderer.render(state.render())
        let open = state.viewModel().scopes.filter { $0.state == "open" }.map(\.name)
        #expect(open.contains { $0.hasPrefix("req-") })
        #expect(open.contains("worker-1") && open.contains("worker-2") && open.contains("worker-3"))
        for name in ["app", "worker-*", "req-*"] { #expect(text.contains(" \(name) ")) }
    }

    @Test("The active count equals the number of active rows, and the books balance at every step.")
    func sums() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 11)
        var state = DashboardState(
            configuration: DashboardConfiguration(
                clock: WallClock(originNanoseconds: 0),
                size: Size(width: 120, height: 36),
                view: .resources
            )
        )
        for update in await session.advance(to: .seconds(30)) {
            _ = state.update(.monitor(update))
            #expect(update.totals.books.isBalanced)
            let text = TextRenderer.render(state.render())
            #expect(text.contains("Resources \(update.totals.books.active) live"))
            let model = state.viewModel()
            #expect(model.books == update.totals.books)
            #expect(model.resources.count { ["initializing", "ready", "disposing"].contains($0.state) } == update.totals.books.active)
        }
    }
}
