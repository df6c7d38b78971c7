import ArgumentParser
import DemoScenarios
import ResourceScenarios

/// What can be chosen about a scenario.
struct ScenarioChoices: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Events a second of the scenario storm (default 10000).", valueName: "n"))
    var rate: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Resources of the scenario storm that stay (default 2000).", valueName: "n"))
    var resources: String?

    @Option(
        help: ArgumentHelp(
            "A real PostgreSQL for the scenario outage, live: stop it and start it yourself (postgres://user@host/database).",
            valueName: "url"
        )
    )
    var postgres: String?

    func options(of scenario: any Scenario.Type, isLive: Bool) throws(UsageFault) -> ScenarioOptions {
        if scenario.name != StormScenario.name, let option = self.rate.map({ _ in "--rate" }) ?? self.resources.map({ _ in "--resources" })
        {
            throw UsageFault("\(option) is of the scenario \(StormScenario.name)")
        }
        if let postgres {
            if scenario.name != OutageScenario.name { throw UsageFault("--postgres is of the scenario \(OutageScenario.name)") }
            if !isLive { throw UsageFault("--postgres is of the live form: nothing real is asked in simulated time") }
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
            throw UsageFault("\(option): '\(text)' is not accepted: a whole number from \(range.lowerBound) to \(range.upperBound) is")
        }
        return count
    }
}
