/// The fields of one JSON object as the bytes of their values. Values are decoded on access.
///
/// Most of a recording is events, and each event is a few integers. Foundation's decoder takes several microseconds per event, nearly all
/// of it in generic type lookups; this type takes a tenth of that. Values other than integers and plain strings still use Foundation's
/// decoder.
package struct JSONFields<Key: JSONName> {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The fields found, in document order.
    private var found = InlineArray<16, (key: Key, value: Range<Int>)?>(repeating: nil)

    /// Finds the fields of the object at the position of `walk`, and moves past the object. Fields with other names are skipped. O(bytes).
    package init(_ walk: inout JSONWalk, names: JSONNames<Key>) throws {
        self.bytes = walk.bytes
        var count = 0
        try walk.list(from: "{", to: "}") { walk in
            let name = try walk.text()
            try walk.expect(":")
            let value = try walk.value()
            guard let key = names.name(of: walk.bytes[name]) else { return }
            guard count < 16 else { throw JSONWalk.Fault() }
            self.found[count] = (key, value)
            count += 1
        }
    }

    /// The byte range of a value; nil if the field is absent.
    private func range(_ key: Key) -> Range<Int>? {
        for index in self.found.indices {
            guard let field = self.found[index] else { return nil }
            if field.key == key { return field.value }
        }
        return nil
    }

    /// The bytes of a value; nil if the field is absent.
    package func value(_ key: Key) -> UnsafeBufferPointer<UInt8>? {
        self.range(key).map { UnsafeBufferPointer(rebasing: self.bytes[$0]) }
    }

    /// An integer; nil if the field is absent.
    func number<Number: FixedWidthInteger>(ifPresent key: Key) throws(JSONWalk.Fault) -> Number? {
        guard let range = self.range(key) else { return nil }
        return try JSONWalk.number(self.bytes[range])
    }

    /// An integer.
    func number<Number: FixedWidthInteger>(_ key: Key) throws(JSONWalk.Fault) -> Number {
        guard let number: Number = try self.number(ifPresent: key) else { throw JSONWalk.Fault() }
        return number
    }

    /// An array of integers; empty if the field is absent.
    func numbers<Number: FixedWidthInteger>(_ key: Key) throws -> [Number] {
        guard let value = self.value(key) else { return [] }
        var walk = JSONWalk(value)
        var numbers: [Number] = []
        try walk.list(from: "[", to: "]") { walk in
            numbers.append(try JSONWalk.number(walk.bytes[try walk.value()]))
        }
        return numbers
    }

    /// A string; nil if the field is absent.
    package func text(ifPresent key: Key) throws -> String? {
        guard let range = self.range(key) else { return nil }
        guard range.count >= 2, self.bytes[range.lowerBound] == UInt8(ascii: "\""), !self.bytes[range].contains(UInt8(ascii: "\\")) else {
            return try self.decoded(String.self, key)
        }
        guard let text = String(validating: self.bytes[(range.lowerBound + 1)..<(range.upperBound - 1)], as: UTF8.self) else {
            throw JSONWalk.Fault()
        }
        return text
    }

    /// A string.
    func text(_ key: Key) throws -> String {
        guard let text = try self.text(ifPresent: key) else { throw JSONWalk.Fault() }
        return text
    }

    /// One of a set of names; nil if the string is not one of them.
    func name<Name>(_ key: Key, of names: JSONNames<Name>) throws(JSONWalk.Fault) -> Name? {
        guard let range = self.range(key), range.count >= 2, self.bytes[range.lowerBound] == UInt8(ascii: "\"") else {
            throw JSONWalk.Fault()
        }
        return names.name(of: self.bytes[(range.lowerBound + 1)..<(range.upperBound - 1)])
    }

    /// Any other value, decoded by Foundation's decoder.
    func decoded<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        guard let value = self.value(key) else { throw JSONWalk.Fault() }
        return try ForeignJSON.decode(type, from: value)
    }

    /// Any other value; nil if the field is absent.
    package func decoded<Value: Decodable>(_ type: Value.Type, ifPresent key: Key) throws -> Value? {
        self.range(key) == nil ? nil : try self.decoded(type, key)
    }
}
