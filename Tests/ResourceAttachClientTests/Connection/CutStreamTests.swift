import Foundation
import ResourceContainer
import ResourceRecording
import Testing

@testable import ResourceAttachClient

/// A process that is killed sends a part of its stream, which may end after any byte.
@Suite("A process that is killed while it sends")
struct CutStreamTests {
    private static let now = TimeSource.Instant(nanoseconds: 0)

    @Test("After every byte, the client reports the end of the process, and shows the figures of the whole lines.")
    func client() throws {
        var fed = FedFigures()
        var process = AttachedProcess(at: Self.now)
        process.opened(at: Self.now)
        var known = CutStream.Line(bytes: [])
        var count = 0
        var wrong: [Int] = []
        for line in try CutStream().lines {
            for byte in line.bytes {
                if !Self.isRight(process, fed.figures, after: known) { wrong.append(count) }
                try fed.feed([byte])
                count += 1
                guard process.instance == nil, let instance = fed.figures.description?.instance else { continue }
                _ = process.greeted(by: instance, last: nil, at: Self.now)
            }
            known = line
        }
        #expect(wrong == [])
        #expect(fed.ends == [RecordingEnd(reason: CutStream.reason)])
        process.goodbye(fed.ends.first?.reason, last: fed.figures.time)
        process.lost("the process closed the connection", isAlive: false, last: fed.figures.time, at: Self.now)
        #expect(process.phase == .ended(at: known.time, how: CutStream.reason))
    }

    /// Whether the client has the right words and figures if the connection ends after the line `known` and a part of the next one.
    private static func isRight(_ process: AttachedProcess, _ figures: AttachedFigures, after known: CutStream.Line) -> Bool {
        let reason = "the process closed the connection"
        let hasHeader = !known.bytes.isEmpty
        var (local, remote, figures) = (process, process, figures)
        local.lost(reason, isAlive: false, last: figures.time, at: Self.now)
        guard local.phase == (hasHeader ? .ended(at: known.time, how: "without goodbye") : .refused(reason)) else { return false }
        // It is not known whether a process on another machine still exists.
        remote.lost(reason, isAlive: nil, last: figures.time, at: Self.now)
        let next = Self.now + AttachedProcess.backOff.lowerBound
        guard remote.phase == (hasHeader ? .reconnecting(at: next) : .refused(reason)) else { return false }
        figures.lose(reason)
        let update = figures.update()
        return update.map { CutStream.Figures($0) } == known.shown && update?.time == known.time && figures.lag == nil
    }

    @Test("The words for a connection that the process closed are the same in every part of the client.")
    func words() {
        #expect(AttachedProcess.closedByProcess == "the process closed the connection")
        #expect(AttachedProcess.withoutGoodbye == "without goodbye")
    }

    @Test("After every byte but the last, a probe states that the process closed the connection, and has no figures.")
    func probe() throws {
        var stream = RecordingStream()
        let summary = AttachSummary(uptimeNanoseconds: 1, scopes: 2, active: 3, errors: 0)
        let header = try stream.header(ServedStream.header(ServedStream.description()), at: Self.now)
        let beat = try stream.beat(AttachBeat(summary: summary), at: Self.now)
        var answer = ProbeAnswer()
        var wrong: [Int] = []
        for (count, byte) in (header + beat).enumerated() {
            var ended = answer
            ended.end()
            if ended.summary != nil || ended.problem != "it closed the connection" { wrong.append(count) }
            answer.take([byte])
        }
        answer.end()
        #expect(wrong == [])
        #expect(answer.summary == summary)
        #expect(answer.problem == nil)
    }

    @Test("After every byte, the client has saved a recording of the whole lines, which a check reads with a remark about its end.")
    func saved() throws {
        let folder = try TestFolder()
        var splitter = LineSplitter(limit: AttachLimits.snapshot)
        var stream = SavedStream()
        var file: [UInt8] = []
        var meanings: Set<SavedStream.Meaning> = []
        for line in try CutStream().lines {
            for byte in line.bytes {
                for whole in try splitter.take([byte]) {
                    meanings.insert(stream.take(whole[...]))
                    file += whole + [0x0A]
                }
            }
            // The file has changed with the line feed only. Without a snapshot, the client leaves no file.
            #expect(stream.hasPicture == (line.saved != nil))
            guard stream.hasPicture else { continue }
            let verdict = try Self.verdict(on: file, in: folder)
            #expect(verdict.passed)
            #expect(CutStream.Figures(verdict.report) == line.saved)
            #expect(verdict.remarks == (meanings.contains(.end) ? [] : [Self.noEndLine]))
        }
        #expect(meanings == [.line, .end])
    }

    @Test("Bytes that are copied from a socket to a file are a recording as well, whose last line may be incomplete.")
    func copied() throws {
        let folder = try TestFolder()
        var file: [UInt8] = []
        var saved: CutStream.Figures?
        for (index, line) in try CutStream().lines.enumerated() {
            for count in [1, line.bytes.count / 2, line.bytes.count - 2] {
                let bytes = file + line.bytes.prefix(count)
                guard let saved else {
                    #expect(throws: RecordingError.self) { try Self.verdict(on: bytes, in: folder) }
                    continue
                }
                let verdict = try Self.verdict(on: bytes, in: folder)
                #expect(verdict.passed)
                #expect(CutStream.Figures(verdict.report) == saved)
                let incomplete = "line \(index + 1), the last, is incomplete: the recording was cut off or is still being written"
                #expect(verdict.remarks.first == incomplete)
            }
            file += line.bytes
            saved = line.saved
            guard saved != nil else { continue }
            // A line that lacks its line feed only is whole.
            let verdict = try Self.verdict(on: Array(file.dropLast()), in: folder)
            #expect(CutStream.Figures(verdict.report) == saved)
            #expect(!verdict.remarks.contains { $0.contains("incomplete") })
        }
    }

    private static let noEndLine = "the recording has no end line: the program was killed or is still recording"

    /// The verdict of `resmon check` on a file.
    private static func verdict(on bytes: [UInt8], in folder: TestFolder) throws -> RecordingVerdict {
        let path = "\(folder.path)/saved.jsonl"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try RecordingVerdict(path: path, limits: RecordingLimits())
    }
}
