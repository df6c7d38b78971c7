import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The lines that one client receives, numbered from 0.
enum ClientStream {
    /// A recording of the container.
    case recording(RecordingPump)
    /// Answers, beats, and reports, without the container's events.
    case figures(RecordingStream)
    /// The lines of the flight recorder, which are numbered already.
    case past(FlightExcerpt)
    /// In use by ``encode(_:_:)``. Without this case the enum would hold a second reference, and each change would copy the stream.
    case taken

    /// The content of the next turn.
    var outlook: AttachConnection.Outlook {
        guard case .recording(let pump) = self else { return AttachConnection.Outlook() }
        return AttachConnection.Outlook(hasNews: pump.hasNews, wouldMiss: pump.wouldMiss)
    }

    /// Encodes a line; nil if there is no further one.
    mutating func encode(_ line: AttachConnection.Line, _ source: StreamSource) throws -> [UInt8]? {
        switch self {
        case .recording(var pump):
            self = .taken
            defer { self = .recording(pump) }
            switch line {
            case .answer(let answer): return try pump.answer(answer, at: source.containerTime)
            case .beat: return try pump.beat(source.beat(withSummary: false), at: source.containerTime)
            case .report: return try pump.report(source.report(), at: source.containerTime)
            case .turn:
                let pools = pump.isDue ? source.pools : nil
                let lines = try pump.turn(pools: pools, continuing: source.snapshot, mayTakeSnapshot: !source.hasTakenSnapshot)
                if let snapshot = pump.takeSnapshot() { source.note(snapshot) }
                return lines
            case .end(let body): return try pump.end(body)
            case .past: return nil
            }
        case .figures(var stream):
            self = .taken
            defer { self = .figures(stream) }
            switch line {
            case .answer(let answer): return try stream.answer(answer, at: source.containerTime)
            case .beat: return try stream.beat(source.beat(withSummary: true), at: source.containerTime)
            case .report: return try stream.report(source.report(), at: source.containerTime)
            case .end(let body): return try stream.end(body)
            case .turn, .past: return nil
            }
        case .past(let excerpt):
            return excerpt.next()
        case .taken:
            return nil
        }
    }
}
