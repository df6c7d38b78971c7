import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceRecording

private struct Refused: Error, CustomStringConvertible {
    let description = "refused"
}

@Suite("The outcomes of scopes in recordings")
struct OutcomeLinesTests {
    private static let closed = #""k":"closed","n":9,"s":1,"t":601000000,"threw":0,"took":1000000}"#
    private static let counts = #""outcomes":{"canceled":0,"none":0,"returned":0,"threw":0}"#

    /// A recording whose closing event has `outcome`, and whose snapshot has `counts`.
    private static func recording(_ outcome: String, counts: String = Self.counts) -> WrittenRecording {
        let recording = WrittenRecording.plain
            .replacing(#""container":"app","pools""#, with: #""container":"app",\#(counts),"pools""#, inLine: 2)
        if outcome.isEmpty { return recording }
        return recording.replacing(
            Self.closed,
            with: #""k":"closed","n":9,\#(outcome)"s":1,"t":601000000,"threw":0,"took":1000000}"#,
            inLine: 5
        )
    }

    @Test("A recording keeps how a body ended, with the type and the text of the error.")
    func read() throws {
        let file = try TestFile(Self.recording(#""outcome":"threw","type":"MailError","text":"refused","#).data())
        let verdict = try file.verdict
        #expect(verdict.passed)
        #expect(verdict.remarks.isEmpty)
        #expect(verdict.report.outcomes?["req-*"]?.threw == 1)
        var cursor = RecordingCursor(try RecordingFile(path: file.path))
        var outcomes: [ScopeOutcome?] = []
        while let input = try cursor.nextInput() {
            for case .scopeClosed(_, _, _, _, let outcome) in input.batch.events.map(\.kind) { outcomes.append(outcome) }
        }
        #expect(outcomes == [.threw(type: "MailError", text: "refused")])
    }

    @Test("A recording without outcomes is complete, and its scopes count as scopes without an outcome.")
    func earlierVersion() throws {
        let verdict = try TestFile(WrittenRecording.plain.data()).verdict
        #expect(verdict.passed)
        #expect(verdict.report.outcomes?["req-*"]?.none == 1)
        #expect(verdict.report.outcomesOfAllTags.total == verdict.report.closedScopes)
    }

    @Test(
        "An outcome that does not exist or is incomplete is damage.",
        arguments: [#""outcome":"exploded","#, #""outcome":7,"#, #""outcome":"threw","text":"refused","#]
    )
    func unknown(_ outcome: String) throws {
        let rules = try TestFile(Self.recording(outcome).data()).verdict.violations.map(\.rule)
        #expect(rules.contains("damaged"))
    }

    @Test(
        "Outcomes in a snapshot that are impossible are damage.",
        arguments: [
            #""outcomes":{"canceled":0,"none":1,"returned":0,"threw":0}"#, #""outcomes":{"canceled":0,"none":1,"returned":-1,"threw":0}"#,
            #""outcomes":{"canceled":0}"#,
        ]
    )
    func impossible(_ counts: String) throws {
        let rules = try TestFile(Self.recording("", counts: counts).data()).verdict.violations.map(\.rule)
        #expect(rules.contains("damaged"))
    }

    @Test("Every snapshot of a recording has outcomes, or none has.")
    func mixed() throws {
        var recording = Self.recording(#""outcome":"returned","#)
        recording.lines.insert(WrittenRecording.plain.lines[1], at: 2)
        let verdict = try TestFile(recording.data()).verdict
        #expect(verdict.violations.map(\.rule) == ["damaged"])
        #expect(verdict.violations.first?.evidence.contains("contradicts the lines before it") == true)
        #expect(verdict.report.outcomesOfAllTags.returned == 1)
    }

    /// Runs jobs of 300 ms, of which those that `fails` chooses throw, and returns the verdict on their recording. The recorder is read
    /// after each job or, unless `readsEachJob`, at the end only.
    private static func jobs(
        _ limits: RecordingLimits = RecordingLimits(),
        count: Int = 10,
        readsEachJob: Bool = true,
        failing fails: @escaping @Sendable (Int) -> Bool
    ) throws -> (verdict: RecordingVerdict, report: MonitorReport) {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = RecordingHeader(
            container: "app",
            origin: "a test",
            clockOriginNanoseconds: Simulation.epochSeconds * 1_000_000_000,
            rules: FindingRules()
        )
        let recorder = try Recorder(container, path: path, header: header)
        try simulation.run {
            let time = simulation.environment.time
            for number in 0..<count {
                try? await container.withScope("job-\(number)", tag: "job") { _ in
                    try await time.sleep(for: .milliseconds(300))
                    if fails(number) { throw Refused() }
                }
                if readsEachJob { try recorder.record() }
            }
            try await container.openScope("by hand").close()
        }
        try recorder.finish()
        return (try RecordingVerdict(path: path, limits: limits), monitor.report())
    }

    @Test("A program's outcomes are recorded, and the recording reports the same counts as the program.")
    func roundTrip() throws {
        let (verdict, report) = try Self.jobs { $0.isMultiple(of: 3) }
        #expect(verdict.passed)
        #expect(verdict.report.outcomes == report.outcomes)
        #expect(verdict.report.outcomes?["job"]?.threw == 4)
        #expect(verdict.report.outcomes?["job"]?.returned == 6)
    }

    @Test("A recording that is read at its end only spans the time since its beginning.")
    func readAtTheEnd() throws {
        let (verdict, _) = try Self.jobs(readsEachJob: false) { _ in false }
        #expect(verdict.seconds == 3)
    }

    @Test("Scopes whose bodies throw fail the check only with the rule scopes-failing.")
    func failingScopes() throws {
        let (usual, _) = try Self.jobs(count: 20) { _ in true }
        #expect(usual.passed)
        var limits = RecordingLimits()
        limits.failOn = [.scopesFailing]
        let (strict, _) = try Self.jobs(limits, count: 20) { _ in true }
        #expect(strict.violations.map(\.rule) == ["scopes-failing"])
        let (healthy, _) = try Self.jobs(limits, count: 20) { $0.isMultiple(of: 3) }
        #expect(healthy.passed)
    }
}
