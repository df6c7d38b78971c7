import ResourceContainer
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Answers to a probe")
struct ProbeAnswerTests {
    private static let summary = AttachSummary(
        uptimeNanoseconds: 761_000_000_000,
        scopes: 9,
        active: 37,
        errors: 2,
        pool: PoolUse(name: "db", used: 18, limit: 20),
        waiting: 6,
        findings: 5,
        worstFinding: "high",
        health: .degraded
    )

    /// The lines of a stream in the mode `summary`, which has no snapshot.
    private static func lines(_ rest: (inout RecordingStream) throws -> [UInt8]) throws -> [UInt8] {
        var stream = RecordingStream()
        var header = ServedStream.header(ServedStream.description())
        header.container = "shop"
        return try stream.header(header, at: TimeSource.Instant(nanoseconds: 0)) + rest(&stream)
    }

    @Test("The first summary completes an answer, in any pieces.", arguments: [1, 7, 100_000])
    func summary(_ size: Int) throws {
        let bytes = try Self.lines { try $0.beat(AttachBeat(summary: Self.summary), at: TimeSource.Instant(nanoseconds: 5)) }
        var answer = ProbeAnswer()
        var rest = bytes[...]
        while !rest.isEmpty {
            #expect(!answer.isComplete)
            answer.take(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(answer.isComplete)
        #expect(answer.header?.container == "shop")
        #expect(answer.header?.attach?.pid == 4711)
        #expect(answer.summary == Self.summary)
        #expect(answer.problem == nil)
    }

    @Test("A refusal, an early end, and a line that is too long are problems.")
    func problems() throws {
        var refused = ProbeAnswer()
        refused.take(
            try Self.lines { try $0.answer(AttachAnswer(id: 0, error: "16 clients are attached"), at: TimeSource.Instant(nanoseconds: 5)) }[
                ...
            ]
        )
        #expect(refused.problem == "16 clients are attached")
        var ended = ProbeAnswer()
        ended.end()
        #expect(ended.problem == "it closed the connection")
        var long = ProbeAnswer()
        long.take([UInt8](repeating: 0x41, count: 2 << 20)[...])
        #expect(long.problem?.contains("longer than") == true)
    }
}
