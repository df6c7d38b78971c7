/// A name from a fixed set of names in a file.
package typealias JSONName = Hashable & RawRepresentable<String> & CaseIterable & Sendable

/// A lookup of names by their bytes, without creating strings.
package struct JSONNames<Name: JSONName>: Sendable {
    private struct Entry: Sendable {
        /// Its first eight bytes.
        var head: UInt64
        var bytes: [UInt8]
        var name: Name
    }

    private let entries: [Entry]

    package init() {
        self.entries = Name.allCases.map { name in
            let bytes = Array(name.rawValue.utf8)
            return Entry(head: Self.head(bytes), bytes: bytes, name: name)
        }
    }

    /// The name with these bytes; nil if there is none. O(names).
    func name(of bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Name? {
        let head = Self.head(bytes)
        for entry in self.entries where entry.head == head && entry.bytes.count == bytes.count {
            if bytes.count <= 8 || bytes.elementsEqual(entry.bytes) { return entry.name }
        }
        return nil
    }

    private static func head(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
