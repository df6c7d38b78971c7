import Testing

@testable import ResourceRecording

@Suite("Answers in saved streams")
struct SavedAnswerTests {
    /// The meaning of an answer with this body after the header.
    private static func meaning(_ body: String) throws -> SavedStream.Meaning {
        var recording = WrittenRecording.plain
        recording.lines.insert(("answer", 0, body), at: 1)
        var saved = SavedStream()
        _ = saved.take(recording.encoded[0][...])
        return saved.take(recording.encoded[1][...])
    }

    @Test("An answer with an error is a refusal.")
    func refusal() throws {
        #expect(try Self.meaning(#"{"error":"no","id":3}"#) == .refusal(id: 3, "no"))
        #expect(try Self.meaning(#"{"id":3}"#) == .line)
    }

    @Test("An answer that readers count as damaged is no refusal, and is not decoded.")
    func damaged() throws {
        #expect(try Self.meaning(#"{"error":"\#(String(repeating: "x", count: Plausible.text + 1))","id":3}"#) == .line)
        // UTF-16, in which the byte of a quote hides the nesting from a reader of bytes.
        #expect(try Self.meaning("[\0\"\0a\"\"\0,\0" + String(repeating: "[\0", count: 513)) == .line)
    }
}
