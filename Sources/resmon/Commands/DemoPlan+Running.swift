import CursesTerminal
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceScenarios

extension DemoPlan {
    /// How long closing the scenario may take, the scopes that the person opened included.
    static let closingBudget = Duration.seconds(5)

    /// Shows the scenario on real databases, files and sockets until the person quits; returns the exit code.
    func runLive() async throws -> Int32 {
        let begin: Stage.Begin = { [options, isReadonly] in
            try LivePerformance($0, options: options, readonly: isReadonly)
        }
        let stage = Stage(try begin(self.scenario), isReadonly: self.isReadonly, begin: begin)
        let outcome: DashboardOutcome
        do {
            outcome = try await Dashboard(source: stage, options: self.dashboardOptions).run()
        } catch {
            _ = await stage.end(within: Self.closingBudget)
            throw UsageFault(error.description)
        }
        let report = await stage.end(within: Self.closingBudget)
        try Console.show((outcome.summary + [Self.line(report)]).map { $0 + "\n" }.joined())
        return outcome.exitCode
    }

    /// Shows the simulated scenario: paused at the moment that was asked for, or from its beginning.
    func runSimulated(_ run: SimulatedRun) async throws -> Int32 {
        let (history, session) = try await run.history(until: self.moment ?? .zero)
        let begin: Stage.Begin = { [isReadonly] in
            let session = try SimulatedSession($0, seed: run.seed, options: run.options)
            return SimulatedPerformance(session, seed: run.seed, readonly: isReadonly)
        }
        let first = SimulatedPerformance(session, seed: run.seed, readonly: self.isReadonly)
        var options = self.dashboardOptions
        options.clock = SimulatedRun.clock
        options.isPaused = self.moment != nil
        let stage = Stage(first, isReadonly: self.isReadonly, begin: begin)
        let outcome: DashboardOutcome
        do {
            outcome = try await Dashboard(source: stage, history: history, options: options).run()
        } catch {
            throw UsageFault(error.description)
        }
        try Console.show(outcome.summary.map { $0 + "\n" }.joined())
        return outcome.exitCode
    }

    private var dashboardOptions: DashboardOptions {
        var options = self.screen.options
        options.isReadonly = self.isReadonly
        return options
    }

    /// What became of the scenario, in a line.
    private static func line(_ report: DisposeReport?) -> String {
        guard let report else { return "the scenario did not close within \(Self.closingBudget.components.seconds) s and was left" }
        let failed = report.count(.threw) + report.count(.abandoned)
        return "closed \(report.name): \(report.count(.disposed)) disposed" + (failed == 0 ? "" : ", \(failed) failed")
    }
}
