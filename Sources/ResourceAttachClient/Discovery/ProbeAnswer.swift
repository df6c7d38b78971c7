import ResourceContainer
import ResourceFeed
import ResourceMonitoring
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
    private var reader: StreamReader

    /// The longest line. A server that sends a summary sends no snapshot.
    private static let lineLimit = 1 << 20

    /// Creates an answer before the first byte.
    ///
    /// - Parameter feed: The reader of the answer if it is a feed.
    init(_ feed: FeedReader = FeedReader(FeedClock(origin: 0))) {
        self.reader = StreamReader(feed)
    }

    /// Takes bytes of the server.
    ///
    /// - Parameter now: The time of the client.
    mutating func take(_ bytes: ArraySlice<UInt8>, at now: TimeSource.Instant) {
        do {
            for line in try self.splitter.take(bytes) where !self.isComplete {
                for item in try self.reader.take([line], at: now) where !self.isComplete { self.take(item) }
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
        // A program that writes a feed sends no summary. Its figures are known when everything that exists is described.
        case .begin(let replay, let time):
            guard self.reader.dialect.isFeed else { return }
            self.summary = AttachSummary(replay, self.header, at: time)
            self.isComplete = true
        case .input, .report: break
        }
    }

    private mutating func fail(_ problem: String) {
        if self.isComplete { return }
        self.problem = problem
        self.isComplete = true
    }
}

extension AttachSummary {
    /// The summary of a feed.
    fileprivate init(_ replay: MonitorReplay, _ header: RecordingHeader?, at time: TimeSource.Instant) {
        let shown = AttachedFigures.Shown(replay)
        let now = (header?.clockOriginNanoseconds ?? 0).addingSaturated(time.nanoseconds)
        self.init(
            uptimeNanoseconds: max(0, now.subtractingSaturated(header?.attach?.started ?? now)),
            scopes: shown.scopes,
            active: shown.active,
            errors: shown.errors,
            pool: shown.pool,
            waiting: shown.waiting,
            findings: shown.findings,
            worstFinding: shown.worst.map { "\($0)" },
            health: shown.health,
            attention: shown.attention.map(\.text)
        )
    }
}
