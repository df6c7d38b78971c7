/// Measures of a JSON document that has not been decoded. Its strings are found by their quotes.
enum JSONTexts {
    /// Calls `body` with the range of each string, without its quotes. O(bytes).
    private static func visit(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            let start = position + 1
            position = start
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
            }
            body(start..<min(position, bytes.count))
            position += 1
        }
    }

    /// The length of the longest string, in bytes of its JSON form.
    static func longest(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var longest = 0
            self.visit(bytes) { longest = max(longest, $0.count) }
            return longest
        }
    }

    /// The deepest nesting of objects and lists. O(bytes).
    static func depth(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var (depth, deepest, position) = (0, 0, 0)
        func count(_ gap: Slice<UnsafeBufferPointer<UInt8>>) {
            for byte in gap {
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    deepest = max(deepest, depth)
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
        }
        self.visit(bytes) { text in
            count(bytes[position..<text.lowerBound])
            position = text.upperBound
        }
        count(bytes[position...])
        return deepest
    }
}
