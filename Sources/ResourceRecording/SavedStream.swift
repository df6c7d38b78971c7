import ResourceContainer

/// The lines of an attached stream that are saved to a file as they arrive: which of them are intact, and the end line for a stream that
/// is left before its end. A pure value.
package struct SavedStream: Sendable {
    /// What a line means for the file.
    package enum Meaning: Sendable, Hashable {
        /// It belongs to the stream.
        case line
        /// It is the end line.
        case end
        /// It is an answer with an error.
        case refusal(id: Int, String)
        /// It is not a line of a recording, for this reason.
        case damaged(String)
    }

    private var number: UInt64 = 0
    /// The time of the last line that belongs to the recording.
    package private(set) var time = TimeSource.Instant(nanoseconds: 0)
    /// Whether the header has arrived.
    package private(set) var hasHeader = false
    /// Whether the snapshot has arrived, without which nothing can be shown.
    package private(set) var hasPicture = false

    /// Creates a stream without lines.
    package init() {}

    /// Takes the next line, without its line feed.
    package mutating func take(_ bytes: ArraySlice<UInt8>) -> Meaning {
        let line: RecordingLine
        do {
            line = try RecordingLine(parsing: bytes)
        } catch {
            return .damaged(error.reason)
        }
        self.number = line.number
        let kind = RecordingLine.Kind(rawValue: line.kind)
        // A connection that is not accepted receives one answer and nothing else.
        guard self.hasHeader || kind == .header || kind == .answer else { return .damaged("its first line is not a header") }
        switch kind {
        case .header: self.hasHeader = true
        case .snapshot: self.hasPicture = true
        case .end: return .end
        case .answer:
            guard let answer = try? RecordingDecoder.body(AttachAnswer.self, of: line), let error = answer.error else { return .line }
            return .refusal(id: answer.id, error)
        case .beat, .report: return .line
        case .input, nil: break
        }
        self.time = max(self.time, line.time)
        return .line
    }

    /// The end line that makes the lines so far a complete recording.
    package mutating func endLine() -> [UInt8] {
        self.number += 1
        return RecordingLine(number: self.number, time: self.time, kind: .end, body: Array("{}".utf8)).bytes
    }
}
