import ArgumentParser
import DemoScenarios
import ResourceDashboard

/// `resmon snapshot`: draws frames of a simulated scenario, of a recording, or of a running process, without a terminal.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Draw a frame of a simulated scenario, of a recording, or of a running process.",
        discussion: "A scenario and a recording give the same bytes on every run and machine."
    )

    @Argument(help: ArgumentHelp("The scenario; 'resmon scenarios' lists them.", valueName: "name"), completion: .scenarios)
    var scenario: String?

    @Option(
        help: ArgumentHelp("Draw a recording, at the time --at or at its end.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var recording: String?

    @Option(
        help: ArgumentHelp("Draw the present moment of a running process; 'resmon ps' lists them.", valueName: "process"),
        completion: .processes
    )
    var attach: String?

    @OptionGroup var simulation: SimulationOptions
    @OptionGroup var choices: ScenarioChoices
    @OptionGroup var look: LookOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Draw a frame at this interval; see --for. SVG gives one animated image, or files named by %d.",
            valueName: "time"
        )
    )
    var every: String?

    @Option(name: .customLong("for"), parsing: .unconditional, help: ArgumentHelp("The total time of --every.", valueName: "time"))
    var length: String?

    @Option(help: ArgumentHelp("The view (default overview).", valueName: "view"), completion: .views)
    var view: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Columns x rows (default 120x36).", valueName: "size"))
    var size: String?

    @Option(
        help: ArgumentHelp("The format: text, ansi, svg or json.", valueName: "format"),
        completion: .list(["text", "ansi", "svg", "json"])
    )
    var format: String?

    @Flag(help: "The same as --format json.")
    var json = false

    @Option(
        help: ArgumentHelp("The file to write to, instead of standard output; its extension selects the format.", valueName: "path"),
        completion: .file()
    )
    var output: String?

    @Flag(help: "Overwrite an existing file.")
    var force = false

    func run() async throws {
        let plan = try SnapshotPlan(self, Surroundings.current)
        try await plan.write()
    }
}
