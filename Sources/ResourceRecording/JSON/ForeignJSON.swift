import Foundation

/// JSON from outside of the program, which Foundation's decoder reads only after a check.
///
/// The decoder calls itself for each level of nesting, and traps if there are many. It also reads UTF-16 and UTF-32, in which ``JSONTexts``
/// finds neither strings nor nesting, so only UTF-8 is decoded.
enum ForeignJSON {
    /// Decodes a value. O(bytes).
    ///
    /// - Parameter deepest: The deepest nesting of objects and lists that is decoded.
    /// - Throws: ``Impossible`` if the bytes are not decoded, and the error of the decoder.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: UnsafeBufferPointer<UInt8>,
        deepest: Int = Plausible.depth
    ) throws -> Value {
        try Plausible.check(Self.isUTF8(bytes), "its body is not JSON in UTF-8")
        let depth = JSONTexts.depth(of: bytes)
        try Plausible.check(depth <= deepest, "its values are nested \(depth) levels deep, and the deepest is \(deepest)")
        return try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Decodes a value. O(bytes).
    ///
    /// - Parameter deepest: The deepest nesting of objects and lists that is decoded.
    /// - Throws: ``Impossible`` if the bytes are not decoded, and the error of the decoder.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], deepest: Int = Plausible.depth) throws -> Value {
        try bytes.withUnsafeBufferPointer { try Self.decode(type, from: $0, deepest: deepest) }
    }

    /// Whether the decoder takes the bytes for UTF-8: they begin with an ASCII character instead of a byte order mark, and contain no zero
    /// byte, as all JSON in UTF-16 and UTF-32 does.
    private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, first < 0x80 else { return false }
        return !bytes.contains(0)
    }
}
