import Foundation
import ResourceContainer

/// The lines of a recording's file, read where they are asked for: the file is never in memory as a whole, and may be growing.
final class RecordingFile: Sendable {
    /// A line without its end.
    struct Line: Sendable {
        var bytes: ArraySlice<UInt8>
        /// Where the next one begins.
        var next: UInt64
        /// Whether it ends as a line does. The last one may be cut off, or be in the middle of being written.
        var isWhole: Bool
    }

    private struct Block: Sendable {
        var start: UInt64 = 0
        var bytes: [UInt8] = []
    }

    private static let blockLength = 1 << 20
    /// The longest line that is held in memory; the picture of a million instances. Of a longer one only the beginning is returned.
    static let lineLimit = 256 << 20

    private let file: OpenFile
    private let block = Lock(Block())

    init(path: String) throws(RecordingError) {
        self.file = try OpenFile(reading: path)
    }

    var path: String { self.file.path }

    /// How many bytes there are now.
    var length: UInt64 { self.file.length }

    /// The line that begins at `offset`; nil at the end.
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
                // A long line needs more than a block: twice as much each time, so that the whole is read at most twice.
                let more = self.read(at: offset, max(Self.blockLength, (block.bytes.count - begin) * 2))
                if more.bytes.count <= block.bytes.count - begin {
                    let rest = block.bytes[begin...]
                    return Line(bytes: rest, next: offset + UInt64(rest.count), isWhole: false)
                }
                block = more
            }
        }
    }

    /// A line that is too long to be one: its beginning, and where the next one is.
    private func skipLine(_ block: inout Block, from offset: UInt64) -> Line {
        let beginning = block.bytes[Int(offset - block.start)...].prefix(RecordingLine.beginning.count)
        var place = block.start + UInt64(block.bytes.count)
        while true {
            block = self.read(at: place, Self.blockLength)
            if let end = block.bytes.firstIndex(of: 0x0A) { return Line(bytes: beginning, next: place + UInt64(end) + 1, isWhole: true) }
            place += UInt64(block.bytes.count)
            if block.bytes.isEmpty { return Line(bytes: beginning, next: place, isWhole: false) }
        }
    }

    private func read(at offset: UInt64, _ length: Int) -> Block {
        Block(start: offset, bytes: self.file.read(at: offset, length))
    }
}

/// What is wrong with a recording, for people.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Whether a recording that had begun could not be written on, as on a disk that is full.
    public let isCutOff: Bool

    init(_ description: String, isCutOff: Bool = false) {
        self.description = description
        self.isCutOff = isCutOff
    }
}
