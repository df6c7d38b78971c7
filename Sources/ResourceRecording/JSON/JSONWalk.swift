/// Goes over JSON without decoding it: finds where values begin and end. What lies inside of them is not judged.
struct JSONWalk {
    /// This is not JSON, or not the JSON that was expected.
    struct Fault: Error {}

    let bytes: UnsafeBufferPointer<UInt8>
    /// What comes next.
    private(set) var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Whether nothing comes any more.
    var isAtEnd: Bool {
        self.bytes[self.place...].allSatisfy { $0 <= UInt8(ascii: " ") }
    }

    /// Goes over `byte`.
    mutating func expect(_ byte: Unicode.Scalar) throws(Fault) {
        guard self.skip(byte) else { throw Fault() }
    }

    /// Goes over `byte`, if it comes next.
    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        self.skipBlanks()
        guard self.place < self.bytes.count, self.bytes[self.place] == UInt8(ascii: byte) else { return false }
        self.place += 1
        return true
    }

    /// Goes over a text; the range is what stands between its quotes.
    mutating func text() throws(Fault) -> Range<Int> {
        try self.expect("\"")
        let start = self.place
        while self.place < self.bytes.count {
            switch self.bytes[self.place] {
            case UInt8(ascii: "\""):
                self.place += 1
                return start..<(self.place - 1)
            case UInt8(ascii: "\\"): self.place += 2
            default: self.place += 1
            }
        }
        throw Fault()
    }

    /// Goes over a value of any kind.
    mutating func value() throws(Fault) -> Range<Int> {
        self.skipBlanks()
        let start = self.place
        var depth = 0
        repeat {
            guard self.place < self.bytes.count else { throw Fault() }
            switch self.bytes[self.place] {
            case UInt8(ascii: "\""): _ = try self.text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                self.place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                self.place += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                self.place += 1
            default:
                while self.place < self.bytes.count, !Self.endsWord(self.bytes[self.place]) { self.place += 1 }
            }
        } while depth > 0
        guard depth == 0, self.place > start else { throw Fault() }
        return start..<self.place
    }

    /// Goes over the entries between two brackets.
    mutating func list(from open: Unicode.Scalar, to close: Unicode.Scalar, _ entry: (inout JSONWalk) throws -> Void) throws {
        try self.expect(open)
        if self.skip(close) { return }
        repeat { try entry(&self) } while self.skip(",")
        try self.expect(close)
    }

    /// A whole number, as it stands.
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
        while self.place < self.bytes.count, self.bytes[self.place] <= UInt8(ascii: " ") { self.place += 1 }
    }
}
