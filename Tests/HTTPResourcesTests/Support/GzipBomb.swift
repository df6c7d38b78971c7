/// A small gzip file that decompresses to many zero bytes.
enum GzipBomb {
    /// 20 MB in 126 kB.
    static let large = Self.bytes(count: 20_000_000)
    /// 1 kB.
    static let small = Self.bytes(count: 1000)

    /// Returns a file of about `count` zero bytes; its checksum is wrong.
    private static func bytes(count: Int) -> [UInt8] {
        var bits = Bits(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
        // One block with the fixed codes of RFC 1951: a zero, and copies of it.
        bits.append(0b110, count: 3)
        bits.append(0b0011_0000, count: 8)
        for _ in 0..<count / 258 {
            // The length 258 at the distance 1.
            bits.append(0b1100_0101, count: 8)
            bits.append(0, count: 5)
        }
        bits.append(0, count: 7)
        return bits.bytes + Array(repeating: 0, count: 8)
    }

    /// Bits from the lowest of each byte on.
    private struct Bits {
        var bytes: [UInt8]
        /// The bits that are used of the last byte; 8 if it is full.
        private var used = 8

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// Appends the lowest `count` bits of `code`, the highest of them first.
        mutating func append(_ code: UInt8, count: Int) {
            for index in (0..<count).reversed() {
                if self.used == 8 {
                    self.bytes.append(0)
                    self.used = 0
                }
                self.bytes[self.bytes.count - 1] |= (code >> UInt8(index) & 1) << UInt8(self.used)
                self.used += 1
            }
        }
    }
}
