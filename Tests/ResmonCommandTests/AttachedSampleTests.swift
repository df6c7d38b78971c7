import Foundation
import ResourceAttachClient
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceRecording
@testable import resmon

/// Samples streams that a command writes, and that end before the time is over.
@Suite("Samples of running processes", .serialized)
struct AttachedSampleTests {
    private let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"

    /// Passes the verdict on a stream with the lines of a recorded scenario that passes, without the last `missing` lines.
    private func verdict(missing: Int) async throws -> (end: AttachedSample.End, verdict: RecordingVerdict) {
        defer { try? FileManager.default.removeItem(atPath: self.path) }
        let recorded = await Program.run(["record", "quiet", "--simulated", "--for", "5s", "--output", self.path])
        #expect(recorded == ExitStatus.success)
        let lines = try String(contentsOfFile: self.path, encoding: .utf8).split(separator: "\n").dropLast(missing)
        let rest = lines.dropFirst().map { $0 + "\n" }.joined()
        let stream = try Self.attached(try #require(lines.first)) + Array(rest.utf8)
        try Data(stream).write(to: URL(fileURLWithPath: self.path))
        let endpoint = AttachEndpoint.command(["cat", self.path])
        return try await AttachedSample.with(endpoint, for: .seconds(60)) { path, end in
            (end: end, verdict: try CheckCommand.verdict(path, RecordingLimits(), end, of: .seconds(60)))
        }
    }

    /// Returns the header line of a recording as a server writes it.
    private static func attached(_ line: Substring) throws -> [UInt8] {
        let bytes = ArraySlice(line.utf8)
        var reader = RecordingReader()
        _ = reader.take(bytes)
        var header = try #require(reader.header)
        header.attach = AttachDescription(
            instance: "a run",
            pid: 4711,
            uid: 0,
            host: "web1",
            program: "shop",
            started: 0,
            may: ["watch"],
            commands: ["watch"],
            beatNanoseconds: 1_000_000_000
        )
        var stream = RecordingStream()
        return try stream.header(header, at: try RecordingLine(parsing: bytes).time)
    }

    @Test("A stream that ends with an end line before the time passes a check, with a remark.")
    func closed() async throws {
        let (end, verdict) = try await self.verdict(missing: 0)
        #expect(end == .closed)
        #expect(verdict.passed)
        let remark = try #require(verdict.remarks.last)
        #expect(remark.hasPrefix("the process ended the stream after "))
        #expect(remark.hasSuffix(" of 1m00s; there was nothing more to check"))
    }

    @Test("A stream that breaks off before the time fails a check, with the reason, and without the path of the removed file.")
    func lost() async throws {
        let (end, verdict) = try await self.verdict(missing: 1)
        guard case .lost = end else { throw RecordingError("the end is \(end)") }
        #expect(!verdict.passed)
        #expect(verdict.violations.map(\.rule) == ["lost"])
        let evidence = try #require(verdict.violations.first?.evidence)
        #expect(evidence.hasPrefix("the process was watched for "))
        #expect(evidence.contains("the recording is cut off after "))
        #expect(!evidence.contains(".jsonl"))
        #expect(verdict.text(of: "shop").hasPrefix("shop: failed"))
    }

    @Test("A snapshot of a process that sends nothing fails within its limit.")
    func silentFrame() async throws {
        let endpoint = AttachEndpoint.command(["sleep", "60"])
        let failure = await #expect(throws: AttachFailure.self) { try await AttachedFrame(endpoint, within: .milliseconds(50)) }
        #expect(failure?.description.contains("does not answer: nothing arrived within 0.05 seconds") == true)
    }

    @Test("A process that sends its header and no state does not delay a snapshot beyond the limit.", .timeLimit(.minutes(1)))
    func noState() async {
        let never = AsyncStream<MonitorUpdate> {
            _ = await Promise<Void>().wait()
            return nil
        }
        // Every deadline fires at once.
        let time = TimeSource(now: { TimeSource.Instant(nanoseconds: 0) }) { _, call in
            call()
            return TimeSource.Deadline {}
        }
        let update = await AttachedFrame.first(of: never, within: .seconds(20), time: time)
        #expect(update == nil)
    }
}
