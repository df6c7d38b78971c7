/// Operations on the strings of a JSON document, which are found by their quotes.
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

    /// The document with every string longer than `limit` bytes cut to `limit` bytes and an ellipsis.
    static func cut(_ document: [UInt8], to limit: Int) -> [UInt8] {
        guard self.longest(in: document) > limit else { return document }
        return document.withUnsafeBufferPointer { bytes in
            var (result, done) = ([UInt8](), 0)
            result.reserveCapacity(bytes.count)
            self.visit(bytes) { text in
                guard text.count > limit else { return }
                result.append(contentsOf: bytes[done..<self.end(of: text, in: bytes, limit)])
                result.append(contentsOf: "…".utf8)
                done = text.upperBound
            }
            result.append(contentsOf: bytes[done...])
            return result
        }
    }

    /// The last position up to `limit` that splits neither an escape nor a character.
    private static func end(of text: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ limit: Int) -> Int {
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
