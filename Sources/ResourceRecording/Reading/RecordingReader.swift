import ResourceContainer
import ResourceMonitoring

/// A reader of the lines of a recording as they arrive, such as those of an attached stream.
///
/// It checks every line like the reader of a file. A snapshot has no item: it is merged with the input that follows, or becomes an input at
/// the end. A line that cannot be used yields faults, and after a gap no input follows until the next snapshot. It is a pure value.
package struct RecordingReader: Sendable {
    /// What a line means.
    package enum Item: Sendable {
        /// The header. A second one replaces the first.
        case header(RecordingHeader)
        /// The next input, to be applied to the monitor of ``RecordingReader/takeReplay()``.
        case input(MonitorInput)
        /// A sign of life of the server.
        case beat(AttachBeat)
        /// The answer to a request.
        case answer(AttachAnswer)
        /// The figures of the process's monitor.
        case report(MonitorReport)
        /// The end of the recording.
        case end(RecordingEnd)
        /// A line that cannot be used, or lines that are missing before it.
        case fault(RecordingFault)
    }

    private var lines = RecordingInterpreter()
    /// The time of the last input that was returned.
    private var shown: TimeSource.Instant?
    /// The reason why the stream cannot be read, such as a newer version, as the predicate of a sentence about it; nil if it can. The lines
    /// after such a header are ignored.
    package private(set) var obstacle: String?

    /// Creates a reader before the first line.
    package init() {}

    /// The last header; nil before it.
    package var header: RecordingHeader? { self.lines.header }

    /// The lines so far, and the faults among them.
    package var survey: RecordingSurvey { self.lines.survey(at: self.shown ?? self.lines.beginning) }

    /// Takes the next line without its line feed and returns what it means, in order.
    ///
    /// - Complexity: O(bytes).
    package mutating func take(_ line: ArraySlice<UInt8>) -> [Item] {
        if self.obstacle != nil { return [] }
        let parsed = self.lines.parse(line)
        var items: [Item] = []
        do {
            // A stream has no line to compare this one with: a wrong number counts as a gap.
            let meaning = try self.lines.take(parsed, of: line, before: { nil })
            self.add(meaning, to: &items)
        } catch {
            self.obstacle = error.reason
            self.lines.noteUnused(.unusable, error.reason)
        }
        return self.lines.newFaults.map { Item.fault($0) } + items
    }

    /// Returns the snapshot that no input has followed, as an input. To be called when the stream ends without an end line.
    package mutating func finish() -> [Item] {
        guard let input = self.lines.flush() else { return [] }
        self.shown = input.time
        return [.input(input)]
    }

    /// Removes and returns the monitor in the state of the first snapshot, to which the caller applies the inputs; nil before that snapshot.
    package mutating func takeReplay() -> MonitorReplay? {
        defer { self.lines.replay = nil }
        return self.lines.replay
    }

    private mutating func add(_ meaning: RecordingInterpreter.Meaning, to items: inout [Item]) {
        switch meaning {
        case .nothing: break
        case .header(let header): items.append(.header(header))
        case .input(let input):
            self.shown = input.time
            items.append(.input(input))
        case .end(let line):
            items += self.finish()
            items.append(.end(self.body(RecordingEnd.self, of: line) ?? RecordingEnd()))
        case .attached(.beat, let line): if let beat = self.body(AttachBeat.self, of: line) { items.append(.beat(beat)) }
        case .attached(.answer, let line): if let answer = self.body(AttachAnswer.self, of: line) { items.append(.answer(answer)) }
        case .attached(.report, let line): if let report = self.body(MonitorReport.self, of: line) { items.append(.report(report)) }
        case .attached: break
        }
    }

    /// The body of a line; nil if it is malformed or impossible, which is noted.
    private mutating func body<Body: Decodable & PlausibleBody>(_ type: Body.Type, of line: RecordingLine) -> Body? {
        do {
            let body = try RecordingDecoder.body(type, of: line)
            try body.check()
            return body
        } catch {
            self.lines.noteUnusable(error)
            return nil
        }
    }
}
