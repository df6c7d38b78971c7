import Foundation
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceRecording

/// The figures of a snapshot that must be correct regardless of the lines lost before it.
private struct Figures: Sendable, Equatable {
    var books = Books()
    var scopes: [ScopeID: ScopeSnapshot] = [:]
    var resources: [ResourceID: ResourceState] = [:]
    var pools: [PoolSample] = []

    mutating func fold(_ update: MonitorUpdate) {
        if update.isReset { (self.scopes, self.resources) = ([:], [:]) }
        self.books = update.totals.books
        self.pools = update.pools
        for row in update.scopes { self.scopes[row.scope.id] = row.scope.state == .closed ? nil : row.scope }
        for row in update.resources { self.resources[row.resource.id] = row.resource.state.isActive ? row.resource.state : nil }
    }
}

@Suite("Damaged recordings")
struct DamageTests {
    /// Records with more complete snapshots than a recording of this length normally has.
    private static func recorded(for seconds: Int) async throws -> Data {
        try await RecordedScenario.data(for: seconds, pictureEvery: 9)
    }

    /// The figures at every instant that can be shown.
    private static func figures(_ data: Data) throws -> (at: [TimeSource.Instant: Figures], survey: RecordingSurvey) {
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        try data.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var cursor = RecordingCursor(try RecordingFile(path: path))
        var (figures, at) = (Figures(), [TimeSource.Instant: Figures]())
        while let update = try cursor.next() {
            figures.fold(update)
            at[update.time] = figures
        }
        return (at, cursor.survey)
    }

    /// The figures at every instant of an undamaged recording, and those of its first snapshot, which is the only one if nothing else is
    /// usable.
    private static func whole(_ data: Data) throws -> (at: [TimeSource.Instant: Figures], survey: RecordingSurvey) {
        let (at, survey) = try Self.figures(data)
        let head = data.split(separator: 0x0A, maxSplits: 2).prefix(2).map { Data($0) }
        let first = try Self.figures(Data(head.joined(separator: [0x0A])) + [0x0A]).at
        return (at.merging(first) { old, _ in old }, survey)
    }

