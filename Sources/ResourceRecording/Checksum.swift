/// CRC-32 as in ISO 3309 and zlib, used to detect damaged lines.
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    /// The checksum of `bytes`. O(bytes).
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        Self.table.withUnsafeBufferPointer { table in
            ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
        }
    }
}
