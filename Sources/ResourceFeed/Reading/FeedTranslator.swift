import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The lines of a recording that state the same as the lines of a feed.
///
/// Every reader of recordings thus reads feeds: views, checks, exports, and recordings of attached processes. A pure value.
package struct FeedTranslator: Sendable {
    private var reader: FeedReader
    private var stream = RecordingStream()
    /// The monitor whose figures are written; nil if none are.
    private var replay: MonitorReplay?
    private let writesReports: Bool
    /// Whether the end was written.
    package private(set) var isOver = false

    /// Creates a translator before the first line.
    ///
    /// - Parameters:
    ///   - reader: A reader before its first line, or one that continues after a lost connection.
    ///   - writesReports: Whether the figures of a monitor are written with each sample of the books, as a server does in the mode `report`.
    package init(_ reader: FeedReader, writesReports: Bool = false) {
        self.reader = reader
        self.writesReports = writesReports
    }

    /// The number of lines that were not used, and why the first one was not.
    package var faults: (count: Int, first: String?) { self.reader.faults }
    /// Why the feed cannot be read; nil if it can.
    package var refusal: String? { self.reader.refusal }

    /// The reader, for a further connection to the same run.
    package var nextReader: FeedReader {
        var reader = self.reader
        reader.reconnect()
        return reader
    }

    /// Translates lines that were received together. The lines have no line feeds, and the result has none either.
    ///
    /// - Parameter now: The time on the reader's clock; nil for a file.
    package mutating func take(_ lines: some Sequence<[UInt8]>, at now: TimeSource.Instant?) -> [[UInt8]] {
        var written: [[UInt8]] = []
        for line in lines { self.write(self.reader.take(line[...], at: now), to: &written) }
        return written
    }

    /// Translates what has happened up to now.
    package mutating func flush(at now: TimeSource.Instant?) -> [[UInt8]] {
        var written: [[UInt8]] = []
        self.write(self.reader.flush(at: now), to: &written)
        if self.stream.isPictureDue, let snapshot = self.reader.snapshot { self.add(to: &written) { try $0.picture(snapshot) } }
        return written
    }

    /// Translates the end of the lines.
    package mutating func finish(at now: TimeSource.Instant?, _ reason: String? = nil) -> [[UInt8]] {
        var written: [[UInt8]] = []
        self.write(self.reader.finish(at: now, reason), to: &written)
        return written
    }

    /// The request of a client as a line of a feed, with its line feed.
    ///
    /// - Throws: ``FeedRequestRefusal`` if a feed has no such request, or its scope is not open.
    package mutating func request(_ request: AttachRequest) throws(FeedRequestRefusal) -> [UInt8] {
        guard case .closeScope(let scope, let force) = request.command else {
            throw FeedRequestRefusal("a feed has no \(request.command.name)")
        }
        guard let line = self.reader.closeRequest(request.id, scope, force: force) else { throw FeedRequestRefusal("\(scope) is not open") }
        return line
    }

    // MARK: Writing

    private mutating func write(_ items: [FeedReader.Item], to written: inout [[UInt8]]) {
        for item in items where !self.isOver {
            switch item {
            case .header(let header, let time): self.add(to: &written) { try $0.header(header, at: time) }
            case .snapshot(let snapshot):
                self.add(to: &written) { try $0.picture(snapshot) }
                if self.writesReports { self.replay = MonitorReplay(snapshot) }
            case .input(let input):
                self.add(to: &written) { try $0.input(input) }
                self.replay?.take(input)
                if input.samples?.slow != nil, let report = self.replay?.report {
                    self.add(to: &written) { try $0.report(report, at: input.time) }
                }
            case .answer(let answer, let time): self.add(to: &written) { try $0.answer(answer, at: time) }
            case .end(let end):
                self.add(to: &written) { try $0.end(end) }
                self.isOver = true
            case .refusal(let reason):
                self.add(to: &written) { stream in
                    try stream.answer(AttachAnswer(id: 0, error: reason), at: TimeSource.Instant(nanoseconds: 0))
                }
                self.isOver = true
            }
        }
    }

    /// Adds the line that `encode` takes from the stream, if it takes one. Figures that cannot be written do not occur: a feed has no numbers that
    /// are not finite.
    private mutating func add(to written: inout [[UInt8]], _ encode: (inout RecordingStream) throws -> [UInt8]?) {
        guard let line = (try? encode(&self.stream)) ?? nil else { return }
        written.append(line.last == 0x0A ? line.dropLast() : line)
    }
}

/// The reason why a request is not sent to the program that writes a feed, as a clause for users.
package struct FeedRequestRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The clause.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
