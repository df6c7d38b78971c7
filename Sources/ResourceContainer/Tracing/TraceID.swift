/// The identifier of a distributed trace, in the form that the tracer prints, such as 32 hexadecimal digits.
///
/// It contains 1 to 64 ASCII letters, digits, `-`, `_`, and `.`, so that it needs no escaping in any output.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    /// The largest number of characters.
    public static let limit = 64

    /// The text of the identifier.
    public let rawValue: String

    /// Creates an identifier; nil if `rawValue` is empty, too long, or has other characters.
    public init?(_ rawValue: String) {
        let isValid = rawValue.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isValid, (1...Self.limit).contains(rawValue.utf8.count) else { return nil }
        self.rawValue = rawValue
    }

    /// The text of the identifier.
    public var description: String {
        self.rawValue
    }
}

// An identifier is encoded as its text.

extension TraceID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = TraceID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a trace identifier has invalid characters or length")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}
