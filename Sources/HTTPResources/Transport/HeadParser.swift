/// Reads the lines of a response head, as RFC 9110 and 9112 define them. Pure.
///
/// It is lenient where a recipient may be: lines without a colon and headers with invalid names are ignored, and folded lines are joined.
/// It refuses what makes the length of the body uncertain.
struct HeadParser: Sendable {
    /// The meaning of a line.
    enum Step: Sendable {
        /// The head is not complete.
        case more
        case complete(HTTPHead)
        /// The response is not valid.
        case fault(String)
    }

    /// The maximum size of a head in bytes, with the heads of interim responses before it and the trailer after the body.
    static let maximumSize = 262_144

    /// Whether the response to this method has no body.
    private let isHead: Bool
    /// Whether libcurl decompresses the encodings of the content. It always decompresses those of the transfer.
    private let isDecompressed: Bool
    private var size = 0
    private var status: Int?
    private var headers: [String: String] = [:]
    /// The name of the header in the last line, which a folded line continues.
    private var last: String?
    private var isComplete = false

    init(isHead: Bool, isDecompressed: Bool) {
        self.isHead = isHead
        self.isDecompressed = isDecompressed
    }

    /// Takes a line with its end.
    mutating func take(_ bytes: some Collection<UInt8>) -> Step {
        let step = bytes.withContiguousStorageIfAvailable { self.take(line: $0) }
        return step ?? Array(bytes).withUnsafeBufferPointer { self.take(line: $0) }
    }

    /// Takes a line with its end. The bytes are read during the call only, and in place: an array of them would be allocated for each line.
    private mutating func take(line bytes: UnsafeBufferPointer<UInt8>) -> Step {
        self.size += bytes.count
        if self.size > Self.maximumSize { return .fault("the head is larger than \(Self.maximumSize) bytes") }
        // The trailer of a body has no meaning for the client.
        if self.isComplete { return .more }
        var end = bytes.count
        while end > 0, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = bytes[..<end]
        guard let status = self.status else { return self.takeStatus(line) }
        if line.isEmpty { return self.end(status) }
        if Self.isBlank(line[0]) {
            if let last { self.append(Self.text(line), to: last, " ") }
        } else {
            self.takeHeader(line)
        }
        return .more
    }

    private mutating func takeStatus(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Step {
        // Empty lines may precede a response.
        if line.isEmpty { return .more }
        let space = UInt8(ascii: " ")
        let rest = line.drop { $0 != space }.drop { $0 == space }
        guard !rest.isEmpty, line.starts(with: "HTTP/".utf8) else { return .fault("the response does not begin with a status line") }
        let digits = rest.prefix { $0 != space }
        let status = digits.count == 3 ? digits.reduce(0) { $0 * 10 + (Self.digit($1) ?? 1000) } : 0
        guard 100...999 ~= status else { return .fault("the status is not a number of three digits") }
        self.status = status
        self.headers = [:]
        self.last = nil
        return .more
    }

    private mutating func takeHeader(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        self.last = nil
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return }
        let name = line[..<colon]
        guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return }
        let key = String(unsafeUninitializedCapacity: name.count) { buffer in
            // Writes exactly `name.count` bytes, all of them ASCII.
            buffer.initialize(fromContentsOf: name.lazy.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 })
        }
        self.append(Self.text(line[(colon + 1)...]), to: key, ", ")
        self.last = key
    }

    /// Appends to the value of a header in place: a copy for each of 80,000 lines would block the client's thread for seconds.
    private mutating func append(_ text: String, to name: String, _ separator: String) {
        guard let index = self.headers.index(forKey: name) else {
            self.headers[name] = text
            return
        }
        self.headers.values[index] += separator
        self.headers.values[index] += text
    }

    private mutating func end(_ status: Int) -> Step {
        if status == 101 { return .fault("the server switched to a protocol that was not requested") }
        if status < 200 {
            self.status = nil
            return .more
        }
        self.isComplete = true
        let hasBody = !self.isHead && status != 204 && status != 304
        var announced: Int64?
        if self.headers["transfer-encoding"] == nil, let text = self.headers["content-length"] {
            guard let size = Self.size(text) else { return .fault("the size of the body is not one number") }
            announced = size
        }
        if hasBody, self.compressions > 1 { return .fault("the body is compressed more than once") }
        return .complete(HTTPHead(status: status, headers: self.headers, announcedSize: announced, hasBody: hasBody))
    }

    /// The number of compressions of the body. A body that is compressed twice can grow a millionfold within one read.
    private var compressions: Int {
        if self.headers["content-encoding"] == nil, self.headers["transfer-encoding"] == nil { return 0 }
        return (self.isDecompressed ? ["content-encoding", "transfer-encoding"] : ["transfer-encoding"]).map { name in
            (self.headers[name] ?? "").split(separator: ",").filter { coding in
                let coding = coding.drop { $0 == " " }.lowercased()
                return !coding.hasPrefix("identity") && !coding.hasPrefix("chunked") && !coding.isEmpty
            }.count
        }.reduce(0, +)
    }

    /// The value of `Content-Length`; nil if it is not a number, or several different ones. A number beyond 64 bits counts as the largest.
    private static func size(_ text: String) -> Int64? {
        if let size = Self.number(text) { return size }
        var result: Int64?
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = part.drop { $0 == " " }
            guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
            let size = Int64(digits) ?? .max
            if let result, result != size { return nil }
            result = size
        }
        return result
    }

    /// The number that the text consists of; nil if there are other characters than digits, or too many digits for 64 bits.
    private static func number(_ text: String) -> Int64? {
        let digits = text.utf8
        guard 1...18 ~= digits.count else { return nil }
        var number: Int64 = 0
        for byte in digits {
            guard let digit = Self.digit(byte) else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }

    private static func digit(_ byte: UInt8) -> Int? {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? Int(byte) - 0x30 : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// The text of a header's value, without the blanks around it. Bytes that are not UTF-8 are Latin-1; a NUL becomes a space.
    private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var value = bytes.drop(while: Self.isBlank)
        while let last = value.last, Self.isBlank(last) { value.removeLast() }
        let isPrintable = value.allSatisfy { $0 > 0x1F && $0 < 0x7F }
        if isPrintable {
            return String(unsafeUninitializedCapacity: value.count) { buffer in
                // Writes exactly `value.count` bytes, all of them ASCII.
                buffer.initialize(fromContentsOf: value)
            }
        }
        let bytes = value.map { $0 == 0 || $0 == 0x0D ? 0x20 : $0 }
        return String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
