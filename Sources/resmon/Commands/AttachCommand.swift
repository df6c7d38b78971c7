import ArgumentParser
import CursesTerminal
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive

/// `resmon attach`: shows the containers of running processes in the dashboard.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Show the containers of running processes: of this machine, over ssh, or through a command.",
        discussion: """
            A process is its number, the name of its container or program, the path of its socket, or ssh://HOST NAME. Without one, all \
            processes that 'resmon ps' lists are shown. Keys only watch, unless --act is given and the program accepts it \
            ('acting: .owner').
            """
    )

    @Argument(
        help: ArgumentHelp("The processes: number, name, socket, or ssh://HOST NAME (default: all of this machine).", valueName: "process"),
        completion: .processes
    )
    var processes: [String] = []

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Act on the processes that accept it: open and close scopes, resolve, lease, check health.")
    var act = false

    @Flag(help: "After the end of a process, continue with the one that replaces it.")
    var follow = false

    @Option(help: ArgumentHelp("The memory for the past of all processes: 16MB to 64GB (default 256MB).", valueName: "size"))
    var history: String?

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var look: LookOptions

    func run() async throws {
        let probe = TerminalProbe()
        let options = try self.options(.current, probe)
        if let obstacle = probe.obstacle {
            throw UsageFault("\(obstacle.description); 'resmon ps' and 'resmon snapshot --attach' need none")
        }
        let endpoints = try AttachArguments.all(self.processes, via: self.connection.via, "attach")
        let processes = try await AttachedProcesses.attach(to: endpoints, options: AttachClientOptions(acts: self.act))
        let result = await Self.show(processes, options)
        // The commands that connect, such as ssh, end before this program does.
        await processes.close()
        try Self.finish(try result.get())
    }

    /// Prints the outcome of the dashboard, and throws its exit code.
    static func finish(_ outcome: DashboardOutcome) throws {
        try Console.show(outcome.summary.map { $0 + "\n" }.joined())
        if outcome.exitCode != ExitStatus.success { throw ExitCode(outcome.exitCode) }
    }

    /// Shows the processes until the user quits.
    static func show(_ processes: AttachedProcesses, _ options: DashboardOptions) async -> Result<DashboardOutcome, any Error> {
        guard let source = processes.first else { return .failure(AttachFailure("there is no process to attach to")) }
        var shown = options
        shown.clock = source.clock
        do {
            return .success(try await Dashboard(source: source, history: await source.past(), options: shown).run())
        } catch {
            return .failure(UsageFault(error.description))
        }
    }

    /// The options of the dashboard.
    func options(_ surroundings: Surroundings, _ probe: TerminalProbe) throws(UsageFault) -> DashboardOptions {
        var options = try ScreenPlan(self.screen, self.look, surroundings, probe, hasProcesses: true).options
        if let history = self.history { options.historyLimit = try MemoryArgument("--history", parsing: history).bytes }
        options.followsSuccessor = self.follow
        return options
    }
}
