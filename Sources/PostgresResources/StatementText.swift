#if Postgres
    /// A statement as errors quote it: on one line, and without comments and what stands in its string literals, which may be secret.
    struct StatementText {
        private let bytes: [UInt8]
        private var result: [UInt8] = []

        private static let quote = UInt8(ascii: "'")
        private static let backslash = UInt8(ascii: "\\")
        private static let dollar = UInt8(ascii: "$")

        /// `text` in quotation marks, shortened to 200 characters. O(length of what is shown and skipped).
        static func quoted(_ text: String) -> String {
            var scanner = StatementText(bytes: Array(text.utf8))
            scanner.scan()
            let line = String(decoding: scanner.result, as: UTF8.self).oneLine
            return line.count > 200 ? "\"\(line.prefix(199))…\"" : "\"\(line)\""
        }

        private init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        private mutating func scan() {
            var place = 0
            // More than is shown is not looked at: 200 characters are seldom more bytes.
            while place < self.bytes.count, self.result.count < 800 {
                let byte = self.bytes[place]
                if byte == Self.quote {
                    self.result += "'…'".utf8
                    guard let end = self.endOfLiteral(at: place) else { return }
                    place = end
                } else if byte == UInt8(ascii: "\"") {
                    let end = self.bytes[(place + 1)...].firstIndex(of: byte).map { $0 + 1 } ?? self.bytes.count
                    self.result += self.bytes[place..<end]
                    place = end
                } else if let end = self.endOfComment(at: place) {
                    self.result.append(UInt8(ascii: " "))
                    place = end
                } else if let tag = self.tag(at: place) {
                    self.result += "'…'".utf8
                    place = self.end(of: tag, after: place + tag.count)
                } else {
                    self.result.append(byte)
                    place += 1
                }
            }
        }

        /// Behind the `'…'` that begins here, in which a quotation mark is doubled, or has a backslash before it if an `E` introduces it. One
        /// that is not closed goes to the end. Nil if nobody can tell: whether a backslash counts without the `E` is a setting of the server.
        private func endOfLiteral(at start: Int) -> Int? {
            let isIntroduced = start > 0 && self.bytes[start - 1] | 0x20 == UInt8(ascii: "e")
            let escapes = isIntroduced && (start == 1 || !Self.isOfName(self.bytes[start - 2]))
            var place = start + 1
            while place < self.bytes.count {
                switch self.bytes[place] {
                case Self.backslash where escapes: place += 2
                case Self.backslash where self.has("'", at: place + 1): return nil
                case Self.quote where self.has("'", at: place + 1): place += 2
                case Self.quote: return place + 1
                default: place += 1
                }
            }
            return self.bytes.count
        }

        /// Behind the comment that begins here; those of the form `/* … */` may have others in them.
        private func endOfComment(at start: Int) -> Int? {
            if self.has("--", at: start) {
                return self.bytes[start...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? self.bytes.count
            }
            guard self.has("/*", at: start) else { return nil }
            var depth = 1
            var place = start + 2
            while place < self.bytes.count, depth > 0 {
                let isBegin = self.has("/*", at: place)
                let isEnd = self.has("*/", at: place)
                depth += isBegin ? 1 : isEnd ? -1 : 0
                place += isBegin || isEnd ? 2 : 1
            }
            return min(place, self.bytes.count)
        }

        /// The `$tag$` that begins here; `$1` is an argument and no tag, and in a name a `$` is a letter.
        private func tag(at start: Int) -> ArraySlice<UInt8>? {
            guard self.bytes[start] == Self.dollar, start == 0 || !Self.isOfName(self.bytes[start - 1]) else { return nil }
            guard let end = self.bytes[(start + 1)...].firstIndex(where: { !Self.isOfName($0) }) else { return nil }
            guard self.bytes[end] == Self.dollar, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= self.bytes[start + 1]) else { return nil }
            return self.bytes[start...end]
        }

        private func end(of tag: ArraySlice<UInt8>, after start: Int) -> Int {
            var place = start
            while place + tag.count <= self.bytes.count {
                if self.bytes[place] == Self.dollar, self.bytes[place..<(place + tag.count)] == tag { return place + tag.count }
                place += 1
            }
            return self.bytes.count
        }

        private func has(_ word: StaticString, at place: Int) -> Bool {
            let count = word.utf8CodeUnitCount
            guard place + count <= self.bytes.count else { return false }
            return (0..<count).allSatisfy { self.bytes[place + $0] == word.utf8Start[$0] }
        }

        private static func isOfName(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_") || byte >= 0x80
            }
        }
    }
#endif
