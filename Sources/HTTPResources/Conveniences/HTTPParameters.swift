/// The parameters of a query or a form: names with values, in order. A name can occur more than once.
///
/// Names and values are encoded when they are sent, so they can contain any text:
/// `["q": "tea & milk", "page": "2"]` is the query `q=tea%20%26%20milk&page=2`, and the form `q=tea+%26+milk&page=2`.
public struct HTTPParameters: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private struct Item: Sendable, Hashable {
        let name: String
        let value: String
    }

    private var items: [Item] = []

    /// Creates parameters from a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.items = elements.map(Item.init)
    }

    /// Creates parameters from a dictionary, in the order of the names.
    public init(_ values: [String: String]) {
        self.items = values.sorted { $0.key < $1.key }.map { Item(name: $0.key, value: $0.value) }
    }

    /// Adds a parameter at the end.
    public mutating func append(_ name: String, _ value: String) {
        self.items.append(Item(name: name, value: value))
    }

    /// Whether there are no parameters.
    public var isEmpty: Bool {
        self.items.isEmpty
    }
}

/// Values do not appear, because they often carry tokens.
extension HTTPParameters: CustomStringConvertible, CustomReflectable {
    /// The names in order.
    public var description: String {
        self.items.map(\.name).joined(separator: ", ")
    }

    /// An empty mirror: values can carry secrets.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}

extension HTTPParameters {
    /// The parameters as the query of a URL (RFC 3986): every byte that is not unreserved is percent-encoded.
    var asQuery: String {
        self.encoded(unreserved: "-._~", space: "%20")
    }

    /// The parameters as a body of the type `application/x-www-form-urlencoded`.
    package var asForm: String {
        self.encoded(unreserved: "*-._", space: "+")
    }

    private func encoded(unreserved: String, space: String) -> String {
        func encoded(_ text: String) -> String {
            var result = ""
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                    result.unicodeScalars.append(Unicode.Scalar(byte))
                case UInt8(ascii: " "): result += space
                case _ where unreserved.utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
                default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
                }
            }
            return result
        }
        return self.items.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }
}
