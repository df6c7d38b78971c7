import ResourceDashboard
import ResourceDashboardLive
import ResourceScenarios

/// `OwnScenario` shows the scenario live. `OwnScenario SEED` prints its frame after a minute of simulated time, which is always the same.
@main
struct OwnScenario {
    static func main() async throws {
        if let seed = CommandLine.arguments.dropFirst().first.flatMap({ UInt64($0) }) {
            print(try await self.frame(seed: seed), terminator: "")
            return
        }
        let session = try LiveSession(RushHour.self)
        let outcome = try await Dashboard(session.container, monitor: session.monitor).run()
        let report = await session.end()
        for line in outcome.summary { print(line) }
        print(report.map { "closed \($0.name): \($0.count(.disposed)) disposed" } ?? "did not close within five seconds")
    }

    static func frame(seed: UInt64) async throws -> String {
        let session = try SimulatedSession(RushHour.self, seed: seed)
        var state = DashboardState(
            configuration: DashboardConfiguration(
                origin: "simulated seed \(seed)",
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: Size(width: 120, height: 36),
                isPaused: true
            )
        )
        for update in await session.advance(to: .seconds(60)) { _ = state.update(.monitor(update)) }
        return TextRenderer.render(state.render())
    }
}
