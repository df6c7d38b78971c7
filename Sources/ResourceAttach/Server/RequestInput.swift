import ResourceRecording

/// The requests of one client, from its bytes. Pure, and bounded: one incomplete line, and the lines of the bytes taken last.
struct RequestInput: Sendable {
    /// The most bytes to take at once.
    static let chunk = 4096

    private var splitter = LineSplitter(limit: AttachLimits.requestLine)
    private var lines: [[UInt8]] = []
    private var next = 0
    /// Whether no more bytes are taken: the client has closed its side, or sent a line that is too long.
    private(set) var hasEnded = false

    /// The next request, or the fault of its line.
    enum Entry: Sendable {
        case request(AttachRequest)
        case fault(AttachRequestFault)
    }

    /// Whether lines are left to read.
    var hasLines: Bool { self.next < self.lines.count }

    /// Takes bytes of the client; call only while there are no lines left. Returns the fault that ends the input, if there is one.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> AttachRequestFault? {
        if self.hasEnded { return nil }
        do {
            self.lines = try self.splitter.take(bytes).filter { line in !line.allSatisfy(Self.isBlank) }
            self.next = 0
        } catch {
            self.end()
            return AttachRequestFault(id: nil, "\(error); no further line is read")
        }
        return nil
    }

    /// Notes that the client sends no more bytes.
    mutating func end() {
        self.hasEnded = true
        self.splitter = LineSplitter(limit: AttachLimits.requestLine)
    }

    /// Drops everything that was not read.
    mutating func clear() {
        self.end()
        self.lines = []
        self.next = 0
    }

    /// Reads the next line; nil if there is none.
    mutating func read() -> Entry? {
        guard self.hasLines else { return nil }
        let line = self.lines[self.next]
        self.next += 1
        if !self.hasLines {
            self.lines = []
            self.next = 0
        }
        do {
            return .request(try AttachRequest(parsing: line[...]))
        } catch {
            return .fault(error)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0D || byte == 0x09
    }
}
