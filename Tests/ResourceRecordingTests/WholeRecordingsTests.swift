import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceRecording

@Suite("Complete recordings")
struct WholeRecordingsTests {
    @Test(
        "For every scenario, all lines are used, snapshots agree with the events, and the books balance.",
        arguments: Scenarios.all.map { $0.name }
    )
    func everyScenario(_ name: String) async throws {
        let scenario = try #require(Scenarios.named(name))
        let options = ScenarioOptions(resources: name == "storm" ? 50 : nil)
        let data = try await RecordedScenario.data(of: scenario, for: name == "storm" ? 5 : 40, options: options, pictureEvery: 29)
        let file = try TestFile(data)
        var cursor = RecordingCursor(try RecordingFile(path: file.path), readsAllPictures: true)
        while try cursor.nextInput() != nil {}
        #expect(cursor.survey.remarks.isEmpty)
        #expect(cursor.survey.isWhole)
        let overall = try #require(cursor.replay?.report.overall)
        #expect(overall.resourcesCreated == overall.activeResources + overall.resourcesDisposed + overall.initFailed + overall.abandoned)
    }

    @Test("Reading can continue from each snapshot, even if everything before it is lost.")
    func fromEverySnapshot() async throws {
        let lines = try await RecordedScenario.data(for: 6, pictureEvery: 5).split(separator: 0x0A).map { Data($0) }
        let whole = try TestFile(Data(lines.joined(separator: [0x0A])) + [0x0A]).verdict.report
        let snapshots = lines.indices.filter { lines[$0].prefix(80).contains(Data(#""kind":"snapshot""#.utf8)) }
        #expect(snapshots.count > 4)
        for index in snapshots.dropFirst() {
            let rest = [lines[0]] + lines[index...]
            let file = try TestFile(Data(rest.joined(separator: [0x0A])) + [0x0A])
            let survey = try file.survey
            #expect(survey.faults == [RecordingFault(kind: .missing(lines: UInt64(index - 1)), line: 2)])
            #expect(survey.unused == 0)
            let report = try file.verdict.report
            #expect(report.overall.resourcesCreated == whole.overall.resourcesCreated)
            #expect(report.overall.activeResources == whole.overall.activeResources)
            #expect(report.overall.resourceErrors == whole.overall.resourceErrors)
        }
    }
}

@Suite("Recordings that grow while they are read")
struct GrowingRecordingTests {
    private typealias Counted = RecordedRun<[UInt64]>

    private func open(_ path: String) throws -> Counted {
        let folding = Counted.Folding(
            start: [],
            fold: { numbers, update in numbers += update.events.map(\.sequence) },
            weight: { $0.count * 8 },
            isNotable: { _ in false }
        )
        return try Counted(path: path, folding: folding)
    }

    @Test("A growing recording is followed to its end, wherever a line was cut during writing.")
    func follows() async throws {
        let data = try await RecordedScenario.data(for: 2)
        let whole = try TestFile(data)
        var expected = try self.open(whole.path)
        expected.seek(to: expected.span.upperBound)
        for step in [977, 20_011] {
            let file = try TestFile(data.prefix(40_000))
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path))
            try handle.seekToEnd()
            var run = try self.open(file.path)
            #expect(run.mayGrow)
            let hasGrown = run.grow()
            #expect(!hasGrown)
            var position = 40_000
            while position < data.count {
                let end = min(data.count, position + step)
                try handle.write(contentsOf: data[position..<end])
                position = end
                if run.grow() { run.seek(to: run.span.upperBound) }
            }
            #expect(!run.mayGrow)
            #expect(run.span == expected.span)
            #expect(run.picture == expected.picture)
            #expect(run.report == expected.report)
            #expect(run.survey.isWhole)
        }
    }

    @Test("A recording that ends after a line without a line end continues with the next line.")
    func endOfLine() throws {
        let lines = WrittenRecording.plain.encoded
        let cut = Data(lines[0..<4].joined(separator: [0x0A]))
        let file = try TestFile(cut)
        var run = try self.open(file.path)
        #expect(run.span.upperBound.nanoseconds == 500_000_000)
        #expect(run.survey.faults.isEmpty)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0x0A] + lines[4] + [0x0A] + lines[5] + [0x0A]))
        let hasGrown = run.grow()
        #expect(hasGrown)
        #expect(run.span.upperBound.nanoseconds == 750_000_000)
        #expect(run.survey.isWhole)
        #expect(!run.mayGrow)
    }
}
