import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("A report has a limited number of rows, and says what has none")
struct ReportLimitTests {
    private let simulation = Simulation(seed: 1)

    @Test("Keys beyond the limit are one row that counts all of them, and nothing of the whole is lost.")
    func keys() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        for number in 0..<MonitorReport.keyLimit + 5 { try container.bind(Int.self, name: "\(number)") { number } }
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            try await container.withScope { scope in
                for number in [0, 1, MonitorReport.keyLimit, MonitorReport.keyLimit + 4] { _ = try await scope.get(Int.self, name: "\(number)") }
            }
        }
        let report = monitor.report()
        #expect(report.keys.count == MonitorReport.keyLimit + 1)
        #expect(report.keys[MonitorReport.other]?.resourcesCreated == 2)
        #expect(report.keys[MonitorReport.other]?.totalLifetimesTracked == 2)
        #expect(report.keys.values.reduce(0) { $0 + $1.resourcesCreated } == 4)
        #expect(report.folded.keys == 5)
        let text = report.prometheusText()
        #expect(text.contains("resmon_folded{container=\"app\",of=\"keys\"} 5\n"))
        #expect(text.contains("resmon_resources_created_total{container=\"app\",key=\"(other)\"} 2\n"))
    }

    @Test("Within the limit nothing is folded, and the text for Prometheus says so.")
    func none() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        try container.bind(Int.self) { 1 }
        let report = ResourceMonitor(container).report()
        #expect(report.folded == MonitorReport.Folded())
        #expect(report.prometheusText().contains("resmon_folded{container=\"app\",of=\"scopes\"} 0\n"))
    }

    @Test("Closed scopes whose tag comes after 256 others are counted under one tag, and their number is told.")
    func tags() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            for number in 0..<260 { try await container.withScope("s", tag: "tag \(number)") { _ in } }
        }
        #expect(monitor.report().folded.scopes == 4)
    }
}
