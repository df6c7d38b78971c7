/// Looks through what a person wrote before it is read as YAML.
///
/// The parser goes down into what is nested with the thread's stack, and takes whole copies of what is referred to by an alias: a file of a
/// few kilobytes could end the program, or keep it busy for ever. Neither a theme nor a configuration needs any of that.
package enum YAMLText {
    /// How deep lists and mappings may stand in each other.
    static let deepest = 32
    /// How far from its beginning a line may have its first word: each two columns there can be one more level.
    static let deepestIndentation = 200

    /// What cannot be read, and in which line; nil if it may be tried.
    package static func fault(in text: String) -> (line: Int, reason: String)? {
        var depth = 0
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let indentation = line.prefix { [0x20, 0x09, 0x2D, 0x3F, 0x3A].contains($0) }
            if indentation.count > Self.deepestIndentation { return (index + 1, "not YAML that is read here: it is nested too deep") }
            var scan = LineScan()
            for byte in line.dropFirst(indentation.count) {
                switch scan.take(byte) {
                case .opens: depth += 1
                case .closes: depth = max(0, depth - 1)
                case .alias: return (index + 1, "aliases (*name) are not read here: write out what is meant")
                case nil: break
                }
                if depth > Self.deepest { return (index + 1, "not YAML that is read here: it is nested too deep") }
            }
        }
        return nil
    }

    /// A line from its first word on. It takes what is in quotes, and what is a comment, for what it is.
    private struct LineScan {
        enum Find { case opens, closes, alias }

        private enum Place: Equatable {
            /// Where a value may begin.
            case beginning
            case word
            case quotes(UInt8)
            case comment
            /// Behind a star where a value may begin.
            case star
        }

        private var place = Place.beginning
        private var last: UInt8 = 0x20

        mutating func take(_ byte: UInt8) -> Find? {
            defer { self.last = byte }
            switch self.place {
            case .comment: return nil
            case .quotes(let quote):
                if byte == quote, quote == 0x27 || self.last != 0x5C { self.place = .word }
                return nil
            case .star:
                self.place = .word
                return byte == 0x20 || byte == 0x2C || byte == 0x5D || byte == 0x7D ? nil : .alias
            case .beginning, .word: break
            }
            switch byte {
            case 0x20, 0x09: return nil
            case 0x23 where self.last == 0x20 || self.last == 0x09: self.place = .comment
            case 0x5B, 0x7B:
                self.place = .beginning
                return .opens
            case 0x5D, 0x7D:
                self.place = .word
                return .closes
            case 0x2C, 0x3A: self.place = .beginning
            case 0x22 where self.place == .beginning, 0x27 where self.place == .beginning: self.place = .quotes(byte)
            case 0x2A where self.place == .beginning: self.place = .star
            default: self.place = .word
            }
            return nil
        }
    }
}
