import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceRecording

/// Recordings have the bytes that `JSONEncoder` wrote: of random values of every type, and of the lines of every scenario.
@Suite("The bytes of recordings are those of JSONEncoder")
struct SameBytesTests {
    private static let seeds = 40
    private static let valuesPerSeed = 60

    private static func written(_ value: some JSONWritable) -> [UInt8] {
        var json = JSONBytes(capacity: 1)
        value.write(into: &json)
        return json.bytes
    }

    private static func expectSame(_ value: some JSONWritable & Encodable, _ comment: Comment) throws {
        let expected = try JSONOracle.bytes(of: value)
        let written = Self.written(value)
        // The texts are compared only if they differ, because they can be long.
        if written != expected {
            #expect(String(decoding: written, as: UTF8.self) == String(decoding: expected, as: UTF8.self), comment)
        }
    }

    @Test("Events of every kind with random values have the same bytes.", arguments: 0..<Self.seeds)
    func events(_ seed: Int) throws {
        var values = RandomValues(seed: seed)
        for _ in 0..<Self.valuesPerSeed {
            let event = values.event()
            let expected = try JSONOracle.bytes(of: EncodedEvent(event))
            #expect(Self.written(event) == expected, "\(event.kind)")
        }
    }

    @Test("Snapshots with random values have the same bytes.", arguments: 0..<Self.seeds)
    func snapshots(_ seed: Int) throws {
        var values = RandomValues(seed: 1_000 + seed)
        for _ in 0..<Self.valuesPerSeed / 6 {
            try Self.expectSame(values.snapshot(), "seed \(seed)")
            try Self.expectSame(values.pool(), "seed \(seed)")
            try Self.expectSame(values.fault(), "seed \(seed)")
        }
    }

    @Test("Samples with random values have the same bytes.", arguments: 0..<Self.seeds)
    func samples(_ seed: Int) throws {
        var values = RandomValues(seed: 2_000 + seed)
        for _ in 0..<Self.valuesPerSeed / 6 {
            try Self.expectSame(values.samples(), "seed \(seed)")
            try Self.expectSame(values.recordedHealth(), "seed \(seed)")
        }
    }

    @Test("Inputs with random events, samples, and snapshots have the same bytes.", arguments: 0..<Self.seeds)
    func inputs(_ seed: Int) throws {
        var values = RandomValues(seed: 3_000 + seed)
        for _ in 0..<Self.valuesPerSeed / 6 {
            let missed: UInt64 = values.isTrue() ? values.integer() : 0
            let snapshot = values.optional { $0.snapshot() }
            let events = values.list(upTo: 4) { $0.event() }
            let samples = values.optional { $0.samples() }
            let body = RecordedInput(missed: missed > 0 ? missed : nil, snapshot: snapshot, events: events, samples: samples)
            let expected = try JSONOracle.bytes(of: EncodedInput(missed: missed, snapshot: snapshot, events: events, samples: samples))
            let isSame = Self.written(body) == expected
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test("Headers, ends, and the lines of attached streams with random values have the same bytes.", arguments: 0..<Self.seeds)
    func otherLines(_ seed: Int) throws {
        var values = RandomValues(seed: 4_000 + seed)
        for _ in 0..<Self.valuesPerSeed / 3 {
            try Self.expectSame(values.header(), "seed \(seed)")
            try Self.expectSame(values.end(), "seed \(seed)")
            try Self.expectSame(values.beat(), "seed \(seed)")
            try Self.expectSame(values.answer(), "seed \(seed)")
        }
    }

    @Test(
        "Every line of a recording of every scenario, and the monitor's report at its end, has the same bytes.",
        arguments: Scenarios.all.map { $0.name }
    )
    func scenarios(_ name: String) async throws {
        let scenario = try #require(Scenarios.named(name))
        let options = ScenarioOptions(resources: name == "storm" ? 50 : nil)
        let data = try await RecordedScenario.data(of: scenario, for: name == "storm" ? 3 : 20, options: options, pictureEvery: 17)
        for bytes in data.split(separator: 0x0A) {
            let line = try RecordingLine(parsing: Array(bytes)[...])
            let expected = try Self.encoded(line)
            let isSame = line.body == expected
            #expect(isSame, "line \(line.number)")
        }
        let file = try TestFile(data)
        var cursor = RecordingCursor(try RecordingFile(path: file.path))
        while try cursor.nextInput() != nil {}
        var report = try #require(cursor.replay?.report)
        try Self.expectSame(report, "the report at the end")
        var values = RandomValues(seed: 5)
        report.container = values.text()
        report.overall.avgLifetime = values.number()
        report.keys[values.text()] = report.overall
        report.tags[values.text()] = report.external
        report.health = .degraded
        report.healthIsStale = true
        report.healthCounts = HealthCounts()
        report.rates.oneSecond.created = values.number()
        report.findings.append(
            Finding(
                id: 9,
                kind: .initializeSlow,
                severity: .high,
                subject: Finding.Subject(label: values.text(), binding: BindingID(1), scope: ScopeID(2), resource: ResourceID(3)),
                evidence: values.text(),
                location: values.location(),
                advice: values.text(),
                since: values.instant()
            )
        )
        report.findings[report.findings.count - 1].folded = [.scopeOpenLong]
        report.findings[report.findings.count - 1].withdrawnAt = values.instant()
        try Self.expectSame(report, "the changed report")
    }

    /// The body that `JSONEncoder` writes for the decoded body of a line.
    private static func encoded(_ line: RecordingLine) throws -> [UInt8] {
        switch try #require(RecordingLine.Kind(rawValue: line.kind)) {
        case .header: return try JSONOracle.bytes(of: RecordingDecoder.header(line))
        case .snapshot: return try JSONOracle.bytes(of: JSONDecoder().decode(ContainerSnapshot.self, from: Data(line.body)))
        case .input:
            let body = try RecordedInputReader(line.body)
            let input = EncodedInput(missed: body.missed, snapshot: body.snapshot, events: body.events, samples: body.samples)
            return try JSONOracle.bytes(of: input)
        case .end: return try JSONOracle.bytes(of: RecordingDecoder.body(RecordingEnd.self, of: line))
        case .beat, .answer, .report:
            Issue.record("the line is of an attached stream")
            return []
        }
    }

    @Test("Deeply nested reports of closed scopes are written side by side on the last level, and are read completely.")
    func deepReports() throws {
        var report = DisposeReport(scope: ScopeID(0), name: "0")
        let side = DisposeReport(scope: .root, name: "side")
        for number in 1...2_000 {
            report = DisposeReport(scope: ScopeID(UInt64(number)), name: "\(number)", children: [report, side])
        }
        let line = RecordingLine(number: 0, time: .init(nanoseconds: 0), kind: .end, body: Self.written(RecordingEnd(report: report)))
        let read = try #require(try RecordingDecoder.body(RecordingEnd.self, of: line).report)
        #expect(read.scope == ScopeID(2_000))
        var (names, level, open) = ([String](), 0, [read])
        while !open.isEmpty {
            level += 1
            names += open.map(\.name)
            open = open.flatMap(\.children)
        }
        #expect(level == DisposeReport.nestingLimit)
        #expect(names.count == 4_001)
        #expect(Set(names).count == 2_002)
    }
}
