import Foundation
import ResourceRecording

extension JSONWalk {
    /// Calls `field` with the name of each field of an object, at its value.
    mutating func fields(_ field: (String, inout JSONWalk) throws -> Void) throws {
        try self.list(from: "{", to: "}") { walk in
            let name = try walk.string()
            try walk.expect(":")
            try field(name, &walk)
        }
    }

    /// Reads a string.
    mutating func string() throws -> String {
        let range = try self.text()
        let text = self.bytes[range]
        if !text.contains(UInt8(ascii: "\\")) {
            guard let plain = String(validating: text, as: UTF8.self) else { throw Fault() }
            return plain
        }
        // The decoder reads UTF-16 and UTF-32 as well, which contain zero bytes.
        guard !text.contains(0) else { throw Fault() }
        return try JSONDecoder().decode(String.self, from: Data(self.bytes[range.lowerBound - 1..<range.upperBound + 1]))
    }

    /// Reads a list of strings, or `null` in its place.
    mutating func strings() throws -> [String] {
        guard self.skip("[") else {
            guard self.bytes[try self.value()].elementsEqual("null".utf8) else { throw Fault() }
            return []
        }
        var strings: [String] = []
        if self.skip("]") { return strings }
        repeat { strings.append(try self.string()) } while self.skip(",")
        try self.expect("]")
        return strings
    }
}
