import ArgumentParser
import DemoScenarios
import ResourceDashboard
import ResourceScenarios

/// The options for the appearance of the dashboard.
struct LookOptions: ParsableArguments {
    @OptionGroup var themes: ThemeOptions

    @Option(
        help: ArgumentHelp("The configuration file, instead of the one in your configuration directory.", valueName: "path"),
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @Option(
        help: ArgumentHelp("The colors: auto, always, never, 16, 256 or rgb.", valueName: "colors"),
        completion: .list(ColorChoice.allCases.map(\.rawValue))
    )
    var color: String?

    @Option(
        help: ArgumentHelp("The glyph set: braille, block or ascii.", valueName: "glyphs"),
        completion: .list(GlyphSet.allCases.map(\.rawValue))
    )
    var glyphs: String?

    @Flag(help: "Draw with ASCII only; the same as --glyphs ascii.")
    var ascii = false

    /// The color choice of the command line, or nil.
    func chosenColor() throws(UsageFault) -> ColorChoice? {
        guard let color = self.color else { return nil }
        return try Choice.parse(color, "--color", "choice of colors")
    }

    /// The glyph set of the command line, or nil.
    func chosenGlyphs() throws(UsageFault) -> GlyphSet? {
        guard let glyphs = self.glyphs else { return self.ascii ? .ascii : nil }
        let chosen: GlyphSet = try Choice.parse(glyphs, "--glyphs", "set of glyphs")
        if self.ascii, chosen != .ascii { throw UsageFault("--ascii and --glyphs \(glyphs) contradict each other: give one of them") }
        return chosen
    }
}

/// The options for the behavior of the live screen.
struct ScreenOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Frames per second: 1 to 30.", valueName: "n"))
    var fps: String?

    @Option(help: ArgumentHelp("The first view.", valueName: "view"), completion: .views)
    var view: String?

    @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
    var noMouse = false
}

/// The options for a simulated run: its seed and the time to show.
struct SimulationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated run (default 7).", valueName: "n"))
    var seed: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The virtual time to show: 500ms, 12s, 5m or 1h.", valueName: "time"))
    var at: String?

    static let defaultSeed: UInt64 = 7
    static let defaultMoment = Duration.seconds(12)

    func chosenSeed() throws(UsageFault) -> UInt64 {
        guard let seed = self.seed else { return Self.defaultSeed }
        return try SeedArgument.parse("--seed", seed)
    }

    func chosenMoment(longest: Duration = DurationArgument.longest) throws(UsageFault) -> Duration? {
        guard let at = self.at else { return nil }
        return try DurationArgument("--at", parsing: at, longest: longest).duration
    }
}

/// The options of scenarios.
struct ScenarioChoices: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Events per second of the scenario storm (default 10000).", valueName: "n"))
    var rate: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Long-lived resources of the scenario storm (default 2000).", valueName: "n"))
    var resources: String?

    @Option(
        help: ArgumentHelp(
            "A PostgreSQL server for the live scenario outage, which you stop and start yourself (postgres://user@host/database).",
            valueName: "url"
        )
    )
    var postgres: String?

    /// The name of one of the options that were given; nil if none was.
    var given: String? {
        self.rate.map { _ in "--rate" } ?? self.resources.map { _ in "--resources" } ?? self.postgres.map { _ in "--postgres" }
    }

    func options(of scenario: any Scenario.Type, isLive: Bool) throws(UsageFault) -> ScenarioOptions {
        if scenario.name != StormScenario.name, let option = self.rate.map({ _ in "--rate" }) ?? self.resources.map({ _ in "--resources" })
        {
            throw UsageFault("\(option) applies only to the scenario \(StormScenario.name)")
        }
        if let postgres {
            if scenario.name != OutageScenario.name { throw UsageFault("--postgres applies only to the scenario \(OutageScenario.name)") }
            if !isLive { throw UsageFault("--postgres applies only to the live form: a simulated run uses no real service") }
            if let fault = OutageScenario.fault(ofService: postgres) { throw UsageFault("--postgres: \(fault)") }
        }
        return ScenarioOptions(
            rate: try Self.count(self.rate, "--rate", 1...100_000),
            resources: try Self.count(self.resources, "--resources", 0...1_000_000),
            service: self.postgres
        )
    }

    private static func count(_ text: String?, _ option: String, _ range: ClosedRange<Int>) throws(UsageFault) -> Int? {
        guard let text else { return nil }
        guard text.allSatisfy(\.isDigit), let count = Int(text), range.contains(count) else {
            throw UsageFault("\(option): '\(text)' is not accepted: give a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }
}

/// Shell completions for the values of options.
extension CompletionKind {
    static var scenarios: CompletionKind { .list(Scenarios.all.map { $0.name }) }
    static var views: CompletionKind { .list(DashboardView.allCases.map(\.rawValue)) }

    /// The names of the themes that exist when the shell requests them.
    static var themes: CompletionKind {
        .custom { _, _, _ in
            let directories = ThemeOptions.standardDirectories(Surroundings.current)
            return ThemeLibrary(directories: directories).names()
        }
    }
}
