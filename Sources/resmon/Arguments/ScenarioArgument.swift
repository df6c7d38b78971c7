import DemoScenarios
import ResourceScenarios

/// A parser for the name of a scenario.
enum ScenarioArgument {
    static func parse(_ text: String?) throws(UsageFault) -> any Scenario.Type {
        guard let text else { return Scenarios.all[0] }
        guard let scenario = Scenarios.named(text) else {
            let accepted = Scenarios.all.map { $0.name }
            throw UsageFault(
                "there is no scenario '\(text)': \(accepted.joined(separator: ", ")) are accepted ('resmon --help' lists the commands)"
            )
        }
        return scenario
    }
}
