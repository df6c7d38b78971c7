/// CRC-32 as in ISO 3309 and zlib, used to detect damaged lines.
enum Checksum {
    /// Eight tables of 256 sums: table `n` has the sums of a byte that `n` bytes of zero follow. With them, eight bytes are added at a time.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        for index in 256..<tables.count {
            let sum = tables[index - 256]
            tables[index] = tables[Int(sum & 0xFF)] ^ (sum >> 8)
        }
        return tables
    }()

    /// The checksum of `bytes`. O(bytes).
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { self.sum(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { self.sum($0) }
    }

    private static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        self.tables.withUnsafeBufferPointer { tables in
            var sum = ~UInt32(0)
            var position = 0
            while bytes.count - position >= 8 {
                let low = sum ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
                let first = tables[7 << 8 + Int(low & 0xFF)] ^ tables[6 << 8 + Int(low >> 8 & 0xFF)]
                let second = tables[5 << 8 + Int(low >> 16 & 0xFF)] ^ tables[4 << 8 + Int(low >> 24)]
                let third = tables[3 << 8 + Int(high & 0xFF)] ^ tables[2 << 8 + Int(high >> 8 & 0xFF)]
                let fourth = tables[1 << 8 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
                sum = (first ^ second) ^ (third ^ fourth)
                position += 8
            }
            for byte in bytes[position...] { sum = tables[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
            return ~sum
        }
    }
}
