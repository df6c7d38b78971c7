import Foundation
import ResourceContainer
import Testing

@testable import ResourceMonitoring
@testable import ResourceRecording

/// The names in recordings are part of the format: they keep the spelling of version 1.0.
@Suite("Names in recordings")
struct WireNamesTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    private static let scenarios = [
        "bad-dispose", "checkout", "exhaustion", "flaky", "leak", "nested", "outage", "quiet", "slow", "storm", "tour",
    ]

    @Test("A recording of every scenario that version 1.0 wrote is read completely.", arguments: Self.scenarios)
    func readsVersionOne(_ scenario: String) throws {
        let path = Self.directory.appendingPathComponent("1.0-\(scenario).jsonl").path
        var cursor = RecordingCursor(try RecordingFile(path: path))
        var events = 0
        var created = 0
        while let input = try cursor.nextInput() {
            events += input.batch.events.count
            created += input.batch.events.count { $0.kind == .initializing }
        }
        #expect(cursor.header?.version == "1.0")
        #expect(cursor.survey.faults.isEmpty)
        #expect(cursor.survey.isComplete)
        #expect(events > 0)
        // Nothing is created in the scenario quiet.
        #expect(created > 0 || scenario == "quiet")
        var limits = RecordingLimits()
        limits.failOn = [.books]
        let verdict = try RecordingVerdict(path: path, limits: limits)
        #expect(verdict.violations.isEmpty)
    }

    @Test("The writer writes the same bytes as before for the same run.")
    func writesTheSameBytes() throws {
        let file = try String(contentsOf: Self.directory.appendingPathComponent("written-1.1.jsonl"), encoding: .utf8)
        var (decoder, encoder) = (RecordingDecoder(), RecordingEncoder())
        var lines = 0
        for text in file.split(separator: "\n") {
            let line = try RecordingLine(parsing: Array(text.utf8)[...])
            let written: [UInt8]
            switch RecordingLine.Kind(rawValue: line.kind) {
            case .header: written = try encoder.line(try RecordingDecoder.header(line), at: line.time)
            case .snapshot: written = try encoder.line(try decoder.snapshot(line), at: line.time)
            case .input: written = try encoder.line(try decoder.input(line))
            case .end: written = try encoder.end(at: line.time)
            case .beat, .answer, .report, nil: continue
            }
            #expect(String(decoding: written, as: UTF8.self).trimmingCharacters(in: .newlines) == text)
            lines += 1
        }
        #expect(lines > 30)
    }
}
