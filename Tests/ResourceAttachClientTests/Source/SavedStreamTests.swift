import ResourceContainer
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Saved streams")
struct SavedStreamTests {
    /// The survey of a reader that takes bytes line by line.
    private static func survey(_ bytes: [UInt8]) -> RecordingSurvey {
        var reader = RecordingReader()
        for line in bytes.split(separator: 0x0A) { _ = reader.take(line) }
        return reader.survey
    }

    @Test("A stream that is left before its end is a whole recording with the end line of the client.")
    func endLine() throws {
        let served = try ServedStream()
        var bytes = try served.begin()
        for _ in 0..<3 { bytes += try served.turn() + served.beat() }
        var saved = SavedStream()
        let meanings = Set(bytes.split(separator: 0x0A).map { saved.take($0) })
        #expect(meanings == [.line])
        #expect(saved.hasPicture)
        #expect(saved.time == served.now)
        #expect(!Self.survey(bytes).isWhole)
        let whole = bytes + saved.endLine()
        #expect(Self.survey(whole).isWhole)
        #expect(Self.survey(whole).remarks.isEmpty)
    }

    @Test("The end line of the process ends the stream, and a refusal is recognized before the first snapshot.")
    func meanings() throws {
        let served = try ServedStream()
        let begin = try served.begin().split(separator: 0x0A)
        var saved = SavedStream()
        let refusal = try served.answer(AttachAnswer(id: 1, error: "this process has no flight recorder"))
        let lines = [begin[0], refusal.dropLast(), try served.end().dropLast()]
        let meanings = lines.map { saved.take($0) }
        #expect(meanings == [.line, .refusal(id: 1, "this process has no flight recorder"), .end])
        #expect(!saved.hasPicture)
    }

    @Test("A line that is not one of a recording, or comes before the header, is damaged.")
    func damaged() throws {
        let served = try ServedStream()
        let begin = try served.begin().split(separator: 0x0A)
        var saved = SavedStream()
        let meanings = [begin[1], Array("{}".utf8)[...]].map { saved.take($0) }
        #expect(meanings == [.damaged("its first line is not a header"), .damaged("it is not a line of a recording")])
        #expect(!saved.hasPicture)
    }
}
