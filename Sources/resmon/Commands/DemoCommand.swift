import ArgumentParser
import CursesTerminal
import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive

/// `resmon demo`: shows a scenario in the live dashboard.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo", abstract: "Show a scenario live.")

    @Argument(help: ArgumentHelp("The scenario; 'resmon scenarios' lists them.", valueName: "name"), completion: .scenarios)
    var scenario: String?

    @OptionGroup var simulation: SimulationOptions
    @OptionGroup var choices: ScenarioChoices
    @OptionGroup var look: LookOptions

    @Flag(help: "Run the scenario in virtual time with a seed; --at shows it paused at that time.")
    var simulated = false

    @OptionGroup var screen: ScreenOptions

    @Flag(help: "Read-only: no key acts on the scenario.")
    var readonly = false

    func run() async throws {
        let probe = TerminalProbe()
        let plan = try DemoPlan(self, Surroundings.current, probe)
        guard probe.outputIsTerminal else {
            try Console.show(try await plan.plainFrame())
            return
        }
        if let obstacle = probe.obstacle { throw UsageFault(obstacle.description) }
        let code = if let run = plan.simulation { try await plan.runSimulated(run) } else { try await plan.runLive() }
        if code != ExitStatus.success { throw ExitCode(code) }
    }
}
