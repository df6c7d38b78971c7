/// A check of YAML text before it is parsed.
///
/// The parser recurses into nested collections on the thread's stack and expands aliases by copying, so that a file of a few kilobytes
/// could exhaust the stack or run without end. Themes and configurations need neither deep nesting nor aliases.
package enum YAMLText {
    /// The deepest nesting of lists and mappings that is accepted.
    static let deepest = 32
    /// The deepest indentation of a line's first word, in columns. Every two columns can be one more level.
    static let deepestIndentation = 200

    /// Returns the line, from 1, and the reason why `text` is rejected; nil if it may be parsed. O(n).
    package static func fault(in text: String) -> (line: Int, reason: String)? {
        var depth = 0
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let indentation = line.prefix { [0x20, 0x09, 0x2D, 0x3F, 0x3A].contains($0) }
            if indentation.count > Self.deepestIndentation { return (index + 1, "unsupported YAML: nested too deeply") }
            var scan = LineScan()
            for byte in line.dropFirst(indentation.count) {
                switch scan.take(byte) {
                case .opens: depth += 1
                case .closes: depth = max(0, depth - 1)
                case .alias: return (index + 1, "unsupported YAML: aliases (*name) are not accepted; write out the value")
                case nil: break
                }
                if depth > Self.deepest { return (index + 1, "unsupported YAML: nested too deeply") }
            }
        }
        return nil
    }

    /// A scanner of one line from its first word on. It skips quoted text and comments.
    private struct LineScan {
        enum Find { case opens, closes, alias }

        private enum Position: Equatable {
            /// A value may begin here.
            case beginning
            case word
            case quotes(UInt8)
            case comment
            /// After an asterisk where a value may begin.
            case star
        }

        private var position = Position.beginning
        private var last: UInt8 = 0x20

        mutating func take(_ byte: UInt8) -> Find? {
            defer { self.last = byte }
            switch self.position {
            case .comment: return nil
            case .quotes(let quote):
                if byte == quote, quote == 0x27 || self.last != 0x5C { self.position = .word }
                return nil
            case .star:
                self.position = .word
                return byte == 0x20 || byte == 0x2C || byte == 0x5D || byte == 0x7D ? nil : .alias
            case .beginning, .word: break
            }
            switch byte {
            case 0x20, 0x09: return nil
            case 0x23 where self.last == 0x20 || self.last == 0x09: self.position = .comment
            case 0x5B, 0x7B:
                self.position = .beginning
                return .opens
            case 0x5D, 0x7D:
                self.position = .word
                return .closes
            case 0x2C, 0x3A: self.position = .beginning
            case 0x22 where self.position == .beginning, 0x27 where self.position == .beginning: self.position = .quotes(byte)
            case 0x2A where self.position == .beginning: self.position = .star
            default: self.position = .word
            }
            return nil
        }
    }
}
