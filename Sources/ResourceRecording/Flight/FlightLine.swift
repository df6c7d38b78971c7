import ResourceContainer

/// A line that a flight recorder keeps: a recording's line without its number and its checksum.
///
/// Both depend on the recording that the line becomes part of. The rest, with time, kind, and body, is never changed.
struct FlightLine: Sendable, Hashable {
    /// The line's time.
    let time: TimeSource.Instant
    /// The length of the encoded line, in bytes.
    let length: Int
    /// The bytes from `,"t":` to the end of the body, without spare capacity.
    private let content: [UInt8]

    private static let tailLength = #","crc":"00000000"}"#.utf8.count + 1
    /// The memory of a line besides its bytes: the array, its place in the segment, and the allocator's share.
    private static let overhead = 104

    /// Creates a line from an encoded one with its line feed.
    init(_ encoded: [UInt8], at time: TimeSource.Instant) {
        self.time = time
        self.length = encoded.count
        let start = encoded.dropFirst(RecordingLine.beginning.count).firstIndex(of: UInt8(ascii: ",")) ?? encoded.endIndex
        let end = max(start, encoded.count - Self.tailLength)
        self.content = encoded.withUnsafeBufferPointer { Array($0[start..<end]) }
    }

    /// The approximate memory of the line, in bytes.
    var weight: Int {
        self.content.count + Self.overhead
    }

    /// The line with `number`, its checksum, and its line feed. O(bytes).
    func bytes(number: UInt64) -> [UInt8] {
        var json = JSONBytes(capacity: self.content.count + 64)
        json.open("{")
        json.field("n", number)
        json.raw(self.content)
        RecordingLine.end(&json)
        return json.bytes
    }
}
