import ArgumentParser
import CursesTerminal
import ResourceAttachClient
import ResourceDashboard
import ResourceDashboardLive

/// `resmon watch`: shows a feed in the dashboard, from standard input or from a file.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show the feed of a program in any language: from standard input as it is written, or from a file.",
        discussion: """
            'my-app | resmon watch -' reads the output of a program; the keys come from the terminal. The file of a feed is played as a \
            recording is. docs/feed-format.md describes the lines of a feed.
            """
    )

    @Argument(
        help: ArgumentHelp("The feed: - for standard input, or a file.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var file = FeedFile.standardInput

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var look: LookOptions

    /// The longest time to wait for the first line of a feed.
    private static let patience = Duration.seconds(60)

    func run() async throws {
        let probe = TerminalProbe()
        let isInput = self.file == FeedFile.standardInput
        let plan = try ScreenPlan(self.screen, self.look, .current, probe, hasProcesses: isInput)
        guard isInput else { return try await ReplayCommand.play(self.file, plan, probe, at: nil, speed: 1) }
        if let obstacle = Self.obstacle(probe) { throw UsageFault(obstacle) }
        let processes = try await AttachedProcesses.attach(to: [AttachEndpoint.input], within: Self.patience)
        let result = await AttachCommand.show(processes, plan.options)
        await processes.close()
        try AttachCommand.finish(try result.get())
    }

    /// The reason why standard input cannot be shown; nil if it can.
    static func obstacle(_ probe: TerminalProbe) -> String? {
        if probe.inputIsTerminal {
            return "watch: standard input is a terminal: connect it with the output of a program, as in 'my-app | resmon watch -'"
        }
        return probe.obstacle.map { "\($0.description); 'resmon check -' and 'resmon snapshot --recording -' need none" }
    }
}
