import Foundation
import ResourceContainer

@testable import ResourceRecording

/// The bytes that recordings had before they were written by hand: those of `JSONEncoder`, with long texts cut in a second pass.
enum JSONOracle {
    static func bytes(of value: some Encodable, textLimit: Int = RecordingEncoder.textLimit) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return self.cut(Array(try encoder.encode(value)), to: textLimit)
    }

    /// The document with every string longer than `limit` bytes cut to `limit` bytes and an ellipsis.
    private static func cut(_ bytes: [UInt8], to limit: Int) -> [UInt8] {
        var (result, done, position) = ([UInt8](), 0, 0)
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            let start = position + 1
            position = start
            while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
            if position - start > limit {
                result += bytes[done..<self.end(of: start..<position, in: bytes, limit)]
                result += Array("…".utf8)
                done = position
            }
            position += 1
        }
        return result + bytes[done...]
    }

    /// The last position up to `limit` that splits neither an escape nor a character.
    private static func end(of text: Range<Int>, in bytes: [UInt8], _ limit: Int) -> Int {
        var (end, position) = (text.lowerBound, text.lowerBound)
        while position <= text.lowerBound + limit {
            end = position
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += bytes[position + 1] == UInt8(ascii: "u") ? 6 : 2
            default:
                position += 1
                while position < text.upperBound, bytes[position] & 0xC0 == 0x80 { position += 1 }
            }
        }
        return end
    }
}

/// The body of an `input` line for `JSONEncoder`.
struct EncodedInput: Encodable {
    var missed: UInt64?
    var snapshot: ContainerSnapshot?
    var events: [EncodedEvent]?
    var samples: RecordedSamples?

    init(missed: UInt64, snapshot: ContainerSnapshot?, events: [ResourceEvent], samples: RecordedSamples?) {
        self.missed = missed > 0 ? missed : nil
        self.snapshot = snapshot
        self.events = events.isEmpty ? nil : events.map { EncodedEvent($0) }
        self.samples = samples
    }
}
