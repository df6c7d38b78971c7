import ArgumentParser

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
