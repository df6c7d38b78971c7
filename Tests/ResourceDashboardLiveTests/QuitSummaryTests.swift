import ResourceContainer
import Testing

@testable import ResourceDashboardLive

@Suite("Quit summary")
struct QuitSummaryTests {
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

    @Test("Failed disposals are listed with their reasons, without control characters.")
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
        #expect(lines[1].contains("Journal#7 did not finish within its budget"))
        #expect(lines[2].contains("Journal#9 threw: disk "))
        #expect(!lines[2].contains("\u{1B}"))
        var outcome = DashboardOutcome(reason: .quit)
        outcome.closed = [report]
        #expect(outcome.summary.first == "closed scope app: 1 disposed, 2 failed")
    }

    @Test("Of many failures, five are listed and the rest counted.")
    func manyFailures() {
        let report = DisposeReport(scope: ScopeID(1), name: "app", entries: (1...9).map { self.entry($0, .abandoned) })
        let lines = report.lines("closed app")
        #expect(lines.count == 7)
        #expect(lines.last == "  and 4 more")
        #expect(DisposeReport(scope: ScopeID(1), name: "app").lines("closed app") == ["closed app: 0 disposed"])
    }
}
