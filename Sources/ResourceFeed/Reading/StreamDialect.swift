import ResourceContainer
import ResourceRecording

/// The lines of a recording from a stream in one of two dialects: a recording, which passes unchanged, or a feed, which is translated. Its first
/// line determines which. A pure value.
package struct StreamDialect: Sendable {
    private enum Kind: Sendable {
        /// No line has arrived.
        case open
        case recording
        case feed
    }

    private var kind = Kind.open
    private var translator: FeedTranslator
    /// Whether lines before the first line of a feed are output of the program, as on standard input.
    private let hasPreface: Bool

    /// Creates a dialect before the first line.
    ///
    /// - Parameters:
    ///   - reader: The reader of a feed.
    ///   - hasPreface: Whether lines before the first line of a feed are output of the program.
    ///   - writesReports: Whether the translation of a feed contains the figures of a monitor.
    package init(_ reader: FeedReader, hasPreface: Bool = false, writesReports: Bool = false) {
        self.translator = FeedTranslator(reader, writesReports: writesReports)
        self.hasPreface = hasPreface
    }

    /// Whether the stream is a feed.
    package var isFeed: Bool { self.kind == .feed }

    /// The number of lines of a feed that were not used, and why the first one was not.
    package var faults: (count: Int, first: String?) { self.translator.faults }
    /// Why the feed cannot be read; nil if it can.
    package var refusal: String? { self.translator.refusal }

    /// The reader for a further connection to the same run; nil if the stream is not a feed.
    package var nextReader: FeedReader? { self.isFeed ? self.translator.nextReader : nil }

    /// Returns the lines of a recording for lines that were received together. They have no line feeds.
    ///
    /// - Parameter now: The time on the reader's clock; nil for a file.
    package mutating func take(_ lines: [[UInt8]], at now: TimeSource.Instant?) -> [[UInt8]] {
        var rest = lines[...]
        if self.kind == .open {
            while self.hasPreface, let line = rest.first, !Self.isFirst(line) {
                _ = self.translator.take([line], at: now)
                rest = rest.dropFirst()
            }
            guard let line = rest.first else { return [] }
            self.kind = FeedReader.begins(with: line[...]) ? .feed : .recording
        }
        guard self.isFeed else { return Array(rest) }
        let written = self.translator.take(rest, at: now)
        return now == nil ? written : written + self.translator.flush(at: now)
    }

    /// Returns the lines for time that has passed without lines, in a feed.
    package mutating func flush(at now: TimeSource.Instant?) -> [[UInt8]] {
        self.isFeed ? self.translator.flush(at: now) : []
    }

    /// Returns the lines for the end of a feed that has no end line.
    package mutating func finish(at now: TimeSource.Instant?, _ reason: String? = nil) -> [[UInt8]] {
        self.isFeed ? self.translator.finish(at: now, reason) : []
    }

    /// Returns the request of a client as a line of a feed, with its line feed.
    ///
    /// - Throws: ``FeedRequestRefusal`` if a feed has no such request, or its scope is not open.
    package mutating func request(_ request: AttachRequest) throws(FeedRequestRefusal) -> [UInt8] {
        try self.translator.request(request)
    }

    /// Whether a line is the first one of a recording or of a feed.
    private static func isFirst(_ line: [UInt8]) -> Bool {
        line.starts(with: Array(#"{"n":"#.utf8)) || FeedReader.begins(with: line[...])
    }
}
