import ResourceContainer
import ResourceFeed
import ResourceMonitoring
import ResourceRecording

/// The items of the stream of a server, from its bytes. A pure value.
///
/// It keeps at most one incomplete line, of at most ``AttachLimits/snapshot`` bytes. Every line is checked before it is used. A feed is read as the
/// recording that states the same.
struct StreamReader: Sendable {
    /// One part of a stream.
    enum Item: Sendable {
        case header(RecordingHeader)
        /// The first input of the stream, as the state of the container after it.
        case begin(MonitorReplay, at: TimeSource.Instant)
        case input(MonitorInput)
        case beat(AttachBeat)
        case answer(AttachAnswer)
        case report(MonitorReport)
        case end(RecordingEnd)
    }

    private var splitter = LineSplitter(limit: AttachLimits.snapshot)
    /// The dialect of the stream.
    private(set) var dialect: StreamDialect
    private var reader = RecordingReader()
    private var hasBegun = false

    /// Creates a reader before the first line.
    ///
    /// - Parameters:
    ///   - feed: The reader of the stream if it is a feed.
    ///   - hasPreface: Whether output of the program may come before the first line of a feed.
    init(_ feed: FeedReader = FeedReader(FeedClock(origin: 0)), hasPreface: Bool = false) {
        self.dialect = StreamDialect(feed, hasPreface: hasPreface)
    }

    /// Takes bytes and returns the items that they complete.
    ///
    /// - Parameter now: The time of the client.
    /// - Throws: ``StreamFault`` for a stream that cannot be continued. The items before it are lost with it.
    mutating func take(_ bytes: ArraySlice<UInt8>, at now: TimeSource.Instant) throws(StreamFault) -> [Item] {
        let lines: [[UInt8]]
        do throws(LineTooLong) {
            lines = try self.splitter.take(bytes)
        } catch {
            throw StreamFault("the process sends no lines: \(error.description)", isFinal: true)
        }
        return try self.take(recorded: self.dialect.take(lines, at: now))
    }

    /// Takes lines of any dialect, without their line feeds, and returns their items.
    mutating func take(_ lines: [[UInt8]], at now: TimeSource.Instant) throws(StreamFault) -> [Item] {
        try self.take(recorded: self.dialect.take(lines, at: now))
    }

    /// Returns the items of time that has passed without bytes, in a feed.
    mutating func flush(at now: TimeSource.Instant) throws(StreamFault) -> [Item] {
        try self.take(recorded: self.dialect.flush(at: now))
    }

    /// Returns the items at the end of a feed that has no end line.
    mutating func finish(at now: TimeSource.Instant, _ reason: String) throws(StreamFault) -> [Item] {
        try self.take(recorded: self.dialect.finish(at: now, reason))
    }

    /// Returns the line that sends a request to the program behind a feed.
    mutating func request(_ request: AttachRequest) throws(FeedRequestRefusal) -> [UInt8] {
        try self.dialect.request(request)
    }

    private mutating func take(recorded lines: [[UInt8]]) throws(StreamFault) -> [Item] {
        var items: [Item] = []
        for line in lines { items += try self.take(line: line[...]) }
        return items
    }

    /// Takes a line of a recording without its line feed and returns its items.
    ///
    /// - Throws: ``StreamFault`` for a stream that cannot be continued.
    mutating func take(line: ArraySlice<UInt8>) throws(StreamFault) -> [Item] {
        let found = self.reader.take(line)
        if let obstacle = self.reader.obstacle { throw StreamFault("the stream of the process \(obstacle)", isFinal: true) }
        var items: [Item] = []
        for item in found {
            switch item {
            case .header(let header): items.append(.header(header))
            case .input(let input): items.append(self.item(of: input))
            case .beat(let beat): items.append(.beat(beat))
            case .answer(let answer): items.append(.answer(answer))
            case .report(let report): items.append(.report(report))
            case .end(let end): items.append(.end(end))
            case .fault(let fault):
                // A process that never sent a header is not the server of a process.
                let isFinal = self.reader.header == nil
                let what = isFinal ? "it sends no stream of a process" : "the stream is damaged"
                throw StreamFault("\(what): \(fault)", isFinal: isFinal)
            }
        }
        return items
    }

    private mutating func item(of input: MonitorInput) -> Item {
        guard !self.hasBegun, var replay = self.reader.takeReplay() else { return .input(input) }
        self.hasBegun = true
        replay.take(input)
        return .begin(replay, at: input.time)
    }
}

/// The reason why a stream cannot be continued, as a clause for users.
struct StreamFault: Error, Hashable, CustomStringConvertible {
    let description: String
    /// Whether another connection would bring the same.
    let isFinal: Bool

    init(_ description: String, isFinal: Bool) {
        self.description = description
        self.isFinal = isFinal
    }
}
