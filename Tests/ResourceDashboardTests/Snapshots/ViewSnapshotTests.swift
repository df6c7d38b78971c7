import DemoScenarios
import ResourceContainer
import ResourceDashboard
import Testing

/// The screens of the simulated `checkout` at twelve seconds, seed 7.
@Suite("Every view looks as its golden file does")
struct ViewSnapshotTests {
    static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

    private func state(_ view: DashboardView, _ size: Size, keys: [Key] = []) async throws -> DashboardState {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 7)
        var state = DashboardState(
            configuration: DashboardConfiguration(
                origin: "simulated seed 7",
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: size,
                view: view,
                isPaused: true
            )
        )
        for update in await session.advance(to: .seconds(12)) { _ = state.update(.monitor(update)) }
        for key in keys { _ = state.update(.input(.key(key))) }
        return state
    }

    private func expectExactRows(_ text: String, _ size: Size) {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.count == size.height + 1 && rows.last == "")
        for row in rows.dropLast() { #expect(DisplayText.width(of: row) == size.width) }
        #expect(!text.contains("\u{1B}"))
    }

    @Test("a view", arguments: DashboardView.allCases, Self.sizes)
    func view(view: DashboardView, size: Size) async throws {
        let text = TextRenderer.render(try await self.state(view, size).render())
        self.expectExactRows(text, size)
        GoldenFile.expect(text, named: "\(view.rawValue)-\(size.width)x\(size.height)")
    }

    @Test("the help", arguments: Self.sizes)
    func help(size: Size) async throws {
        let text = TextRenderer.render(try await self.state(.overview, size, keys: [Key("?")]).render())
        self.expectExactRows(text, size)
        GoldenFile.expect(text, named: "help-\(size.width)x\(size.height)")
    }

    @Test("the question before a scope is closed", arguments: Self.sizes)
    func close(size: Size) async throws {
        let down = Array(repeating: Key("j"), count: 9)
        let text = TextRenderer.render(try await self.state(.scopes, size, keys: down + [Key("x")]).render())
        self.expectExactRows(text, size)
        GoldenFile.expect(text, named: "close-\(size.width)x\(size.height)")
    }

    @Test("the list of bindings to get one of", arguments: Self.sizes)
    func picker(size: Size) async throws {
        let text = TextRenderer.render(try await self.state(.scopes, size, keys: [Key("j"), Key("a")]).render())
        self.expectExactRows(text, size)
        GoldenFile.expect(text, named: "get-\(size.width)x\(size.height)")
    }

    @Test("at the narrowest width with two columns the scopes of the overview can still be told apart")
    func narrow() async throws {
        let text = TextRenderer.render(try await self.state(.overview, Size(width: 100, height: 30)).render())
        for name in ["worker-1", "worker-2", "worker-3", "req-81"] { #expect(text.contains(" \(name) ")) }
    }

    @Test("in every view the header's active count is the number of live rows, and the books balance at every step")
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
            #expect(model.resources.count { ["initialising", "ready", "disposing"].contains($0.state) } == update.totals.books.active)
        }
    }
}
