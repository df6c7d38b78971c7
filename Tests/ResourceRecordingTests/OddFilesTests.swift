import Foundation
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceRecording

@Suite("Files that are not recordings or no longer valid ones")
struct OddFilesTests {
    private func refusal(_ data: Data) throws -> String {
        let file = try TestFile(data)
        do {
            return "passed: \(try file.verdict.passed)"
        } catch {
            return error.description.replacing(file.path, with: "FILE")
        }
    }

    @Test("Text, binary data, and other JSON are refused as not being a recording.")
    func noRecording() throws {
        let others = [
            Data("What a night.\nIt was dark.\n".utf8), Data((0..<3000).map { UInt8($0 % 251) }), Data(#"{"a":1}"#.utf8), Data([0x0A]),
        ]
        for data in others {
            #expect(try self.refusal(data) == "'FILE' is not a resmon recording: it contains no line of one")
        }
        #expect(try self.refusal(Data()) == "'FILE' is empty: nothing was recorded to it")
        let other = WrittenRecording.plain.replacing("resmon recording", with: "flight recording", inLine: 1)
        #expect(try self.refusal(other.data()) == "'FILE' is not a resmon recording: its format is 'flight recording'")
    }

    @Test("A pipe and a directory are refused immediately.")
    func noFile() {
        let pipe = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
        mkfifo(pipe, 0o600)
        defer { unlink(pipe) }
        for path in [pipe, NSTemporaryDirectory()] {
            #expect(throws: RecordingError("'\(path)' is not a recording: it is not a regular file")) {
                try RecordingVerdict(path: path, limits: RecordingLimits())
            }
        }
    }

