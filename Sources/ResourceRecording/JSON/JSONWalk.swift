/// A scanner that finds the ranges of JSON values without decoding or validating them.
package struct JSONWalk {
    /// An error for malformed or unexpected JSON.
    package struct Fault: Error {
        package init() {}
    }

    package let bytes: UnsafeBufferPointer<UInt8>
    /// The index of the next byte.
    package private(set) var position = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Whether only whitespace remains.
    package var isAtEnd: Bool {
        self.bytes[self.position...].allSatisfy { $0 <= UInt8(ascii: " ") }
    }

    /// Skips `byte`, which must be next.
    package mutating func expect(_ byte: Unicode.Scalar) throws(Fault) {
        guard self.skip(byte) else { throw Fault() }
    }

    /// Skips `byte` if it is next. Returns whether it was.
    package mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        self.skipBlanks()
        guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: byte) else { return false }
        self.position += 1
        return true
    }

    /// Skips a string and returns the range between its quotes.
    package mutating func text() throws(Fault) -> Range<Int> {
        try self.expect("\"")
        let start = self.position
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case UInt8(ascii: "\""):
                self.position += 1
                return start..<(self.position - 1)
            case UInt8(ascii: "\\"): self.position += 2
            default: self.position += 1
            }
        }
        throw Fault()
    }

    /// Skips a value of any type and returns its range.
    package mutating func value() throws(Fault) -> Range<Int> {
        self.skipBlanks()
        let start = self.position
        var depth = 0
        repeat {
            self.skipBlanks()
            guard self.position < self.bytes.count else { throw Fault() }
            switch self.bytes[self.position] {
            case UInt8(ascii: "\""): _ = try self.text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                self.position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                self.position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                self.position += 1
            default:
                while self.position < self.bytes.count, !Self.endsWord(self.bytes[self.position]) { self.position += 1 }
            }
        } while depth > 0
        guard depth == 0, self.position > start else { throw Fault() }
        return start..<self.position
    }

    /// Calls `entry` at each comma-separated entry between two brackets.
    package mutating func list(from open: Unicode.Scalar, to close: Unicode.Scalar, _ entry: (inout JSONWalk) throws -> Void) throws {
        try self.expect(open)
        if self.skip(close) { return }
        repeat { try entry(&self) } while self.skip(",")
        try self.expect(close)
    }

    /// Parses an integer.
    static func number<Number: FixedWidthInteger>(_ digits: Slice<UnsafeBufferPointer<UInt8>>) throws(Fault) -> Number {
        var number: Number = 0
        var rest = digits
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { throw Fault() }
        for byte in rest {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { throw Fault() }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (next, isOver) =
                isNegative
                ? tens.subtractingReportingOverflow(Number(digit)) : tens.addingReportingOverflow(Number(digit))
            guard !isTooLarge, !isOver else { throw Fault() }
            number = next
        }
        return number
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"),
            UInt8(ascii: "\n"), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
            true
        default: false
        }
    }

    private mutating func skipBlanks() {
        while self.position < self.bytes.count, self.bytes[self.position] <= UInt8(ascii: " ") { self.position += 1 }
    }
}
