import ArgumentParser
import DemoScenarios

/// `resmon scenarios`: lists the scenarios that `demo`, `snapshot` and `record` accept.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "scenarios", abstract: "List the scenarios.")

    func run() throws {
        let width = Scenarios.all.map { $0.name.count }.max() ?? 0
        let lines = Scenarios.all.map { scenario in
            scenario.name + String(repeating: " ", count: width - scenario.name.count) + "  " + scenario.summary + "\n"
        }
        try OutputDestination.standardOutput.write(lines.joined())
    }
}
