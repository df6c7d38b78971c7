import Foundation
import ResourceContainer

/// Random access to the lines of a recording's file. The file is never in memory as a whole, and may be growing.
final class RecordingFile: Sendable {
    /// A line without its line ending.
    struct Line: Sendable {
        var bytes: ArraySlice<UInt8>
        /// The offset of the next line.
        var next: UInt64
        /// Whether the line has a line ending. The last line may be cut off, or be partly written.
        var isWhole: Bool
    }

    private struct Block: Sendable {
        var start: UInt64 = 0
        var bytes: [UInt8] = []
    }

    private static let blockLength = 1 << 20
    /// The longest line held in memory, in bytes: enough for the snapshot of a million instances. Longer lines are returned truncated.
    static let lineLimit = 256 << 20

    private let file: OpenFile
    private let block = Lock(Block())

    init(path: String) throws(RecordingError) {
        self.file = try OpenFile(reading: path)
    }

    var path: String { self.file.path }

    /// The current length of the file in bytes.
    var length: UInt64 { self.file.length }

    /// The line at `offset`; nil at the end of the file.
    func line(at offset: UInt64) -> Line? {
        self.block.withLock { block in
            if offset < block.start || offset >= block.start + UInt64(block.bytes.count) { block = self.read(at: offset, Self.blockLength) }
            while true {
                let begin = Int(offset - block.start)
                guard begin < block.bytes.count else { return nil }
                let end = block.bytes.withUnsafeBufferPointer { bytes -> Int? in
                    guard let base = bytes.baseAddress else { return nil }
                    return memchr(base + begin, 0x0A, bytes.count - begin).map { base.distance(to: $0.assumingMemoryBound(to: UInt8.self)) }
                }
                if let end {
                    return Line(bytes: block.bytes[begin..<end], next: block.start + UInt64(end) + 1, isWhole: true)
                }
                if block.bytes.count - begin > Self.lineLimit { return self.skipLine(&block, from: offset) }
                // A long line needs more than a block. The length doubles each time, so that the line is read at most twice.
                let more = self.read(at: offset, max(Self.blockLength, (block.bytes.count - begin) * 2))
                if more.bytes.count <= block.bytes.count - begin {
                    let rest = block.bytes[begin...]
                    return Line(bytes: rest, next: offset + UInt64(rest.count), isWhole: false)
                }
                block = more
            }
        }
    }

    /// Skips a line that exceeds the limit. Returns its beginning and the offset of the next line.
    private func skipLine(_ block: inout Block, from offset: UInt64) -> Line {
        let beginning = block.bytes[Int(offset - block.start)...].prefix(RecordingLine.beginning.count)
        var position = block.start + UInt64(block.bytes.count)
        while true {
            block = self.read(at: position, Self.blockLength)
            if let end = block.bytes.firstIndex(of: 0x0A) { return Line(bytes: beginning, next: position + UInt64(end) + 1, isWhole: true) }
            position += UInt64(block.bytes.count)
            if block.bytes.isEmpty { return Line(bytes: beginning, next: position, isWhole: false) }
        }
    }

    private func read(at offset: UInt64, _ length: Int) -> Block {
        Block(start: offset, bytes: self.file.read(at: offset, length))
    }
}

/// An error of reading or writing a recording.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The error for users.
    public let description: String
    /// Whether a recording that had begun could not be continued, for example because the disk is full.
    public let isCutOff: Bool

    package init(_ description: String, isCutOff: Bool = false) {
        self.description = description
        self.isCutOff = isCutOff
    }
}
