import ArgumentParser
import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceFleet

/// `resmon fleet`: shows the processes that a Prometheus server knows, one row for each.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Show the processes that a Prometheus server, Thanos, or Mimir knows, one row for each.",
        discussion: """
            The server scrapes the processes by themselves or through 'resmon export'. Enter runs --command and shows the process that it connects \
            to; 'q' returns. Without a terminal, or with --once, the table is printed.
            """
    )

    @Option(help: ArgumentHelp("The address of the server, which may have a path.", valueName: "url"))
    var prometheus: String?

    @Option(help: ArgumentHelp("Limit the processes by labels: 'job=\"shop\",instance=~\"web.*\"'.", valueName: "selector"))
    var match: String?

    @Option(
        help: ArgumentHelp(
            "A header of the requests, such as 'X-Scope-OrgID: team'. A value @FILE is read from a file.",
            valueName: "header"
        )
    )
    var header: [String] = []

    @Option(
        name: .customLong("token-file"),
        help: ArgumentHelp("A file with a bearer token. It is read for every table.", valueName: "file"),
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "The command that connects to a process, without a shell (default 'ssh {host} resmon dial {process}'); also {container}, {pid}, {instance}.",
            valueName: "template"
        )
    )
    var command: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The time between two tables: 1 to 3600 seconds (default 5).", valueName: "seconds")
    )
    var refresh: String?

    @Flag(help: "Print the table once.")
    var once = false

    @Flag(help: "Print the table as JSON, once.")
    var json = false

    @Option(
        help: ArgumentHelp("Print a file for the server: rules or grafana.", valueName: "file"),
        completion: .list(["rules", "grafana"])
    )
    var print: String?

    @Flag(help: "Show a simulated fleet instead of a server's.")
    var simulated = false

    @Option(parsing: .unconditional, help: ArgumentHelp("The number of simulated processes: 1 to 100000 (default 1000).", valueName: "n"))
    var processes: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated fleet (default 7).", valueName: "n"))
    var seed: String?

    @OptionGroup var screen: ScreenOptions
    @OptionGroup var look: LookOptions

    func run() async throws {
        let plan = try FleetPlan(self)
        switch plan.task {
        case .print(let file): try Console.show(file.text)
        case .show(let source):
            let probe = TerminalProbe()
            let screen = try ScreenPlan(self.screen, self.look, Surroundings.current, probe)
            try await Self.with(source) { source in
                if self.once || self.json || probe.obstacle != nil {
                    try await self.printOnce(source, plan, screen.glyphs)
                } else {
                    try await FleetScreen(plan, screen).show(source)
                }
            }
        }
    }

    /// Runs `body` with a source of tables. The connections to a server are closed afterward.
    private static func with(_ source: FleetPlan.Source, _ body: (any FleetSource) async throws -> Void) async throws {
        switch source {
        case .simulated(let fleet): try await body(fleet)
        case .server(let address, let match, let headers):
            try await PrometheusAPI.with(address, headers: { () throws(FleetFault) in try headers.read() }) { server in
                try await body(PrometheusFleet(server, match: match))
            }
        }
    }

    private func printOnce(_ source: any FleetSource, _ plan: FleetPlan, _ glyphs: GlyphSet) async throws {
        let table: FleetTable
        do throws(FleetFault) {
            table = try await source.table(at: plan.moment)
        } catch {
            throw FleetFault("\(source.label): \(error)")
        }
        for line in table.problems + table.warnings.map({ "the server warns: \($0)" }) { Console.complain("resmon: \(line)") }
        if table.lacksRules {
            Console.complain("resmon: the server has no recording rules, so the columns of pools are empty: resmon fleet --print rules")
        }
        guard self.json else { return try Console.show(table.text(glyphs)) }
        var shapes = FleetShapes()
        do throws(FleetFault) {
            shapes = try await source.shapes(at: plan.moment)
        } catch {
            Console.complain("resmon: SHAPE: \(error)")
        }
        try Console.show(try FleetDocument(table, shapes, from: source.label).text())
    }
}
