import ArgumentParser
import DemoScenarios
import ResourceDashboard

/// `resmon snapshot`: a moment of a simulated scenario, drawn by the same dashboard without a terminal.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Draw a moment of a simulated scenario: the same bytes on every run and machine."
    )

    @Argument(help: ArgumentHelp("The scenario; 'resmon scenarios' lists them.", valueName: "name"), completion: .scenarios)
    var scenario: String?

    @OptionGroup var simulation: SimulationOptions
    @OptionGroup var scenarioSize: SizeOptions
    @OptionGroup var look: LookOptions

    @Option(help: ArgumentHelp("The view (default overview).", valueName: "view"), completion: .views)
    var view: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Columns x rows (default 120x36).", valueName: "size"))
    var size: String?

    @Option(
        help: ArgumentHelp("What to write: text, ansi, svg or json.", valueName: "format"),
        completion: .list(["text", "ansi", "svg", "json"])
    )
    var format: String?

    @Flag(help: "The same as --format json.")
    var json = false

    @Option(help: ArgumentHelp("The file to write to, instead of standard output.", valueName: "path"), completion: .file())
    var output: String?

    func run() async throws {
        let plan = try SnapshotPlan(self, Surroundings.current)
        let text = try await plan.draw()
        try plan.destination.write(text)
    }
}
