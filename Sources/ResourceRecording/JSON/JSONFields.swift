import Foundation

/// The fields of one JSON object, as the bytes of their values: what is not asked for is not decoded.
///
/// Events are most of a recording, and each is a handful of whole numbers. Foundation's decoder takes several microseconds for each, nearly all
/// of it looking for generic types; this takes a tenth of that. What is neither a number nor a plain text is still given to the decoder.
struct JSONFields<Key: JSONName> {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Those that were found, in the order in which they stand.
    private var found = InlineArray<16, (key: Key, value: Range<Int>)?>(repeating: nil)

    /// Finds the fields of the object that `walk` stands at, and goes behind its end. Those of other names are passed over. O(bytes).
    init(_ walk: inout JSONWalk, names: JSONNames<Key>) throws {
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

    /// Where a value stands; nil if it is not there.
    private func range(_ key: Key) -> Range<Int>? {
        for index in self.found.indices {
            guard let field = self.found[index] else { return nil }
            if field.key == key { return field.value }
        }
        return nil
    }

    /// The bytes of a value; nil if it is not there.
    func value(_ key: Key) -> UnsafeBufferPointer<UInt8>? {
        self.range(key).map { UnsafeBufferPointer(rebasing: self.bytes[$0]) }
    }

    /// A whole number; nil if it is not there.
    func number<Number: FixedWidthInteger>(ifPresent key: Key) throws(JSONWalk.Fault) -> Number? {
        guard let range = self.range(key) else { return nil }
        return try JSONWalk.number(self.bytes[range])
    }

    /// A whole number.
    func number<Number: FixedWidthInteger>(_ key: Key) throws(JSONWalk.Fault) -> Number {
        guard let number: Number = try self.number(ifPresent: key) else { throw JSONWalk.Fault() }
        return number
    }

    /// A list of whole numbers; empty if it is not there.
    func numbers<Number: FixedWidthInteger>(_ key: Key) throws -> [Number] {
        guard let value = self.value(key) else { return [] }
        var walk = JSONWalk(value)
        var numbers: [Number] = []
        try walk.list(from: "[", to: "]") { walk in
            numbers.append(try JSONWalk.number(walk.bytes[try walk.value()]))
        }
        return numbers
    }

    /// A text; nil if it is not there.
    func text(ifPresent key: Key) throws -> String? {
        guard let range = self.range(key) else { return nil }
        guard range.count >= 2, self.bytes[range.lowerBound] == UInt8(ascii: "\""), !self.bytes[range].contains(UInt8(ascii: "\\")) else {
            return try self.decoded(String.self, key)
        }
        guard let text = String(validating: self.bytes[(range.lowerBound + 1)..<(range.upperBound - 1)], as: UTF8.self) else {
            throw JSONWalk.Fault()
        }
        return text
    }

    /// A text.
    func text(_ key: Key) throws -> String {
        guard let text = try self.text(ifPresent: key) else { throw JSONWalk.Fault() }
        return text
    }

    /// One of a few names; nil if it is none of them.
    func name<Name>(_ key: Key, of names: JSONNames<Name>) throws(JSONWalk.Fault) -> Name? {
        guard let range = self.range(key), range.count >= 2, self.bytes[range.lowerBound] == UInt8(ascii: "\"") else {
            throw JSONWalk.Fault()
        }
        return names.name(of: self.bytes[(range.lowerBound + 1)..<(range.upperBound - 1)])
    }

    /// Whatever else there is, by Foundation's decoder.
    func decoded<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        guard let value = self.value(key) else { throw JSONWalk.Fault() }
        return try JSONDecoder().decode(type, from: Data(value))
    }

    /// The same; nil if it is not there.
    func decoded<Value: Decodable>(_ type: Value.Type, ifPresent key: Key) throws -> Value? {
        self.range(key) == nil ? nil : try self.decoded(type, key)
    }
}
