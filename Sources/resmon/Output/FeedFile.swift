import Foundation
import ResourceFeed
import ResourceRecording

/// A recording to read: a file, or the translation of a feed into a temporary file, which ``remove()`` removes.
struct FeedFile {
    /// The path of the recording.
    let path: String
    /// Whether the recording is the translation of a feed.
    let isFeed: Bool
    /// The sentence about the lines of a feed that were not used; nil if all were.
    private(set) var remark: String?

    /// The name that stands for standard input on command lines.
    static let standardInput = "-"
    /// The number of lines of output that may come before the first line of a feed.
    private static let preface = 100
    private static let blockLength = 1 << 20
    /// The number of blocks that are read to see whether a file is a feed.
    private static let firstBlocks = 4

    /// Reads the file at `path`, or standard input for `-`. A file that is not a feed is left as it is.
    ///
    /// - Throws: `RecordingError` if the feed cannot be read or translated, and if standard input is not a feed.
    init(_ path: String) throws(RecordingError) {
        let isInput = path == Self.standardInput
        let name = isInput ? "standard input" : "'\(path)'"
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        // The error of a file that cannot be opened is that of the reader of recordings.
        guard descriptor >= 0 else {
            (self.path, self.isFeed) = (path, false)
            return
        }
        defer { if !isInput { close(descriptor) } }
        var input = Input(descriptor, name)
        guard isInput || input.isRegularFile, try input.beginsWithFeed(within: Self.preface) else {
            if isInput { throw RecordingError("standard input is not a feed: none of its lines is the first line of one") }
            (self.path, self.isFeed) = (path, false)
            return
        }
        self.path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        self.isFeed = true
        do {
            self.remark = try Self.translate(&input, to: self.path)
        } catch {
            unlink(self.path)
            throw error
        }
    }

    /// Removes the temporary file. A reader that has opened it can continue to read it.
    func remove() {
        if self.isFeed { unlink(self.path) }
    }

    /// Translates a feed into a file. Returns the sentence about the lines that were not used; nil if all were.
    private static func translate(_ input: inout Input, to path: String) throws(RecordingError) -> String? {
        do {
            let file = try OutputTarget(path).begin(mode: 0o600)
            var dialect = StreamDialect(FeedReader(FeedClock()), hasPreface: true)
            while let lines = try input.lines() {
                try Self.write(dialect.take(lines, at: nil) + dialect.flush(at: nil), to: file)
            }
            try Self.write(dialect.finish(at: nil), to: file)
            try file.finish()
            if let refusal = dialect.refusal { throw RecordingError("\(input.name) cannot be read: \(refusal)") }
            guard let first = dialect.faults.first else { return nil }
            let count = dialect.faults.count
            return "\(count) \(count == 1 ? "line" : "lines") of the feed could not be used; the first: \(first)"
        } catch {
            throw error as? RecordingError ?? RecordingError("\(input.name) cannot be translated into a recording: \(error)")
        }
    }

    private static func write(_ lines: [[UInt8]], to file: OutputFile) throws(FileFault) {
        if !lines.isEmpty { try file.append(Array(lines.map { $0 + [0x0A] }.joined())) }
    }

    /// The lines of a file or of standard input, in blocks.
    private struct Input {
        let name: String
        private let descriptor: Int32
        private var splitter = LineSplitter(limit: AttachLimits.snapshot)
        private var buffer = [UInt8](repeating: 0, count: FeedFile.blockLength)
        /// The lines that were read to see whether they are a feed.
        private var first: [[UInt8]]?
        private var isAtEnd = false

        init(_ descriptor: Int32, _ name: String) {
            self.descriptor = descriptor
            self.name = name
        }

        var isRegularFile: Bool {
            var status = stat()
            return fstat(self.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }

        /// Whether one of the first lines is the first line of a feed. A recording has none before its first line.
        mutating func beginsWithFeed(within count: Int) throws(RecordingError) -> Bool {
            var lines: [[UInt8]] = []
            var blocks = 0
            // Standard input may arrive in small pieces.
            while lines.count < count, blocks < FeedFile.firstBlocks || !self.isRegularFile, let next = try self.read() {
                blocks += 1
                lines += next
                if lines.contains(where: { FeedReader.begins(with: $0[...]) }) { break }
                if lines.contains(where: { $0.starts(with: Array(#"{"n":"#.utf8)) }) { break }
            }
            self.first = lines
            return lines.prefix(count).contains { FeedReader.begins(with: $0[...]) }
        }

        /// The next lines; nil at the end.
        mutating func lines() throws(RecordingError) -> [[UInt8]]? {
            if let first = self.first.take() { return first }
            return try self.read()
        }

        private mutating func read() throws(RecordingError) -> [[UInt8]]? {
            if self.isAtEnd { return nil }
            while true {
                let count = Foundation.read(self.descriptor, &self.buffer, self.buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw RecordingError("\(self.name) cannot be read: \(FileFault.words(errno))") }
                self.isAtEnd = count == 0
                do throws(LineTooLong) {
                    // The last line may have no line feed.
                    if count == 0 { return self.splitter.rest > 0 ? try self.splitter.take([0x0A]) : nil }
                    return try self.splitter.take(self.buffer[..<count])
                } catch {
                    throw RecordingError("\(self.name) is not a feed: \(error)")
                }
            }
        }
    }
}
