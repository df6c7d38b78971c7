import DemoScenarios
import ResourceDashboard
import ResourceMonitoring
import ResourceScenarios

/// The parameters of a simulated run: scenario, seed and options.
struct SimulatedRun {
    let scenario: any Scenario.Type
    let seed: UInt64
    var options = ScenarioOptions()

    /// The clock of virtual time: it begins at 2026-01-01T12:00:00Z and is shown in UTC.
    static let clock = WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000)

    var origin: String { Self.origin(seed: self.seed) }

    static func origin(seed: UInt64) -> String {
        "simulated seed \(seed)"
    }

    /// The initial configuration of the dashboard.
    func configuration(size: Size, theme: Theme, themes: [Theme], glyphs: GlyphSet, view: DashboardView, isPaused: Bool)
        -> DashboardConfiguration
    {
        DashboardConfiguration(
            origin: self.origin,
            clock: Self.clock,
            size: size,
            theme: theme,
            themes: themes,
            glyphs: glyphs,
            view: view,
            isPaused: isPaused
        )
    }

    /// The updates up to `moment`, and the session at that time.
    func history(until moment: Duration) async throws -> (updates: [MonitorUpdate], session: SimulatedSession) {
        let session = try SimulatedSession(self.scenario, seed: self.seed, options: self.options)
        return (await session.advance(to: moment), session)
    }

    /// The dashboard at `moment`, and the session at that time.
    func state(at moment: Duration, _ configuration: DashboardConfiguration) async throws -> (DashboardState, SimulatedSession) {
        let (updates, session) = try await self.history(until: moment)
        var state = DashboardState(configuration: configuration)
        for update in updates { _ = state.update(.monitor(update)) }
        return (state, session)
    }
}
