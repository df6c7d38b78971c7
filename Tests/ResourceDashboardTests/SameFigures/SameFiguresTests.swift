import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

/// Every scenario runs once for a minute and a quarter; every five seconds everything that resmon shows is read back and compared.
///
/// Each figure has a file of its own with an extension of this suite; all of them look at the same run.
@Suite("At every moment of every scenario each figure is the same in every view, the JSON, the report and the text for Prometheus")
struct SameFiguresTests {
    @Test("every five seconds", arguments: ScenarioMoments.scenarios)
    func same(_ scenario: String) async throws {
        try await ScenarioMoments.visit(scenario) { moment in
            try Self.compareBooks(moment)
        }
    }

    /// What is alive and what is open.
    private static func compareBooks(_ moment: ScenarioMoment) throws {
        let active = moment.report.overall.activeResources
        #expect(moment.screen(.overview).number("active ") == active, moment.subject)
        #expect(moment.screen(.resources).number("Resources ") == active, moment.subject)
        #expect(moment.screen(.graph).number("Graph ") == active, moment.subject)
        #expect(try moment.json(.resources)["resources"].list.count == active, moment.subject)
        #expect(try moment.json(.overview)["books"]["created"].number == moment.report.overall.resourcesCreated, moment.subject)
    }
}
