#if Postgres
    /// A statement as errors quote it: on one line, without comments and without the content of string literals, which may be secret.
    struct StatementText {
        private let bytes: [UInt8]
        private var result: [UInt8] = []

        private static let quote = UInt8(ascii: "'")
        private static let backslash = UInt8(ascii: "\\")
        private static let dollar = UInt8(ascii: "$")

        /// `text` in quotation marks, shortened to 200 characters. O(length of the scanned text).
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
            var index = 0
            // Stops early: only 200 characters are shown, which are rarely more bytes.
            while index < self.bytes.count, self.result.count < 800 {
                let byte = self.bytes[index]
                if byte == Self.quote {
                    self.result += "'…'".utf8
                    guard let end = self.endOfLiteral(at: index) else { return }
                    index = end
                } else if byte == UInt8(ascii: "\"") {
                    let end = self.bytes[(index + 1)...].firstIndex(of: byte).map { $0 + 1 } ?? self.bytes.count
                    self.result += self.bytes[index..<end]
                    index = end
                } else if let end = self.endOfComment(at: index) {
                    self.result.append(UInt8(ascii: " "))
                    index = end
                } else if let tag = self.tag(at: index) {
                    self.result += "'…'".utf8
                    index = self.end(of: tag, after: index + tag.count)
                } else {
                    self.result.append(byte)
                    index += 1
                }
            }
        }

        /// The index after the literal that begins here. In a literal, a quotation mark is doubled, or escaped with a backslash if an `E`
        /// precedes the literal. An unclosed literal extends to the end. Nil if the end cannot be determined: whether a backslash escapes
        /// without the `E` is a setting of the server.
        private func endOfLiteral(at start: Int) -> Int? {
            let isIntroduced = start > 0 && self.bytes[start - 1] | 0x20 == UInt8(ascii: "e")
            let escapes = isIntroduced && (start == 1 || !Self.isOfName(self.bytes[start - 2]))
            var index = start + 1
            while index < self.bytes.count {
                switch self.bytes[index] {
                case Self.backslash where escapes: index += 2
                case Self.backslash where self.has("'", at: index + 1): return nil
                case Self.quote where self.has("'", at: index + 1): index += 2
                case Self.quote: return index + 1
                default: index += 1
                }
            }
            return self.bytes.count
        }

        /// The index after the comment that begins here; comments of the form `/* … */` nest.
        private func endOfComment(at start: Int) -> Int? {
            if self.has("--", at: start) {
                return self.bytes[start...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? self.bytes.count
            }
            guard self.has("/*", at: start) else { return nil }
            var depth = 1
            var index = start + 2
            while index < self.bytes.count, depth > 0 {
                let isBegin = self.has("/*", at: index)
                let isEnd = self.has("*/", at: index)
                depth += isBegin ? 1 : isEnd ? -1 : 0
                index += isBegin || isEnd ? 2 : 1
            }
            return min(index, self.bytes.count)
        }

        /// The dollar-quote tag (`$tag$`) that begins here. `$1` is an argument, not a tag, and a `$` inside a name is part of it.
        private func tag(at start: Int) -> ArraySlice<UInt8>? {
            guard self.bytes[start] == Self.dollar, start == 0 || !Self.isOfName(self.bytes[start - 1]) else { return nil }
            guard let end = self.bytes[(start + 1)...].firstIndex(where: { !Self.isOfName($0) }) else { return nil }
            guard self.bytes[end] == Self.dollar, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= self.bytes[start + 1]) else { return nil }
            return self.bytes[start...end]
        }

        private func end(of tag: ArraySlice<UInt8>, after start: Int) -> Int {
            var index = start
            while index + tag.count <= self.bytes.count {
                if self.bytes[index] == Self.dollar, self.bytes[index..<(index + tag.count)] == tag { return index + tag.count }
                index += 1
            }
            return self.bytes.count
        }

        private func has(_ word: StaticString, at index: Int) -> Bool {
            let count = word.utf8CodeUnitCount
            guard index + count <= self.bytes.count else { return false }
            return (0..<count).allSatisfy { self.bytes[index + $0] == word.utf8Start[$0] }
        }

        private static func isOfName(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_") || byte >= 0x80
            }
        }
    }
#endif
