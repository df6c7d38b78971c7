import ResourceContainer

/// One line of a recording in the form of the file: `{"n":3,"t":1250000000,"kind":"input","body":{…},"crc":"1a2b3c4d"}`.
///
/// `n` is the number of the line, which reveals missing lines; `t` is the container's time in nanoseconds; `crc` is the CRC-32 of
/// everything before it, so that no damaged figure is ever shown.
struct RecordingLine: Sendable, Equatable {
    /// The kinds of lines in this version. Kinds added by newer versions are skipped. `beat`, `answer`, and `report` occur in attached
    /// streams only, and change nothing that is recorded.
    enum Kind: String, Sendable {
        /// The header; the first line.
        case header
        /// A snapshot of the container, from which inputs continue at the beginning and after damage.
        case snapshot
        /// One input of a monitor.
        case input
        /// The end of a complete recording.
        case end
        /// A sign of life of the server of an attached stream. It contains no input.
        case beat
        /// The answer to a request of the client of an attached stream.
        case answer
        /// The figures of the process's monitor, in an attached stream.
        case report
    }

    var number: UInt64
    var time: TimeSource.Instant
    var kind: String
    /// A JSON object.
    var body: [UInt8]

    /// The reason why a line cannot be read.
    enum Fault: Error, Sendable, Equatable {
        /// The line is malformed.
        case form
        /// The checksum does not match.
        case checksum

        var reason: String {
            switch self {
            case .form: "it is not a line of a recording"
            case .checksum: "its checksum does not match"
            }
        }
    }

    /// The first bytes of every line.
    static let beginning = Array(#"{"n":"#.utf8)

    private static let sumLength = #","crc":"00000000"}"#.utf8.count

    /// The line with its line ending.
    var bytes: [UInt8] {
        var json = JSONBytes()
        Self.begin(&json, number: self.number, time: self.time, kind: self.kind)
        json.raw(self.body)
        Self.end(&json)
        return json.bytes
    }

    /// Writes the fields of a line before its body.
    static func begin(_ json: inout JSONBytes, number: UInt64, time: TimeSource.Instant, kind: String) {
        json.open("{")
        json.field("n", number)
        json.field("t", time)
        json.field("kind", kind)
        json.key("body")
    }

    /// Writes the checksum of everything written, and the line ending.
    static func end(_ json: inout JSONBytes) {
        let sum = Checksum.of(json.buffer)
        json.raw(#","crc":""#)
        json.raw(hexadecimal: sum)
        json.raw("\"}\n")
    }

    init(number: UInt64, time: TimeSource.Instant, kind: Kind, body: [UInt8]) {
        self.number = number
        self.time = time
        self.kind = kind.rawValue
        self.body = body
    }

    /// Parses a line without its line ending. A trailing carriage return is ignored.
    init(parsing bytes: ArraySlice<UInt8>) throws(Fault) {
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        guard bytes.count > Self.sumLength else { throw .form }
        let split = bytes.endIndex - Self.sumLength
        var tail = Scanner(bytes[split...])
        guard tail.skip(#","crc":""#) else { throw .form }
        let digits = bytes[(bytes.endIndex - 10)..<(bytes.endIndex - 2)]
        guard let sum = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), bytes[(bytes.endIndex - 2)...].elementsEqual("\"}".utf8)
        else {
            throw .form
        }
        guard bytes[..<split].withUnsafeBufferPointer({ Checksum.of($0) }) == sum else { throw .checksum }
        var head = Scanner(bytes[..<split])
        guard head.skip(#"{"n":"#), let number = head.number(), number >= 0, head.skip(#","t":"#), let time = head.number(),
            head.skip(#","kind":""#), let kind = head.word(), head.skip(#"","body":"#)
        else { throw .form }
        self.number = UInt64(number)
        self.time = TimeSource.Instant(nanoseconds: time)
        self.kind = kind
        self.body = Array(head.rest)
    }
}

/// A scanner of the first fields of a line.
private struct Scanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard self.rest.starts(with: text) else { return false }
            self.rest = self.rest.dropFirst(text.count)
            return true
        }
    }

    mutating func number() -> Int64? {
        let digits = self.rest.prefix { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        self.rest = self.rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    mutating func word() -> String? {
        let letters = self.rest.prefix { $0 != UInt8(ascii: "\"") }
        self.rest = self.rest.dropFirst(letters.count)
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without a leading UTF-8 byte order mark.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        self.starts(with: [0xEF, 0xBB, 0xBF]) ? self.dropFirst(3) : self
    }
}
