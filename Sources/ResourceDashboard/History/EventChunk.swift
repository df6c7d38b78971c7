import ResourceContainer

/// A run of event lines, packed into about 25 bytes a line. All pictures that show the lines share the chunk.
///
/// Packing is lossless: a line that would not decode to an equal line is stored unpacked.
final class EventChunk: Sendable {
    static let length = 256

    /// The time of the newest line.
    let end: TimeSource.Instant
    /// The approximate size of the chunk, in bytes.
    let weight: Int
    /// The indices of the lines that are errors.
    let errors: [UInt8]
    /// The indices of the lines that are warnings or errors.
    let troubles: [UInt8]
    private let first: EventLine
    private let bytes: [UInt8]
    private let texts: [String]
    /// The offset of each line in the bytes.
    private let offsets: [UInt32]
    private let whole: [Int: EventLine]
    /// The identities of the resources that the lines are about, ascending.
    private let resources: [UInt64]

    /// Packs ``length`` lines.
    init(_ lines: [EventLine]) {
        let first = lines[0]
        var writer = FieldWriter(TextTable(limit: 4 * Self.length))
        var (offsets, whole) = ([UInt32](), [Int: EventLine]())
        var (errors, troubles) = ([UInt8](), [UInt8]())
        offsets.reserveCapacity(Self.length)
        for (index, line) in lines.enumerated() {
            offsets.append(UInt32(writer.bytes.count))
            if line.level >= .warn { troubles.append(UInt8(index)) }
            if line.level == .error { errors.append(UInt8(index)) }
            var written = line
            if !writer.code(&written, index: UInt64(index), near: first) { whole[index] = line }
        }
        let (bytes, texts) = (writer.bytes.withUnsafeBufferPointer(Array.init), writer.table.texts)
        for (index, line) in lines.enumerated() where whole[index] == nil {
            if Self.line(index, bytes, texts, offsets, first) != line { whole[index] = line }
        }
        self.first = first
        self.end = lines[lines.count - 1].time
        self.bytes = bytes
        self.texts = texts
        self.offsets = offsets
        self.whole = whole
        self.errors = errors
        self.troubles = troubles
        self.resources = Set(lines.compactMap { $0.resource?.rawValue }).sorted()
        self.weight =
            bytes.count + 4 * offsets.count + 8 * self.resources.count + writer.table.weight + whole.count * Weight.event + 512
    }

    /// The line at `index`. O(1).
    subscript(index: Int) -> EventLine {
        if let line = self.whole[index] { return line }
        return Self.line(index, self.bytes, self.texts, self.offsets, self.first)
    }

    private static func line(_ index: Int, _ bytes: [UInt8], _ texts: [String], _ offsets: [UInt32], _ first: EventLine) -> EventLine {
        var reader = FieldReader(bytes, texts: texts, at: Int(offsets[index]))
        var line = EventLine.blank
        _ = reader.code(&line, index: UInt64(index), near: first)
        return line
    }

    /// Returns the indices of the lines about `resource`, ascending. O(log n) if there are none.
    func indices(of resource: ResourceID) -> [Int] {
        let index = self.resources.partitioningIndex { $0 >= resource.rawValue }
        guard index < self.resources.count, self.resources[index] == resource.rawValue else { return [] }
        return self.offsets.indices.filter { self[$0].resource == resource }
    }
}
