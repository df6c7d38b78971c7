import ArgumentParser
import DemoScenarios
import ResourceScenarios

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
