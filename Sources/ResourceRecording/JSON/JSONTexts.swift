/// The texts of a JSON document, found by their quotes.
enum JSONTexts {
    /// Goes over the texts, without their quotes, one after the other. O(bytes).
    private static func visit(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var place = 0
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "\"") else {
                place += 1
                continue
            }
            let start = place + 1
            place = start
            while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
            body(start..<min(place, bytes.count))
            place += 1
        }
    }

    /// The length of the longest text, in bytes as it stands there.
    static func longest(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var longest = 0
            self.visit(bytes) { longest = max(longest, $0.count) }
            return longest
        }
    }

    /// The document with every text cut to `limit` bytes and an ellipsis, where it is longer.
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

    /// The last place up to `limit` where neither an escape nor a character is torn.
    private static func end(of text: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>, _ limit: Int) -> Int {
        var (end, place) = (text.lowerBound, text.lowerBound)
        while place <= text.lowerBound + limit {
            end = place
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += bytes[place + 1] == UInt8(ascii: "u") ? 6 : 2
            default:
                place += 1
                while place < text.upperBound, bytes[place] & 0xC0 == 0x80 { place += 1 }
            }
        }
        return end
    }
}
