import ResourceContainer

/// The lines that a flight recorder keeps, and the excerpts that read them. It can be used from any thread.
///
/// An excerpt that does not end before its memory is needed is cut, so no reader makes the recorder forget.
final class FlightStore: Sendable {
    private struct Reader: Sendable {
        weak var excerpt: FlightExcerpt?
    }

    private struct State: Sendable {
        var ring: FlightRing
        /// The excerpts by their numbers in the ring.
        var readers: [UInt64: Reader] = [:]
    }

    private let state: Lock<State>

    init(_ ring: FlightRing) {
        self.state = Lock(State(ring: ring))
    }

    /// Reads the ring under the lock.
    func read<Result: Sendable>(_ body: (FlightRing) -> Result) -> Result {
        self.state.withLock { body($0.ring) }
    }

    /// Changes the ring under the lock, and then cuts the excerpts whose memory it needs.
    func change(_ body: (inout FlightRing) -> Void) {
        let cut = self.state.withLock { state -> [FlightExcerpt] in
            body(&state.ring)
            return state.ring.takeCut().compactMap { state.readers.removeValue(forKey: $0)?.excerpt }
        }
        for excerpt in cut { excerpt.cut() }
    }

    /// Begins an excerpt of the last `duration`, or of everything that is kept.
    ///
    /// - Throws: ``RecordingError`` with the reason if nothing is kept.
    func excerpt(last duration: Duration?, header: RecordingHeader) throws(RecordingError) -> FlightExcerpt {
        let (begun, emptiness) = self.state.withLock { state in (state.ring.beginExcerpt(last: duration), state.ring.emptiness) }
        guard let (id, segments) = begun, let first = segments.first else { throw RecordingError(emptiness) }
        var stream = RecordingStream()
        let line: [UInt8]
        do {
            line = try stream.header(header, at: first.beginning)
        } catch {
            self.end(id)
            throw RecordingError("the header cannot be encoded: \(error)")
        }
        let excerpt = FlightExcerpt(self, id: id, segments: segments, beginning: first.beginning, header: line)
        let isHeld = self.state.withLock { state in
            state.readers[id] = Reader(excerpt: excerpt)
            return state.ring.isRead(by: id)
        }
        // Its memory may have been needed in between.
        if !isHeld { excerpt.cut() }
        return excerpt
    }

    /// Notes that an excerpt has released its segments before `number`.
    func advance(_ id: UInt64, to number: UInt64) {
        self.state.withLock { $0.ring.advanceExcerpt(id, to: number) }
    }

    /// Notes that an excerpt has released all of its segments.
    func end(_ id: UInt64) {
        self.state.withLock { state in
            state.readers[id] = nil
            state.ring.endExcerpt(id)
        }
    }
}
