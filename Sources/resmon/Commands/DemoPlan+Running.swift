import CursesTerminal
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceScenarios

extension DemoPlan {
    /// The time limit for closing the scenario, including the scopes that the user opened.
    static let closingBudget = Duration.seconds(5)

    /// Shows the scenario on real databases, files and sockets until the user quits. Returns the exit code.
    func runLive() async throws -> Int32 {
        let begin: SwitchableSource.Begin = { [options, isReadonly, isServed] in
            try LiveScenario($0, options: options, readonly: isReadonly, isServed: isServed)
        }
        let source = SwitchableSource(try begin(self.scenario), isReadonly: self.isReadonly, begin: begin)
        let notice = ClosingNotice { Self.waiting(for: source.running.unsettled) }
        defer { notice.stop() }
        var options = self.dashboardOptions
        options.didLeaveScreen = { notice.start() }
        let outcome: DashboardOutcome
        do {
            outcome = try await Dashboard(source: source, options: options).run()
        } catch {
            _ = await source.end(within: Self.closingBudget)
            throw UsageFault(error.description)
        }
        let report = await source.end(within: Self.closingBudget)
        notice.stop()
        let lines = report?.lines("closed \(report?.name ?? "")") ?? [Self.left(source.running.unsettled)]
        try Console.show((outcome.summary + lines).map { $0 + "\n" }.joined())
        return outcome.exitCode
    }

    /// Shows the simulated scenario: paused at the requested time, or from its beginning. Returns the exit code.
    func runSimulated(_ run: SimulatedRun) async throws -> Int32 {
        let (history, session) = try await run.history(until: self.moment ?? .zero)
        let begin: SwitchableSource.Begin = { [isReadonly, isServed] in
            let session = try SimulatedSession($0, seed: run.seed, options: run.options)
            return SimulatedScenario(session, seed: run.seed, readonly: isReadonly, isServed: isServed)
        }
        let first = SimulatedScenario(session, seed: run.seed, readonly: self.isReadonly, isServed: self.isServed)
        var options = self.dashboardOptions
        options.clock = SimulatedRun.clock
        options.isPaused = self.moment != nil
        let source = SwitchableSource(first, isReadonly: self.isReadonly, begin: begin)
        let outcome: DashboardOutcome
        do {
            outcome = try await Dashboard(source: source, history: history, options: options).run()
        } catch {
            _ = await source.end(within: Self.closingBudget)
            throw UsageFault(error.description)
        }
        _ = await source.end(within: Self.closingBudget)
        try Console.show(outcome.summary.map { $0 + "\n" }.joined())
        return outcome.exitCode
    }

    private var dashboardOptions: DashboardOptions {
        var options = self.screen.options
        options.isReadonly = self.isReadonly
        return options
    }

    /// The notice with the resources that the close waits for; nil if there are none.
    static func waiting(for unsettled: [String]) -> String? {
        unsettled.isEmpty ? nil : "closing: waiting for \(Self.list(unsettled))"
    }

    /// The notice that the scenario did not close in time.
    static func left(_ unsettled: [String]) -> String {
        let seconds = Self.closingBudget.components.seconds
        return "the scenario did not close within \(seconds) s and was abandoned"
            + (unsettled.isEmpty ? "" : "; it waited for \(Self.list(unsettled))")
    }

    private static func list(_ names: [String]) -> String {
        let more = names.count - 5
        return names.prefix(5).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
