import CursesTerminal
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceScenarios

/// The validated arguments of `resmon demo`.
struct DemoPlan {
    let scenario: any Scenario.Type
    /// The simulated run, or nil for a live one.
    let simulation: SimulatedRun?
    let seed: UInt64
    let options: ScenarioOptions
    /// The virtual time at which the simulated run is shown paused; nil to run it from the beginning.
    let moment: Duration?
    let screen: ScreenPlan
    let isReadonly: Bool
    /// Whether other processes can attach to the container.
    let isServed: Bool

    init(_ command: DemoCommand, _ surroundings: Surroundings, _ probe: TerminalProbe) throws(UsageFault) {
        self.scenario = try ScenarioArgument.parse(command.scenario)
        self.seed = try command.simulation.chosenSeed()
        self.options = try command.choices.options(of: self.scenario, isLive: !command.simulated)
        self.moment = try command.simulation.chosenMoment()
        if !command.simulated, let option = command.simulation.at.map({ _ in "--at" }) ?? command.simulation.seed.map({ _ in "--seed" }) {
            throw UsageFault("\(option) applies only to a simulated run: add --simulated")
        }
        self.simulation = command.simulated ? SimulatedRun(scenario: self.scenario, seed: self.seed, options: self.options) : nil
        self.screen = try ScreenPlan(command.screen, command.look, surroundings, probe)
        self.isReadonly = command.readonly
        // The recorder of the past is of use to other processes only, and wakes the program once a second.
        self.isServed = surroundings.environment["RESMON_ATTACH"] != "off"
    }

    /// One frame of the simulated scenario as plain text, for output that is not a terminal.
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
