import ArgumentParser
import DemoScenarios

/// How large a scenario is, where that can be chosen.
struct SizeOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Events a second of the scenario storm (default 10000).", valueName: "n"))
    var rate: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Resources of the scenario storm that stay (default 2000).", valueName: "n"))
    var resources: String?

    func chosenSize(of scenario: any Scenario.Type) throws(UsageFault) -> ScenarioSize {
        if scenario.name != StormScenario.name, let option = self.rate.map({ _ in "--rate" }) ?? self.resources.map({ _ in "--resources" })
        {
            throw UsageFault("\(option) is of the scenario \(StormScenario.name)")
        }
        return ScenarioSize(
            rate: try Self.count(self.rate, "--rate", 1...100_000),
            resources: try Self.count(self.resources, "--resources", 0...1_000_000)
        )
    }

    private static func count(_ text: String?, _ option: String, _ range: ClosedRange<Int>) throws(UsageFault) -> Int? {
        guard let text else { return nil }
        guard text.allSatisfy({ ("0"..."9").contains($0) }), let count = Int(text), range.contains(count) else {
            throw UsageFault("\(option): '\(text)' is not accepted: a whole number from \(range.lowerBound) to \(range.upperBound) is")
        }
        return count
    }
}
