/// The lines of a stream of bytes, split at line feeds as the bytes arrive.
///
/// It keeps at most one incomplete line, and never more bytes of it than its limit.
package struct LineSplitter: Sendable {
    private let limit: Int
    /// The beginning of a line whose line feed has not arrived.
    private var open: [UInt8] = []

    /// Creates a splitter of lines of at most `limit` bytes without their line feeds.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The number of bytes of the incomplete line.
    package var rest: Int { self.open.count }

    /// Adds bytes and returns the lines that they complete, without their line feeds. O(bytes).
    ///
    /// - Throws: ``LineTooLong`` if a line exceeds the limit. The stream cannot be continued: the complete lines in `bytes` and the
    ///   incomplete line are dropped.
    package mutating func take(_ bytes: some Collection<UInt8>) throws(LineTooLong) -> [[UInt8]] {
        // Callers in other modules get an unspecialized copy of this method, so the bytes are read through a buffer.
        let lines =
            bytes.withContiguousStorageIfAvailable { self.split($0) }
            ?? Array(bytes).withUnsafeBufferPointer { self.split($0) }
        guard let lines else {
            self.open = []
            throw LineTooLong(limit: self.limit)
        }
        return lines
    }

    /// The lines that `bytes` complete; nil if a line exceeds the limit.
    private mutating func split(_ bytes: UnsafeBufferPointer<UInt8>) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var begin = 0
        while begin < bytes.count {
            let end = bytes[begin...].firstIndex(of: 0x0A)
            let part = bytes[begin..<(end ?? bytes.count)]
            guard part.count <= self.limit - self.open.count else { return nil }
            self.open.append(contentsOf: part)
            guard let end else { break }
            lines.append(self.open)
            self.open = []
            begin = end + 1
        }
        return lines
    }
}

/// The error of a line that exceeds the limit of a ``LineSplitter``.
package struct LineTooLong: Error, Sendable, Hashable, CustomStringConvertible {
    /// The limit in bytes.
    package let limit: Int

    /// The error as a sentence without a period.
    package var description: String { "a line is longer than \(self.limit) bytes" }
}
