/// A writer or reader of the fields of a value in a fixed order, so that one description of a type serves both directions.
///
/// ``FieldWriter`` leaves values unchanged, and ``FieldReader`` replaces them. Small numbers take few bytes.
protocol FieldCoder {
    /// Codes a number with 7 bits in a byte.
    mutating func code(_ value: inout UInt64)
    /// Codes a text in full.
    mutating func code(_ text: inout String)
    /// Codes a text that is likely to recur as its index in a table.
    mutating func codeShared(_ text: inout String)
}

extension FieldCoder {
    /// Codes a number as its difference from `origin`, which may be negative.
    mutating func code(_ value: inout Int64, near origin: Int64 = 0) {
        let distance = value &- origin
        var zigzag = UInt64(bitPattern: (distance << 1) ^ (distance >> 63))
        self.code(&zigzag)
        value = origin &+ (Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
    }

    mutating func code(_ value: inout UInt64, near origin: UInt64) {
        var signed = Int64(bitPattern: value)
        self.code(&signed, near: Int64(bitPattern: origin))
        value = UInt64(bitPattern: signed)
    }

    mutating func code(_ value: inout Int) {
        var wide = Int64(value)
        self.code(&wide)
        value = Int(wide)
    }

    mutating func code(_ value: inout Bool) {
        var number: UInt64 = value ? 1 : 0
        self.code(&number)
        value = number != 0
    }

    /// Codes a value of an enumeration as its index in `allCases`.
    mutating func code<Value: CaseIterable & Equatable>(_ value: inout Value) {
        var index = value.index
        self.code(&index)
        value = Value.allCases[Value.allCases.index(Value.allCases.startIndex, offsetBy: index)]
    }

    /// Codes whether there is a value, and then the value. A reader starts with `blank`.
    mutating func code<Value>(_ value: inout Value?, blank: Value, _ body: (inout Self, inout Value) -> Void) {
        var isPresent = value != nil
        self.code(&isPresent)
        guard isPresent else {
            value = nil
            return
        }
        var present = value ?? blank
        body(&self, &present)
        value = present
    }
}

extension CaseIterable where Self: Equatable {
    /// The index of the value in `allCases`.
    fileprivate var index: Int {
        for (index, other) in Self.allCases.enumerated() where other == self { return index }
        return 0
    }
}

/// A table that stores each text once, identified by its index.
struct TextTable: Sendable {
    private(set) var texts: [String] = []
    private var indices: [String: Int] = [:]
    private let limit: Int

    /// Creates a table of at most `limit` texts.
    init(limit: Int) {
        self.limit = limit
    }

    /// The approximate size of the texts, in bytes. O(n).
    var weight: Int {
        self.texts.reduce(0) { $0 + MemoryLayout<String>.stride + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
    }

    /// Returns the index of `text`, adding it if there is room; nil if the table is full.
    mutating func index(of text: String) -> Int? {
        if let known = self.indices[text] { return known }
        guard self.texts.count < self.limit else { return nil }
        self.indices[text] = self.texts.count
        self.texts.append(text)
        return self.texts.count - 1
    }
}

/// A field coder that appends fields to an array of bytes.
struct FieldWriter: FieldCoder {
    private(set) var bytes: [UInt8] = []
    private(set) var table: TextTable

    init(_ table: TextTable) {
        self.table = table
    }

    mutating func code(_ value: inout UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    mutating func code(_ text: inout String) {
        var count = UInt64(text.utf8.count)
        self.code(&count)
        self.bytes.append(contentsOf: text.utf8)
    }

    mutating func codeShared(_ text: inout String) {
        var index = self.table.index(of: text).map { UInt64($0 + 1) } ?? 0
        self.code(&index)
        if index == 0 { self.code(&text) }
    }
}

/// A field coder that reads the bytes that a ``FieldWriter`` with the same descriptions wrote.
struct FieldReader: FieldCoder {
    private let bytes: [UInt8]
    private let texts: [String]
    private(set) var position: Int

    init(_ bytes: [UInt8], texts: [String], at position: Int = 0) {
        self.bytes = bytes
        self.texts = texts
        self.position = position
    }

    mutating func code(_ value: inout UInt64) {
        value = 0
        var shift: UInt64 = 0
        repeat {
            value |= UInt64(self.bytes[self.position] & 0x7f) << shift
            shift += 7
            self.position += 1
        } while self.bytes[self.position - 1] >= 0x80
    }

    mutating func code(_ text: inout String) {
        var count: UInt64 = 0
        self.code(&count)
        let end = self.position + Int(count)
        text = String(decoding: self.bytes[self.position..<end], as: UTF8.self)
        self.position = end
    }

    mutating func codeShared(_ text: inout String) {
        var index: UInt64 = 0
        self.code(&index)
        if index == 0 { self.code(&text) } else { text = self.texts[Int(index) - 1] }
    }
}
