import ArgumentParser
import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive

/// `resmon replay`: plays a recording in the dashboard.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recording in the dashboard: pause, step, jump by 10 s, jump from error to error."
    )

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"), completion: .file(extensions: ["jsonl"]))
    var file: String

    @Option(parsing: .unconditional, help: ArgumentHelp("The time at which to begin, paused: 500ms, 12s, 5m or 1h.", valueName: "time"))
    var at: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The playback speed, where 1 is real time: 0.01 to 1000.", valueName: "factor"))
    var speed: String?

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var look: LookOptions

    func run() async throws {
        let probe = TerminalProbe()
        let plan = try ScreenPlan(self.screen, self.look, Surroundings.current, probe)
        let moment = try self.at.map { try DurationArgument("--at", parsing: $0, longest: DurationArgument.longestRecorded).duration }
        try await Self.play(self.file, plan, probe, at: moment, speed: try self.chosenSpeed())
    }

    /// Plays a recording or a feed, from its beginning or paused at a moment.
    static func play(_ file: String, _ plan: ScreenPlan, _ probe: TerminalProbe, at moment: Duration?, speed: Double) async throws {
        if let obstacle = probe.obstacle {
            throw UsageFault("\(obstacle.description); 'resmon snapshot --recording \(file)' draws it without one")
        }
        var pictures = try Recordings.open(file)
        if let moment {
            try Recordings.check(moment, "--at", within: pictures)
            pictures.seek(to: pictures.beginning + moment)
        }
        var options = plan.options
        options.isReadonly = true
        options.isPaused = moment != nil
        options.speed = speed
        options.notices = pictures.survey.remarks + options.notices
        let source = RecordedSource(pictures, speed: speed)
        options.clock = source.clock
        let outcome: DashboardOutcome
        do {
            outcome = try await Dashboard(source: source, options: options).run()
        } catch {
            throw UsageFault(error.description)
        }
        try Console.show(outcome.summary.map { $0 + "\n" }.joined())
        if outcome.exitCode != ExitStatus.success { throw ExitCode(outcome.exitCode) }
    }

    private func chosenSpeed() throws(UsageFault) -> Double {
        guard let text = self.speed else { return 1 }
        guard let factor = Double(text), (0.01...1000).contains(factor) else {
            throw UsageFault("--speed: '\(text)' is not a factor: give 0.01 to 1000, where 1 is real time")
        }
        return factor
    }
}
