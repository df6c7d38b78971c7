import ResourceContainer
import Testing

@testable import ResourceDashboardLive

@Suite("What is told at the end")
struct SummaryTests {
    private func entry(_ number: UInt64, _ outcome: DisposeReport.Outcome, error: String? = nil) -> DisposeReport.Entry {
        DisposeReport.Entry(
            order: Int(number),
            resource: ResourceID(number),
            label: "Journal",
            outcome: outcome,
            took: .milliseconds(1500),
            error: error
        )
    }

    @Test("what failed in closing is named with its reason, without what a terminal would obey")
    func failures() {
        let inner = DisposeReport(scope: ScopeID(2), name: "inner", entries: [self.entry(7, .abandoned)])
        let report = DisposeReport(
            scope: ScopeID(1),
            name: "app",
            children: [inner],
            entries: [self.entry(8, .disposed), self.entry(9, .threw, error: "disk \u{1B}[2J full")]
        )
        let lines = report.lines("closed app")
        #expect(lines.first == "closed app: 1 disposed, 2 failed")
        #expect(lines.count == 3)
        #expect(lines[1].contains("Journal#7 did not come back within its budget"))
        #expect(lines[2].contains("Journal#9 threw: disk "))
        #expect(!lines[2].contains("\u{1B}"))
        var outcome = DashboardOutcome(reason: .quit)
        outcome.closed = [report]
        #expect(outcome.summary.first == "closed scope app: 1 disposed, 2 failed")
    }

    @Test("many failures are told as five and how many more")
    func many() {
        let report = DisposeReport(scope: ScopeID(1), name: "app", entries: (1...9).map { self.entry($0, .abandoned) })
        let lines = report.lines("closed app")
        #expect(lines.count == 7)
        #expect(lines.last == "  and 4 more")
        #expect(DisposeReport(scope: ScopeID(1), name: "app").lines("closed app") == ["closed app: 0 disposed"])
    }
}
