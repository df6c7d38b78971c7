import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("A report has a limited number of rows and states what it omits")
struct ReportLimitTests {
    private let simulation = Simulation(seed: 1)

    @Test("Keys beyond the limit share one row that counts all of them, and the totals stay complete.")
    func keys() throws {
        let container = Container("app", environment: self.simulation.environment)
        for number in 0..<MonitorReport.keyLimit + 5 { try container.bind(Int.self, name: "\(number)") { number } }
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            try await container.withScope { scope in
                for number in [0, 1, MonitorReport.keyLimit, MonitorReport.keyLimit + 4] {
                    _ = try await scope.get(Int.self, name: "\(number)")
                }
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

    @Test("Within the limit no keys are folded, and the Prometheus text reports that.")
    func withinTheLimit() throws {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Int.self) { 1 }
        let report = ResourceMonitor(container).report()
        #expect(report.folded == MonitorReport.Folded())
        #expect(report.prometheusText().contains("resmon_folded{container=\"app\",of=\"scopes\"} 0\n"))
    }

    @Test("Closed scopes beyond the first 256 tags are counted under one tag, together with their number.")
    func tags() throws {
        let container = Container("app", environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            for number in 0..<260 { try await container.withScope("s", tag: "tag \(number)") { _ in } }
        }
        #expect(monitor.report().folded.scopes == 4)
    }
}

@Suite("Hostile names and texts in findings and rows")
struct HostileTextTests {
    private static let hostile = "\u{1B}]0;pwned\u{07}\u{1B}[2J\nleak: forged"

    @Test("Findings contain no control characters or unbounded texts, and suppression uses the displayed label.")
    func findings() throws {
        let world = FindingWorld()
        _ = try world.container.openScope(Self.hostile + String(repeating: "x", count: 100_000))
        world.run(for: .seconds(2))
        let finding = try #require(world.standing(.leak).first)
        #expect(finding.subject.label.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
        #expect(finding.subject.label.unicodeScalars.count <= TextLimit.name)
        #expect(finding.evidence.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
        try world.monitor.allow(named: "leak:\(finding.subject.label)")
        #expect(world.standing(.leak).isEmpty)
    }

    @Test("Rows of keys and tags have short names, so a report does not grow with the length of names.")
    func rows() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let long = String(repeating: "y", count: 100_000)
        try container.bind(Int.self, name: long) { 1 }
        let monitor = ResourceMonitor(container)
        try simulation.run { try await container.withScope(long) { _ = try await $0.get(Int.self, name: long) } }
        let report = monitor.report()
        #expect(report.keys.keys.allSatisfy { $0.unicodeScalars.count <= TextLimit.name })
        #expect(report.tags.keys.allSatisfy { $0.unicodeScalars.count <= TextLimit.name })
        #expect(report.prometheusText().utf8.count < 20_000)
    }
}