    private static func expect(_ damaged: Data, of whole: [TimeSource.Instant: Figures], _ comment: Comment) throws {
        let (at, survey) = try Self.figures(damaged)
        for (time, figures) in at { #expect(figures == whole[time], comment) }
        #expect(at.count + 1 == whole.count || !survey.isWhole, comment)
    }

    @Test("A recording cut off at any byte shows everything before the cut and reports the cut.")
    func cut() async throws {
        let data = try await Self.recorded(for: 2)
        let (whole, survey) = try Self.whole(data)
        #expect(whole.count == 9)
        #expect(survey.isWhole)
        // Every byte of the last lines and samples of the others: reading a cut line does not depend on its content.
        for length in Array(stride(from: 0, to: data.count - 250, by: 97)) + Array(data.count - 250..<data.count - 1) {
            let (at, survey) = try Self.figures(data.prefix(length))
            #expect(!survey.isWhole)
            #expect(!survey.remarks.isEmpty)
            for (time, figures) in at { #expect(figures == whole[time]) }
            let lines = data.prefix(length).count { $0 == 0x0A }
            #expect(survey.lines >= lines)
            #expect(survey.unused <= 1)
        }
        // A last line without its line end is known to be complete by its checksum.
        #expect(try Self.figures(data.dropLast()).at.count == 8)
    }

    @Test("A recording damaged ten thousand times in bits, bytes, and lines causes no crash and no wrong figure.")
    func random() async throws {
        let data = try await Self.recorded(for: 6)
        let (whole, _) = try Self.whole(data)
        let lines = data.split(separator: 0x0A).map { Data($0) }
        var random = SeededRandom(seed: 2026)
        // A thousand files with ten damages each.
        for number in 0..<Int(ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? 10_000 : 300) {
            var damaged = lines
            for _ in 0..<10 {
                let index = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<7, using: &random) {
                case 0:
                    damaged[index][damaged[index].startIndex + Int.random(in: 0..<max(1, damaged[index].count), using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                case 1: damaged[index] = damaged[index].prefix(Int.random(in: 1...max(1, damaged[index].count), using: &random))
                case 2 where damaged.count > 2: damaged.remove(at: index)
                case 3: damaged.insert(damaged[index], at: Int.random(in: 0...damaged.count, using: &random))
                case 4: damaged.swapAt(index, Int.random(in: 0..<damaged.count, using: &random))
                case 5: damaged[index] = Data((0..<40).map { _ in UInt8.random(in: 32...126, using: &random) })
                default:
                    let byte = damaged[index].startIndex + Int.random(in: 0..<max(1, damaged[index].count), using: &random)
                    if damaged[index].indices.contains(byte) { damaged[index].remove(at: byte) }
                }
                let remaining = index < damaged.count ? index : 0
                if damaged[remaining].isEmpty { damaged[remaining] = Data("{}".utf8) }
            }
            var file = Data()
            for line in damaged {
                file.append(line)
                file.append(0x0A)
            }
            try Self.expect(file, of: whole, "file \(number)")
        }
    }

    @Test("Reading continues at the next complete snapshot after damage, and the survey reports the missing lines.")
    func recovery() async throws {
        let data = try await Self.recorded(for: 6)
        let (whole, _) = try Self.whole(data)
        var lines = data.split(separator: 0x0A).map { Data($0) }
        lines[5][lines[5].startIndex + 30] ^= 4
        lines.remove(at: 20)
        let (at, survey) = try Self.figures(Data(lines.joined(separator: [0x0A])) + [0x0A])
        #expect(survey.faults.map(\.kind) == [.damaged, .missing(lines: 1)])
        #expect(survey.faults.map(\.line) == [6, 21])
        #expect(at.count > whole.count / 2)
        #expect(at.count < whole.count)
        #expect(at[whole.keys.max() ?? TimeSource.Instant(nanoseconds: 0)] != nil)
        #expect(survey.remarks[0] == "line 6 is damaged: its checksum does not match")
        #expect(survey.remarks[1] == "a line is missing before line 21")
    }

    @Test("A recording with lines and events of a newer version is read without them.")
    func newer() async throws {
        let data = try await Self.recorded(for: 2)
        let (whole, _) = try Self.whole(data)
        var number: UInt64 = 0
        var newer = Data()
        for bytes in data.split(separator: 0x0A) {
            let line = try RecordingLine(parsing: Array(bytes)[...])
            var body = String(decoding: line.body, as: UTF8.self)
            body = body.replacing(#""version":"1.1""#, with: #""version":"1.7","more":[1,2]"#)
            body = body.replacing(#""events":["#, with: #""mood":"fine","events":[{"k":"sang","n":1,"tune":3},"#)
            newer.append(
                contentsOf: RecordingLine(
                    number: number,
                    time: line.time,
                    kind: .init(rawValue: line.kind) ?? .input,
                    body: Array(body.utf8)
                ).bytes
            )
            number += 1
            var strange = RecordingLine(number: number, time: line.time, kind: .end, body: Array("{}".utf8))
            strange.kind = "weather"
            newer.append(contentsOf: strange.bytes)
            number += 1
        }
        let (at, survey) = try Self.figures(newer)
        #expect(at.count + 1 == whole.count)
        for (time, figures) in at { #expect(figures == whole[time]) }
        #expect(survey.newerVersion == "1.7")
        #expect(survey.unknownLines == Int(number) / 2)
        #expect(survey.unknownEvents > 0)
        #expect(survey.faults.isEmpty, "\(survey.remarks)")
        let older = Data(String(decoding: data, as: UTF8.self).utf8)
        let head = try RecordingLine(parsing: Array(older.split(separator: 0x0A)[0])[...])
        let future = String(decoding: head.body, as: UTF8.self).replacing(#""version":"1.1""#, with: #""version":"2.0""#)
        let refused = Data(RecordingLine(number: 0, time: head.time, kind: .header, body: Array(future.utf8)).bytes)
        #expect(throws: RecordingError.self) { try Self.figures(refused) }
    }

    /// A debug build takes a minute for a million valid lines and a tenth of that for damaged ones.
    private static let long: UInt64 = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? 1_000_000 : 30_000

    @Test("A recording of any length is read to its end, and a million damaged lines are counted.")
    func long() async throws {
        let lines = try await Self.recorded(for: 1).split(separator: 0x0A).dropLast()
        let head = Array(lines.joined(separator: [0x0A])) + [0x0A]
        let last = try RecordingLine(parsing: Array(lines[lines.endIndex - 1])[...])
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func survey(_ rest: [UInt8]) throws -> (survey: RecordingSurvey, time: TimeSource.Instant?) {
            try Data(head + rest).write(to: URL(fileURLWithPath: path))
            var cursor = RecordingCursor(try RecordingFile(path: path))
            while try cursor.nextInput() != nil {}
            return (cursor.survey, cursor.time)
        }
        var rest: [UInt8] = []
        let end = last.time + .milliseconds(Int64(Self.long))
        for number in 1...Self.long {
            let time = last.time + .milliseconds(Int64(number))
            rest += RecordingLine(number: last.number + number, time: time, kind: .input, body: Array("{}".utf8)).bytes
        }
        let whole = try survey(rest + Array("{\"n\":".utf8))
        #expect(whole.survey.lines == lines.count + Int(Self.long) + 1)
        #expect(whole.survey.unused <= 1)
        #expect(whole.survey.faults.map(\.kind) == [.cutOff])
        #expect(whole.time == end)
        #expect(whole.survey.remarks.contains { $0.hasPrefix("line \(lines.count + Int(Self.long) + 1), the last, is incomplete") })

        let damaged = try survey(Array(repeating: 0x0A, count: 1_000_000))
        #expect(damaged.survey.faultCount == 1_000_000)
        #expect(damaged.survey.faults.count == 100)
        #expect(damaged.time == last.time)
        #expect(damaged.survey.remarks.contains("and 999995 more faults"))
    }
}

/// A reproducible random number generator.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
