extension String {
    /// This text with its passwords replaced by `***`.
    ///
    /// Two forms are recognized: the password of a URL, so `postgres://app:secret@db/shop` becomes `postgres://app:***@db/shop`, and a
    /// `password=`, `passwd=` or `pwd=` parameter of a connection string or query, so `password=secret` becomes `password=***`. Everything
    /// else is unchanged. A malformed URL with a `/` in its password is redacted too.
    ///
    /// The container redacts every text that reaches an event, an error, a report or a snapshot, because driver errors quote their input;
    /// it shortens and cleans such texts as well. O(length); a text with neither `@` nor `=` is only scanned once.
    package var withoutPasswords: String {
        let isSuspect = self.utf8.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "=") }
        return isSuspect ? Redaction(self).text : self
    }
}

/// Replaces the passwords in a text.
private struct Redaction {
    private let bytes: [UInt8]
    private var result: [UInt8] = []

    private static let stars = Array("***".utf8)
    private static let names = [Array("password".utf8), Array("passwd".utf8), Array("pwd".utf8)]

    init(_ text: String) {
        self.bytes = Array(text.utf8)
        self.result.reserveCapacity(self.bytes.count)
        var index = 0
        while index < self.bytes.count {
            let secret = self.userInfo(at: index) ?? self.parameter(at: index)
            guard let secret else {
                self.result.append(self.bytes[index])
                index += 1
                continue
            }
            self.result += self.bytes[index..<secret.lowerBound]
            self.result += Self.stars
            index = secret.upperBound
        }
    }

    /// Only whole ASCII characters were replaced, so the bytes are still valid UTF-8.
    var text: String {
        String(decoding: self.result, as: UTF8.self)
    }

    /// The range of the password in the URL whose `://` begins at `index`; nil if there is none.
    private func userInfo(at index: Int) -> Range<Int>? {
        guard self.has(Array("://".utf8), at: index) else { return nil }
        let start = index + 3
        let word = self.end(from: start) { Self.endsWord($0) }
        let authority = self.end(from: start) {
            Self.endsWord($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
        }
        guard let colon = self.bytes[start..<authority].firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var at = self.bytes[start..<authority].lastIndex(of: UInt8(ascii: "@"))
        // A colon followed by anything but a port begins a password that contains a character that ends an authority.
        let isPort = self.bytes[(colon + 1)..<authority].allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        if at == nil, !isPort, self.bytes[start] != UInt8(ascii: "[") { at = self.bytes[start..<word].lastIndex(of: UInt8(ascii: "@")) }
        guard let at, colon < at else { return nil }
        return colon + 1..<at
    }

    /// The range of the value of the `password=` parameter that begins at `index`; nil if there is none. A quoted value may contain any
    /// character.
    private func parameter(at index: Int) -> Range<Int>? {
        guard let name = Self.names.first(where: { self.has($0, at: index) }) else { return nil }
        var start = index + name.count
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
        // A value that contains a URL extends to the end of the word.
        if (start..<word).contains(where: { self.has(Array("://".utf8), at: $0) }) { return start..<word }
        let end = self.end(from: start) { Self.endsWord($0) || $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }
        return start < end ? start..<end : nil
    }

    private func has(_ word: [UInt8], at index: Int) -> Bool {
        guard index + word.count <= self.bytes.count else { return false }
        return zip(self.bytes[index...], word).allSatisfy { byte, expected in
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
