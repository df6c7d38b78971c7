/// Splits bytes into lines. Pure.
///
/// A line ends with a line feed, optionally preceded by a carriage return; neither is part of the line. The last line may end with the
/// input. Only the bytes of unfinished lines are kept.
struct LineSplitter: Sendable {
    private let maximumLength: Int
    private var bytes: [UInt8] = []
    /// The index where the current line begins, and the index up to which it has been searched.
    private var start = 0
    private var searched = 0
    private var number = 0
    private var isAtEnd = false

    init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    mutating func append(_ more: [UInt8]) {
        self.bytes.removeFirst(self.start)
        self.searched -= self.start
        self.start = 0
        self.bytes += more
    }

    /// Marks the end of the input.
    mutating func finish() {
        self.isAtEnd = true
    }

    /// The next line; nil if more bytes are needed or the input has ended.
    mutating func next() throws(FileFailure) -> String? {
        if let end = self.bytes[self.searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = try self.text(upTo: end)
            self.start = end + 1
            self.searched = self.start
            return line
        }
        self.searched = self.bytes.count
        if self.bytes.count - self.start > self.maximumLength { throw self.tooLong(self.number + 1) }
        guard self.isAtEnd, self.start < self.bytes.count else { return nil }
        let line = try self.text(upTo: self.bytes.count)
        self.start = self.bytes.count
        return line
    }

    private mutating func text(upTo end: Int) throws(FileFailure) -> String {
        self.number += 1
        var line = self.bytes[self.start..<end]
        if line.count > self.maximumLength { throw self.tooLong(self.number) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw FileFailure(.notText, "line \(self.number) is not UTF-8")
        }
        return text
    }

    private func tooLong(_ number: Int) -> FileFailure {
        FileFailure(.tooLarge, "line \(number) exceeds the maximum length of \(self.maximumLength) bytes")
    }
}
