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
        self.size += bytes.count
        if self.size > Self.maximumSize { return .fault("the head is larger than \(Self.maximumSize) bytes") }
        // The trailer of a body has no meaning for the client.
        if self.isComplete { return .more }
        var line = Array(bytes)
        while line.last == UInt8(ascii: "\n") || line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let status = self.status else { return self.takeStatus(line) }
        if line.isEmpty { return self.end(status) }
        if line[0] == UInt8(ascii: " ") || line[0] == UInt8(ascii: "\t") {
            if let last { self.append(Self.text(line[...]), to: last, " ") }
        } else {
            self.takeHeader(line)
        }
        return .more
    }

    private mutating func takeStatus(_ line: [UInt8]) -> Step {
        // Empty lines may precede a response.
        if line.isEmpty { return .more }
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count >= 2, line.starts(with: Array("HTTP/".utf8)) else {
            return .fault("the response does not begin with a status line")
        }
        guard parts[1].count == 3, let status = Int(String(decoding: parts[1], as: UTF8.self)), status >= 100 else {
            return .fault("the status is not a number of three digits")
        }
        self.status = status
        self.headers = [:]
        self.last = nil
        return .more
    }

    private mutating func takeHeader(_ line: [UInt8]) {
        self.last = nil
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return }
        let name = line[..<colon]
        guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return }
        let key = String(decoding: name, as: UTF8.self).lowercased()
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
        (self.isDecompressed ? ["content-encoding", "transfer-encoding"] : ["transfer-encoding"]).map { name in
            (self.headers[name] ?? "").split(separator: ",").filter { coding in
                let coding = coding.drop { $0 == " " }.lowercased()
                return !coding.hasPrefix("identity") && !coding.hasPrefix("chunked") && !coding.isEmpty
            }.count
        }.reduce(0, +)
    }

    /// The value of `Content-Length`; nil if it is not a number, or several different ones. A number beyond 64 bits counts as the largest.
    private static func size(_ text: String) -> Int64? {
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

    /// The text of a header's value, without the blanks around it. Bytes that are not UTF-8 are Latin-1; a NUL becomes a space.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var value = bytes.drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        if value.contains(0) || value.contains(UInt8(ascii: "\r")) { value = value.map { $0 == 0 || $0 == 0x0D ? 0x20 : $0 }[...] }
        return String(validating: value, as: UTF8.self) ?? String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
    }
}