    @Test(
        "A recording of an older, newer, or invalid version is refused with the reason.",
        arguments: [
            ("0.9", "'FILE' has version 0.9, too old for this resmon, which reads version 1.1"),
            ("2.0", "'FILE' has version 2.0, but this resmon reads version 1.1: use a newer resmon"),
            ("12", "'FILE' has version 12, but this resmon reads version 1.1: use a newer resmon"),
            ("one", "'FILE' has the invalid version 'one'; this resmon reads version 1.1"),
            (#"\u001b[2J"#, #"'FILE' has the invalid version '␛[2J'; this resmon reads version 1.1"#),
        ]
    )
    func versions(_ version: String, _ refusal: String) throws {
        let other = WrittenRecording.plain.replacing(#""version":"1.0""#, with: #""version":"\#(version)""#, inLine: 1)
        #expect(try self.refusal(other.data()) == refusal)
    }

    @Test("CR LF line ends and a byte order mark do not change the result, and CR LF is reported.")
    func lineEnds() throws {
        let whole = try TestFile(WrittenRecording.plain.data()).verdict
        let file = try TestFile(WrittenRecording.plain.data(lineEnd: "\r\n"))
        let changed = try file.verdict
        #expect(changed.passed)
        #expect(changed.report == whole.report)
        #expect(changed.remarks.count == 1)
        #expect(changed.remarks.first?.hasPrefix("its lines end with CR and LF") == true)
        #expect(try file.survey.isWhole)
        let marked = try TestFile(Data([0xEF, 0xBB, 0xBF]) + WrittenRecording.plain.data()).verdict
        #expect(marked.passed)
        #expect(marked.remarks.isEmpty)
    }

    @Test("A recording without any usable snapshot fails the check and cannot be opened.")
    func allDamaged() throws {
        let file = try TestFile(WrittenRecording.plain.replacing(#""closedScopes":0"#, with: #""closedScopes":-1"#, inLine: 2).data())
        let verdict = try file.verdict
        #expect(!verdict.passed)
        #expect(verdict.report.container == "app")
        #expect(throws: RecordingError.self) {
            let folding = RecordedRun<Int>.Folding(start: 0, fold: { _, _ in }, weight: { _ in 0 }, isNotable: { _ in false })
            _ = try RecordedRun(path: file.path, folding: folding)
        }
    }
}

@Suite("Recordings with few usable lines")
struct ShortRecordingTests {
    @Test("A recording whose later lines are unusable shows its first snapshot.")
    func onlyTheFirstSnapshot() throws {
        let lines = WrittenRecording.plain.encoded
        for rest in [[], [Array("rubbish".utf8)], [lines[3], lines[4]]] {
            let file = try TestFile(Data((lines[0..<2] + rest).flatMap { $0 + [0x0A] }))
            var cursor = RecordingCursor(try RecordingFile(path: file.path))
            let update = try #require(try cursor.next())
            #expect(update.time.nanoseconds == 0)
            #expect(update.scopes.map(\.scope.name) == ["app"])
            #expect(try cursor.next() == nil)
            #expect(try file.verdict.passed == rest.isEmpty)
        }
    }
}

@Suite("Moved and inserted lines in a recording")
struct MovedLinesTests {
    private static let end = TimeSource.Instant(nanoseconds: 750_000_000)

    private func survey(_ change: (inout [[UInt8]]) -> Void) throws -> RecordingSurvey {
        var lines = WrittenRecording.plain.encoded
        change(&lines)
        return try TestFile(Data(lines.flatMap { $0 + [0x0A] })).survey
    }

    @Test("A repeated line or garbage between two lines makes no other line unusable.")
    func inserted() throws {
        let doubled = try self.survey { $0.insert($0[3], at: 4) }
        #expect(doubled.faults == [RecordingFault(kind: .repeated, line: 5)])
        #expect(doubled.unused == 1)
        let rubbish = try self.survey { $0.insert(Array("rubbish".utf8), at: 3) }
        #expect(rubbish.faults.map(\.kind) == [.damaged])
        #expect(rubbish.unused == 1)
        #expect(rubbish.isComplete)
    }

    @Test("A line with a wrong number or time affects no more than a missing line would.")
    func misplaced() throws {
        var recording = WrittenRecording.plain
        recording.lines[3].milliseconds = 400_000_000
        let survey = try TestFile(recording.data()).survey
        #expect(survey.faults.map(\.line) == [4])
        #expect(survey.faults.first?.kind == .unusable)

        var lines = WrittenRecording.plain.encoded
        let moved = RecordingLine(number: 900, time: Self.end, kind: .input, body: Array("{}".utf8)).bytes.dropLast()
        lines[3] = Array(moved)
        let other = try TestFile(Data(lines.flatMap { $0 + [0x0A] })).survey
        #expect(other.faults.map(\.line) == [4])
        #expect(other.isComplete)
    }

    @Test("Two swapped lines are reported, and nothing is shown in the wrong order.")
    func swapped() throws {
        let survey = try self.survey { $0.swapAt(3, 4) }
        #expect(survey.faults.map(\.line).contains(4))
        #expect(!survey.isWhole)
    }

    @Test("A second recording after the first, or a line after the end, is not read.")
    func appended() throws {
        let twice = try self.survey { $0 += $0 }
        #expect(twice.faults.map(\.line) == [7])
        #expect(twice.faults.first?.reason == "another recording begins here; it is not read")
        #expect(twice.unused == 6)

        var recording = WrittenRecording.plain
        recording.lines.insert(("end", 500, "{}"), at: 4)
        let ended = try TestFile(recording.data()).survey
        #expect(ended.faults.first == RecordingFault(kind: .unusable, line: 6, reason: "it follows an end line"))
    }

    @Test("An unknown kind of line is damage unless a newer version wrote it.")
    func unknownKind() throws {
        var recording = WrittenRecording.plain
        recording.lines[3].kind = "weather"
        #expect(try TestFile(recording.data()).survey.faults.map(\.line) == [4])
        let newer = recording.replacing(#""version":"1.0""#, with: #""version":"1.9""#, inLine: 1)
        let survey = try TestFile(newer.data()).survey
        #expect(survey.faults.isEmpty)
        #expect(survey.unknownLines == 1)
    }

    @Test("The length of an end that cannot be shown is reported.")
    func unreadEnd() throws {
        var lines = WrittenRecording.plain.encoded
        lines.remove(at: 3)
        let survey = try TestFile(Data(lines.flatMap { $0 + [0x0A] })).survey
        #expect(survey.unreadEnd == .milliseconds(500))
        #expect(survey.remarks.contains("the last 0.5 s cannot be shown: no snapshot follows the damage"))
    }
}

@Suite("The recorder")
struct RecorderTests {
    private func container(_ path: String, _ body: (Container, Recorder) throws -> Void) throws {
        let container = Container("app")
        let recorder = try Recorder(container, path: path, header: RecordingHeader(container: "", origin: "x", clockOriginNanoseconds: 0))
        try body(container, recorder)
        try recorder.finish()
    }

    @Test("A recorder that is invoked too rarely records the number of missed events, and readers report it.")
    func missed() throws {
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try self.container(path) { container, recorder in
            try recorder.record()
            for number in 0..<17_000 { try container.withScope("s\(number)") { _ in } }
            try recorder.record()
        }
        var cursor = RecordingCursor(try RecordingFile(path: path))
        var reported: UInt64 = 0
        while let update = try cursor.next() { reported += update.missed }
        #expect(reported > 34_000)
        #expect(cursor.survey.missedEvents == reported)
        #expect(cursor.survey.isWhole)
        #expect(cursor.survey.remarks.first?.hasPrefix("\(reported) events were missed during recording") == true)
    }

    @Test("A recorder writes snapshots so often that one bad byte costs at most a fifth of a short recording.")
    func oneBadByte() async throws {
        let data = try await RecordedScenario.data(for: 12)
        let lines = data.split(separator: 0x0A).map { Data($0) }
        var worst = 0
        for index in stride(from: 2, to: lines.count - 1, by: 7) {
            var damaged = lines
            damaged[index][damaged[index].startIndex + damaged[index].count / 2] ^= 1
            let survey = try TestFile(Data(damaged.joined(separator: [0x0A])) + [0x0A]).survey
            worst = max(worst, survey.unused)
        }
        #expect(worst * 5 <= lines.count, "\(worst) of \(lines.count)")
    }
}
