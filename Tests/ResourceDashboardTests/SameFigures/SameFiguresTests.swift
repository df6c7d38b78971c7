import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

/// Runs every scenario once for 75 s and compares everything that resmon shows every 5 s. Extensions in separate files add the figures of
/// one kind each; all of them read the same run.
@Suite("Figures agree in every view, the JSON, the report and the Prometheus text")
struct SameFiguresTests {
    // One test, because the scenarios cost more than the comparisons.
    @Test(
        "Books, health, errors and findings agree in every view, the JSON, the report and the Prometheus text.",
        arguments: ScenarioMoments.scenarios
    )
    func figures(_ scenario: String) async throws {
        try await ScenarioMoments.visit(scenario) { moment in
            try Self.compareBooks(moment)
            try Self.compareHealth(moment)
            let metrics = Metrics(moment.report.prometheusText())
            try Self.compareErrors(moment, metrics)
            try Self.compareFindings(moment, metrics)
            try Self.compareBalance(moment, metrics)
        }
    }

    /// Compares the counts of active resources and open scopes.
    private static func compareBooks(_ moment: ScenarioMoment) throws {
        let active = moment.report.overall.activeResources
        let overview = moment.screen(.overview)
        #expect(overview.number("active ") == active, moment.subject)
        #expect(overview.tile("ACTIVE")?.hasPrefix("\(Format.count(active)) ") == true, moment.subject)
        #expect(moment.screen(.resources).number("Resources ") == active, moment.subject)
        #expect(moment.screen(.graph).number("Graph ") == active, moment.subject)
        #expect(try moment.json(.resources)["resources"].list.count == active, moment.subject)
        #expect(try moment.json(.overview)["books"]["created"].number == moment.report.overall.resourcesCreated, moment.subject)
    }
}
