import ResourceContainer
import ResourceRecording

/// The answer of one server to a probe, from its bytes. A pure value.
struct ProbeAnswer: Sendable {
    private(set) var header: RecordingHeader?
    private(set) var summary: AttachSummary?
    /// The reason why there are no figures.
    private(set) var problem: String?
    /// Whether nothing more is read.
    private(set) var isComplete = false
    private var splitter = LineSplitter(limit: Self.lineLimit)
    private var reader = StreamReader()

    /// The longest line. A server that sends a summary sends no snapshot.
    private static let lineLimit = 1 << 20

    /// Takes bytes of the server.
    mutating func take(_ bytes: ArraySlice<UInt8>) {
        do {
            for line in try self.splitter.take(bytes) where !self.isComplete {
                for item in try self.reader.take(line: line[...]) { self.take(item) }
            }
        } catch {
            self.fail("\(error)")
        }
    }

    /// The server has closed the connection.
    mutating func end() {
        self.fail("it closed the connection")
    }

    private mutating func take(_ item: StreamReader.Item) {
        switch item {
        case .header(let header):
            self.header = header
            if header.attach == nil { self.fail("it is not the server of a process") }
        case .beat(let beat):
            guard let summary = beat.summary else { return }
            self.summary = summary
            self.isComplete = true
        case .answer(let answer): if let error = answer.error { self.fail(error.asSentence) }
        case .end(let end): self.fail(end.reason?.asSentence ?? "it has ended")
        case .begin, .input, .report: break
        }
    }

    private mutating func fail(_ problem: String) {
        if self.isComplete { return }
        self.problem = problem
        self.isComplete = true
    }
}
