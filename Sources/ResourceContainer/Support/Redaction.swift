extension String {
    /// This text without the passwords that it gives away: `postgres://app:secret@db/shop` becomes `postgres://app:***@db/shop`, and
    /// `password=secret`, as in connection strings and queries, becomes `password=***`. Everything else stays as it is.
    ///
    /// The container does this with every text that reaches an event, an error, a report or a snapshot: errors of drivers quote what they
    /// were given. It makes such texts short and visible at the same time. A URL that is written wrongly, with a `/` in its password, is taken to mean the password too. O(length); texts
    /// with neither `@` nor `=` are only looked through once.
    public var withoutPasswords: String {
        let isSuspect = self.utf8.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "=") }
        return isSuspect ? Redaction(self).text : self
    }
}

/// Finds passwords in a text and leaves them out.
private struct Redaction {
    private let bytes: [UInt8]
    private var result: [UInt8] = []

    private static let stars = Array("***".utf8)
    private static let names = [Array("password".utf8), Array("passwd".utf8), Array("pwd".utf8)]

    init(_ text: String) {
        self.bytes = Array(text.utf8)
        self.result.reserveCapacity(self.bytes.count)
        var place = 0
        while place < self.bytes.count {
            let secret = self.userInfo(at: place) ?? self.parameter(at: place)
            guard let secret else {
                self.result.append(self.bytes[place])
                place += 1
                continue
            }
            self.result += self.bytes[place..<secret.lowerBound]
            self.result += Self.stars
            place = secret.upperBound
        }
    }

    /// The bytes are those of a text in which whole ASCII characters were replaced: it stays UTF-8.
    var text: String {
        String(decoding: self.result, as: UTF8.self)
    }

    /// The password of the URL whose `://` begins here.
    private func userInfo(at place: Int) -> Range<Int>? {
        guard self.has(Array("://".utf8), at: place) else { return nil }
        let start = place + 3
        let word = self.end(from: start) { Self.endsWord($0) }
        let authority = self.end(from: start) {
            Self.endsWord($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
        }
        guard let colon = self.bytes[start..<authority].firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var at = self.bytes[start..<authority].lastIndex(of: UInt8(ascii: "@"))
        // What looks like a port and is none is the beginning of a password with a character that ends an authority.
        let isPort = self.bytes[(colon + 1)..<authority].allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        if at == nil, !isPort, self.bytes[start] != UInt8(ascii: "[") { at = self.bytes[start..<word].lastIndex(of: UInt8(ascii: "@")) }
        guard let at, colon < at else { return nil }
        return colon + 1..<at
    }

    /// The value of the parameter `password=` that begins here; in quotes it may hold anything.
    private func parameter(at place: Int) -> Range<Int>? {
        guard let name = Self.names.first(where: { self.has($0, at: place) }) else { return nil }
        var start = place + name.count
        while start < self.bytes.count, self.bytes[start] == UInt8(ascii: " ") { start += 1 }
        guard start < self.bytes.count, self.bytes[start] == UInt8(ascii: "=") else { return nil }
        start += 1
        while start < self.bytes.count, self.bytes[start] == UInt8(ascii: " ") { start += 1 }
        guard start < self.bytes.count else { return nil }
        if self.bytes[start] == UInt8(ascii: "'") {
            var end = start + 1
            while end < self.bytes.count, self.bytes[end] != UInt8(ascii: "'") {
                end += self.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            return start + 1..<min(end, self.bytes.count)
        }
        let word = self.end(from: start) { Self.endsWord($0) }
        // Where a URL stands in its place, that ends with the word.
        if (start..<word).contains(where: { self.has(Array("://".utf8), at: $0) }) { return start..<word }
        let end = self.end(from: start) { Self.endsWord($0) || $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }
        return start < end ? start..<end : nil
    }

    private func has(_ word: [UInt8], at place: Int) -> Bool {
        guard place + word.count <= self.bytes.count else { return false }
        return zip(self.bytes[place...], word).allSatisfy { byte, expected in
            byte == expected || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte && byte | 0x20 == expected)
        }
    }

    private func end(from start: Int, where isEnd: (UInt8) -> Bool) -> Int {
        self.bytes[start...].firstIndex(where: isEnd) ?? self.bytes.count
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
            || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }
}
