import LocalSockets
import ResourceContainer

/// The end of the error output of a command. A pure value.
struct ErrorOutput: Sendable {
    private var bytes: [UInt8] = []

    /// The number of bytes that are kept.
    private static let limit = 4 << 10
    /// The number of reads in a row. Together they empty a full pipe, and a command that writes without end delays nothing.
    private static let readsInARow = 16

    /// Reads what has arrived. Returns false at the end of the output.
    ///
    /// - Parameter receive: Reads into a buffer without waiting.
    mutating func collect(_ receive: (inout [UInt8]) -> FileDescriptor.Transfer) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.limit)
        for _ in 0..<Self.readsInARow {
            switch receive(&buffer) {
            case .bytes(let count):
                self.bytes += buffer[..<count]
                self.bytes.removeFirst(max(0, self.bytes.count - Self.limit))
            case .nothing: return true
            case .end, .failed: return false
            }
        }
        return true
    }

    /// The last line that is not blank, as a sentence; nil if there is none.
    var lastLine: String? {
        let lines = String(decoding: self.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last { !$0.allSatisfy(\.isWhitespace) }.map { String($0).asSentence }
    }
}
