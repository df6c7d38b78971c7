import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceAttachClient

/// Figures that are fed with the bytes of a stream, as the thread of a connection feeds them.
struct FedFigures {
    var figures = AttachedFigures()
    private var reader = StreamReader()
    private(set) var ends: [RecordingEnd] = []

    init() {}

    mutating func feed(_ bytes: [UInt8]) throws(StreamFault) {
        for item in try self.reader.take(bytes[...]) {
            switch item {
            case .header(let header): self.figures.begin(header)
            case .begin(let replay, let time):
                guard self.figures.begin(replay, at: time) else { throw StreamFault("it begins in the past", isFinal: true) }
            case .input(let input): self.figures.take(input)
            case .beat(let beat): self.figures.take(beat)
            case .report(let report): self.figures.take(report)
            case .answer: break
            case .end(let end): self.ends.append(end)
            }
        }
    }

    /// The next update.
    mutating func next() throws -> MonitorUpdate {
        let update = self.figures.update()
        return try #require(update)
    }

    /// The connection is lost, and another one begins.
    mutating func reconnect(_ reason: String = "the connection was lost") {
        self.figures.lose(reason)
        self.reader = StreamReader()
    }
}
