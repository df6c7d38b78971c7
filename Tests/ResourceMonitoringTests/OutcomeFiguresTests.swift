import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private struct Refused: Error {}

@Suite("The outcomes of scopes in reports")
struct OutcomeFiguresTests {
    private let simulation = Simulation(seed: 1)
    private let container: Container

    init() {
        self.container = Container("app", environment: self.simulation.environment)
    }

    /// Closes two scopes that return and one that throws, with the tag `job`, and one without a body.
    private func work() throws {
        let container = self.container
        try self.simulation.run {
            for number in 0..<3 {
                try? await container.withScope("job-\(number)", tag: "job") { _ in if number == 2 { throw Refused() } }
            }
            try await container.openScope("session-7").close()
        }
    }

    private static func counts(returned: Int = 0, threw: Int = 0, none: Int = 0) -> ScopeOutcomeCounts {
        var counts = ScopeOutcomeCounts()
        (counts.returned, counts.threw, counts.none) = (returned, threw, none)
        return counts
    }

    @Test("A report counts closed scopes by tag and outcome, and the counts add up to the closed scopes.")
    func report() throws {
        let monitor = ResourceMonitor(self.container)
        try self.work()
        let report = monitor.report()
        #expect(report.outcomes?["job"] == Self.counts(returned: 2, threw: 1))
        #expect(report.outcomes?["session-*"] == Self.counts(none: 1))
        #expect(report.outcomesOfAllTags == Self.counts(returned: 2, threw: 1, none: 1))
        #expect(report.outcomesOfAllTags.total == report.closedScopes)
        #expect(monitor.feed().next().totals.outcomes == report.outcomesOfAllTags)
    }

    @Test("The root is in no count of outcomes.")
    func root() throws {
        let (container, monitor) = (self.container, ResourceMonitor(self.container))
        try self.work()
        try self.simulation.run { _ = try await container.close() }
        let report = monitor.report()
        #expect(report.tags["app"] != nil)
        #expect(report.outcomes?["app"] == nil)
        #expect(report.outcomesOfAllTags.total == report.closedScopes)
    }

    @Test("Scopes that closed before the monitor began, or while it missed events, count as unseen with their outcomes.")
    func unseen() throws {
        try self.work()
        let monitor = ResourceMonitor(self.container)
        #expect(monitor.report().outcomes == ["(unseen)": Self.counts(returned: 2, threw: 1, none: 1)])
        try self.work()
        #expect(monitor.report().outcomes?["job"] == Self.counts(returned: 2, threw: 1))

        let snapshot = self.container.snapshot()
        var replay = MonitorReplay(snapshot)
        try self.work()
        let later = self.container.snapshot()
        let missed = EventBatch(missed: later.sequence - snapshot.sequence, snapshot: later, events: [])
        replay.take(MonitorInput(time: later.time, batch: missed))
        #expect(replay.report.outcomes == ["(unseen)": Self.counts(returned: 6, threw: 3, none: 3)])
    }

    @Test("Scopes of snapshots without outcomes count as scopes without an outcome.")
    func earlierVersion() throws {
        try self.work()
        var snapshot = self.container.snapshot()
        snapshot.outcomes = nil
        let report = MonitorReplay(snapshot).report
        #expect(report.outcomesOfAllTags == Self.counts(none: 4))
        #expect(report.outcomesOfAllTags.total == report.closedScopes)
    }

    @Test("The Prometheus text has a counter for each tag and outcome.")
    func prometheus() throws {
        let monitor = ResourceMonitor(self.container)
        try self.work()
        let lines = monitor.report().prometheusText().split(separator: "\n").filter { $0.hasPrefix("resmon_scope_outcomes_total{") }
        let expected = [
            ("job", "returned", 2), ("job", "threw", 1), ("job", "canceled", 0), ("job", "none", 0), ("session-*", "returned", 0),
            ("session-*", "threw", 0), ("session-*", "canceled", 0), ("session-*", "none", 1),
        ].map { #"resmon_scope_outcomes_total{container="app",tag="\#($0)",outcome="\#($1)"} \#($2)"# }
        #expect(lines.map(String.init) == expected)
    }

    @Test("A report of a version that did not count outcomes can be decoded.")
    func decoding() throws {
        let monitor = ResourceMonitor(self.container)
        try self.work()
        let data = try JSONEncoder().encode(monitor.report())
        #expect(try JSONDecoder().decode(MonitorReport.self, from: data).outcomes == monitor.report().outcomes)
        var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        fields["outcomes"] = nil
        let earlier = try JSONDecoder().decode(MonitorReport.self, from: try JSONSerialization.data(withJSONObject: fields))
        #expect(earlier.outcomes == nil)
        #expect(earlier.outcomesOfAllTags.total == 0)
    }
}
