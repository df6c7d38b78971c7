import ResourceContainer

/// A part of what a flight recorder keeps, as the lines of a valid recording: header, snapshot, inputs, end.
///
/// The lines are numbered when they are read; their times, kinds, and bodies are those that a recorder would have written. An excerpt does
/// not change once it has begun. The memory of its lines counts toward the recorder's limit until they are read. If the recorder needs that
/// memory for new lines, the excerpt ends early: it is then no recording of the whole time, and has no end line.
package final class FlightExcerpt: Sendable {
    private struct State: Sendable {
        /// The segments that are not completely read, newest first.
        var segments: [FlightSegment]
        var header: [UInt8]?
        var hasEnd = true
        /// The index of the next line in its segment, and its number in the excerpt.
        var line = 0
        var number: UInt64 = 0
        var isCut = false
    }

    /// The time of the snapshot with which the excerpt begins.
    package let beginning: TimeSource.Instant
    /// The time of the last line.
    package let end: TimeSource.Instant
    private let store: FlightStore
    private let id: UInt64
    private let state: Lock<State>

    /// The number of bytes that are written at once.
    private static let blockLength = 256 << 10
    private static let cutReason = "events occurred so fast that the flight recorder dropped lines before they were written"

    init(_ store: FlightStore, id: UInt64, segments: [FlightSegment], beginning: TimeSource.Instant, header: [UInt8]) {
        self.store = store
        self.id = id
        self.beginning = beginning
        self.end = segments.last?.lines.last?.time ?? beginning
        self.state = Lock(State(segments: segments.reversed(), header: header))
    }

    deinit {
        self.store.end(self.id)
    }

    /// Whether the excerpt has ended early, because the recorder needed its memory.
    package var isCut: Bool {
        self.state.withLock { $0.isCut }
    }

    /// Ends the excerpt early, and releases its memory.
    func cut() {
        let segments = self.state.withLock { state in
            let segments = state.segments
            (state.segments, state.header, state.hasEnd, state.isCut) = ([], nil, false, true)
            return segments
        }
        // Many lines are freed, without the lock.
        withExtendedLifetime(segments) {}
    }

    /// Returns the next line with its line feed; nil after the end line, or if the excerpt has ended early. O(bytes of the line).
    package func next() -> [UInt8]? {
        let end = self.end
        let (line, released) = self.state.withLock { state in Self.next(&state, end: end) }
        if let released { self.store.advance(self.id, to: released) }
        return line
    }

    /// Returns the next line, and the number before which all segments are read if that changes.
    private static func next(_ state: inout State, end: TimeSource.Instant) -> (line: [UInt8]?, released: UInt64?) {
        let number = state.number
        state.number += 1
        if let header = state.header.take() { return (header, nil) }
        guard let segment = state.segments.last else {
            guard state.hasEnd else { return (nil, nil) }
            state.hasEnd = false
            return (RecordingLine(number: number, time: end, kind: .end, body: Array("{}".utf8)).bytes, nil)
        }
        let line = segment.lines[state.line].bytes(number: number)
        state.line += 1
        if state.line < segment.lines.count { return (line, nil) }
        state.segments.removeLast()
        state.line = 0
        return (line, segment.number + 1)
    }

    /// Writes the remaining lines to `file`, which is removed if that fails.
    ///
    /// - Returns: The number of bytes.
    /// - Throws: ``RecordingError`` if the file cannot be written, or if the excerpt ends early.
    @discardableResult
    func write(to file: OutputFile) throws(RecordingError) -> Int {
        var length = 0
        var block: [UInt8] = []
        do {
            while let line = self.next() {
                block.append(contentsOf: line)
                if block.count < Self.blockLength { continue }
                try file.append(block)
                length += block.count
                block.removeAll(keepingCapacity: true)
            }
            try file.append(block)
            if !self.isCut { try file.finish() }
        } catch {
            file.remove()
            throw RecordingError("cannot save to \(file.name): \(error.reason)", isCutOff: true)
        }
        if self.isCut {
            file.remove()
            throw RecordingError("cannot save to \(file.name): \(Self.cutReason)", isCutOff: true)
        }
        return length + block.count
    }
}
