import CursesTerminal
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceScenarios

/// What `resmon demo` was asked for, checked before anything is done.
struct DemoPlan {
    let scenario: any Scenario.Type
    /// The simulated run, if one was asked for.
    let simulation: SimulatedRun?
    let seed: UInt64
    let options: ScenarioOptions
    /// The moment at which the simulated run is shown paused; nil to begin at its beginning and go on.
    let moment: Duration?
    let screen: ScreenPlan
    let isReadonly: Bool

    init(_ command: DemoCommand, _ surroundings: Surroundings, _ probe: TerminalProbe) throws(UsageFault) {
        self.scenario = try ScenarioArgument.parse(command.scenario)
        self.seed = try command.simulation.chosenSeed()
        self.options = try command.choices.options(of: self.scenario, isLive: !command.simulated)
        self.moment = try command.simulation.chosenMoment()
        if !command.simulated, let option = command.simulation.at.map({ _ in "--at" }) ?? command.simulation.seed.map({ _ in "--seed" }) {
            throw UsageFault("\(option) is of a simulated run: give --simulated, too")
        }
        self.simulation = command.simulated ? SimulatedRun(scenario: self.scenario, seed: self.seed, options: self.options) : nil
        self.screen = try ScreenPlan(command.screen, command.look, surroundings, probe)
        self.isReadonly = command.readonly
    }

    /// One frame of the simulated scenario as plain text: what can be had where there is no terminal.
    func plainFrame() async throws -> String {
        let run = SimulatedRun(scenario: self.scenario, seed: self.seed, options: self.options)
        let configuration = run.configuration(
            size: SnapshotPlan.defaultSize,
            theme: .mono,
            themes: [.mono],
            glyphs: self.screen.glyphs,
            view: self.screen.view,
            isPaused: true
        )
        let (state, _) = try await run.state(at: self.moment ?? SimulationOptions.defaultMoment, configuration)
        return TextRenderer.render(state.render())
            + "This is one frame of a simulated run: run 'resmon demo \(self.scenario.name)' in a terminal for the live screen.\n"
    }
}
