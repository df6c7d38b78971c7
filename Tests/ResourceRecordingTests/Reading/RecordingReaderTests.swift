import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import ResourceSimulation
import Testing

@testable import ResourceRecording

/// A stream that was read to its end.
private struct ReadStream {
    var reader = RecordingReader()
    var replay: MonitorReplay?
    var inputs: [MonitorInput] = []
    var faults: [RecordingFault] = []
    var ends = 0

    init(_ lines: [[UInt8]]) {
        for line in lines { self.take(self.reader.take(line[...])) }
        self.take(self.reader.finish())
    }

    private mutating func take(_ items: [RecordingReader.Item]) {
        for item in items {
            switch item {
            case .input(let input):
                self.inputs.append(input)
                if let replay = self.reader.takeReplay() { self.replay = replay }
                self.replay?.take(input)
            case .fault(let fault): self.faults.append(fault)
            case .end: self.ends += 1
            case .header, .beat, .answer, .report: break
            }
        }
    }
}

@Suite("Reading a recording line by line as it arrives")
struct RecordingReaderTests {
    private static func lines(_ data: Data) -> [[UInt8]] {
        data.split(separator: 0x0A).map { Array($0) }
    }

    /// Checks that a stream of lines is read like a file with them.
    private static func expectSame(_ lines: [[UInt8]], _ comment: Comment) throws {
        let file = try TestFile(Data(lines.flatMap { $0 + [0x0A] }))
        var cursor = RecordingCursor(try RecordingFile(path: file.path))
        var inputs: [MonitorInput] = []
        while let input = try cursor.nextInput() { inputs.append(input) }
        let stream = ReadStream(lines)
        // The inputs are compared only if they differ, because they can be long.
        if stream.inputs != inputs { #expect(stream.inputs == inputs, comment) }
        #expect(stream.reader.survey == cursor.survey, comment)
        #expect(stream.reader.header == cursor.header, comment)
        #expect(stream.faults.count == cursor.survey.faultCount, comment)
        #expect(Array(stream.faults.prefix(100)) == cursor.survey.faults, comment)
        #expect(stream.replay?.report == cursor.replay?.report, comment)
    }

    @Test("A recording of every scenario is read like its file.", arguments: Scenarios.all.map { $0.name })
    func scenarios(_ name: String) async throws {
        let scenario = try #require(Scenarios.named(name))
        let options = ScenarioOptions(resources: name == "storm" ? 50 : nil)
        let data = try await RecordedScenario.data(of: scenario, for: name == "storm" ? 3 : 15, options: options)
        try Self.expectSame(Self.lines(data), "the whole recording")
    }

    @Test("A damaged stream is read like a damaged file.", arguments: 0..<60)
    func damaged(_ seed: Int) async throws {
        let whole = Self.lines(try await RecordedScenario.data(for: 5, pictureEvery: 6))
        var random = SeededRandom(seed: UInt64(seed))
        var lines = whole
        // A line that is missing before a repeated one is recognized only by the line after it, which a stream does not have.
        let repeats = seed.isMultiple(of: 2)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: 1..<lines.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                var flipped = lines[index]
                flipped[Int.random(in: flipped.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                // A line contains no line feed.
                if !flipped.contains(0x0A) { lines[index] = flipped }
            case 1 where !repeats && lines.count > 3: lines.remove(at: index)
            case 2 where repeats: lines.insert(lines[index], at: index)
            default: lines.insert(Array("half a line".utf8), at: index)
            }
        }
        try Self.expectSame(lines, "seed \(seed)")
    }

    @Test("A snapshot that no input follows becomes an input at the end line.")
    func onlyASnapshot() throws {
        let lines = WrittenRecording(lines: [WrittenRecording.plain.lines[0], WrittenRecording.plain.lines[1], ("end", 0, "{}")]).encoded
        let stream = ReadStream(lines)
        #expect(stream.inputs.count == 1)
        #expect(stream.replay?.report.openScopes == 0)
        #expect(stream.replay?.report.container == "app")
        #expect(stream.ends == 1)
        #expect(stream.faults.isEmpty)
        var reader = RecordingReader()
        let items = lines.flatMap { reader.take($0[...]) }
        let kinds = items.map { item -> String in
            switch item {
            case .header: "header"
            case .input: "input"
            case .end: "end"
            default: "other"
            }
        }
        #expect(kinds == ["header", "input", "end"])
    }

    @Test("A stream of another version is refused, and its lines are ignored.")
    func otherVersion() throws {
        let other = WrittenRecording.plain.replacing(#""version":"1.0""#, with: #""version":"2.0""#, inLine: 1)
        let stream = ReadStream(other.encoded)
        #expect(stream.reader.obstacle == "has version 2.0, but this resmon reads version 1.1: use a newer resmon")
        #expect(stream.inputs.isEmpty)
        #expect(stream.faults.map(\.kind) == [.unusable])
    }

    @Test("Beats, answers, and reports are items of their line, and do not interrupt the recording.")
    func attachedLines() throws {
        var recording = WrittenRecording.plain
        recording.lines.insert(("beat", 300, #"{"lagNanoseconds":7,"mood":"fine"}"#), at: 3)
        recording.lines.insert(("answer", 300, #"{"id":4,"scope":12}"#), at: 4)
        var reader = RecordingReader()
        var (beats, answers) = ([AttachBeat](), [AttachAnswer]())
        for line in recording.encoded {
            for item in reader.take(line[...]) {
                if case .beat(let beat) = item { beats.append(beat) }
                if case .answer(let answer) = item { answers.append(answer) }
            }
        }
        #expect(beats == [AttachBeat(lagNanoseconds: 7)])
        #expect(answers == [AttachAnswer(id: 4, scope: ScopeID(12))])
        #expect(reader.survey.isWhole)
        #expect(try TestFile(recording.data()).survey.remarks.isEmpty)
    }

    @Test(
        "A beat or an answer with impossible figures is a fault and loses nothing else.",
        arguments: [
            ("beat", #"{"lagNanoseconds":-1}"#), ("beat", #"{"lagNanoseconds":"soon"}"#), ("beat", "[]"),
            ("beat", #"{"pastNanoseconds":-1}"#),
            (
                "beat",
                #"{"summary":{"active":-1,"errors":0,"scopes":0,"uptimeNanoseconds":0,"waiting":0}}"#
            ),
            ("answer", "{}"), ("answer", #"{"count":-5,"id":1}"#), ("answer", String(repeating: "[", count: 200)),
            ("report", "{}"),
        ]
    )
    func impossible(_ kind: String, _ body: String) throws {
        var recording = WrittenRecording.plain
        recording.lines.insert((kind, 300, body), at: 3)
        let stream = ReadStream(recording.encoded)
        #expect(stream.faults.map(\.line) == [4])
        #expect(stream.faults.map(\.kind) == [.damaged])
        #expect(stream.inputs.count == ReadStream(WrittenRecording.plain.encoded).inputs.count)
        #expect(stream.reader.survey.isComplete)
    }

    @Test(
        "A line whose body would trap in Foundation's decoder is damaged and is not decoded.",
        arguments: [
            (1, "header"), (2, "snapshot"), (3, #"{"samples":"#), (3, #"{"snapshot":"#), (4, "beat"), (4, "answer"), (4, "report"),
            (4, "end"),
        ]
    )
    func hostile(_ line: Int, _ field: String) {
        // The second one is UTF-16, in which the byte of a quote hides the nesting.
        for hostile in [String(repeating: "[", count: 513), "[\0\"\0a\"\"\0,\0" + String(repeating: "[\0", count: 513)] {
            var recording = WrittenRecording.plain
            if line < 4 { recording.lines[line - 1].body = field.hasPrefix("{") ? "\(field)\(hostile)" : hostile }
            if line == 4 { recording.lines.insert((field, 300, hostile), at: 3) }
            if line == 3 { recording.lines[2].body += String(repeating: "]", count: 513) + "}" }
            let stream = ReadStream(recording.encoded)
            #expect(stream.faults.first?.line == line)
            #expect(stream.faults.first?.kind == .damaged)
        }
    }

    @Test("An end line with a reason and a report is read, and a malformed one still ends the stream.")
    func ends() throws {
        let report = DisposeReport(scope: .root, name: "app", took: .seconds(1))
        var stream = RecordingStream()
        var reader = RecordingReader()
        let header = RecordingHeader(container: "app", origin: "a test", clockOriginNanoseconds: 0)
        _ = reader.take(try stream.header(header, at: .init(nanoseconds: 0)).dropLast())
        let items = reader.take(try stream.end(RecordingEnd(reason: "closed", report: report)).dropLast())
        guard case .end(let end)? = items.first else {
            Issue.record("there is no end")
            return
        }
        #expect(end == RecordingEnd(reason: "closed", report: report))
        var recording = WrittenRecording.plain
        recording.lines[5].body = #"{"reason":5}"#
        let malformed = ReadStream(recording.encoded)
        #expect(malformed.ends == 1)
        #expect(malformed.faults.map(\.line) == [6])
    }

    @Test("A header with a description of the process is accepted, and one with impossible figures is damaged.")
    func descriptions() throws {
        var header = RecordingHeader(container: "app", origin: "a test", clockOriginNanoseconds: 0)
        header.attach = AttachDescription(instance: "a1", pid: 4711, uid: 1000, host: "web1", program: "shop", started: 5)
        var stream = RecordingStream()
        var reader = RecordingReader()
        let items = reader.take(try stream.header(header, at: .init(nanoseconds: 0)).dropLast())
        #expect(items.count == 1)
        #expect(reader.header == header)
        #expect(reader.header?.attach?.mayAct == false)
        header.attach?.beatNanoseconds = -1
        var other = RecordingStream()
        var careful = RecordingReader()
        _ = careful.take(try other.header(header, at: .init(nanoseconds: 0)).dropLast())
        #expect(careful.header == nil)
        #expect(careful.survey.faults.first?.reason == "the time between beats: -1 ns is not a duration")
    }
}
