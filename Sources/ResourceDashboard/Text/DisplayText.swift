/// Functions that fit text of the monitored program into a grid of cells.
///
/// Their results cannot move a border or reach the terminal as a command.
package enum DisplayText {
    /// The alignment of text in a field that is wider than the text.
    package enum Alignment: Hashable, Sendable {
        /// Padded on the right.
        case left
        /// Padded on both sides; an odd blank goes to the right.
        case center
        /// Padded on the left.
        case right

        /// Returns the number of blanks before a text in a field that is at least as wide.
        func blanks(before textWidth: Int, in fieldWidth: Int) -> Int {
            switch self {
            case .left: 0
            case .center: (fieldWidth - textWidth) / 2
            case .right: fieldWidth - textWidth
            }
        }
    }

    /// Returns the graphemes of `text` with the number of cells each occupies (1 or 2).
    ///
    /// The sequence is lazy and does not allocate for ordinary text. Controls, format characters, and characters on whose width terminals
    /// disagree are replaced by visible characters of known width.
    package static func graphemes(_ text: some StringProtocol) -> DisplayCells {
        DisplayCells(Substring(text).unicodeScalars)
    }

    /// Returns the number of cells that `text` occupies. O(n).
    package static func width(of text: some StringProtocol) -> Int {
        if let length = self.asciiLength(text) { return length }
        var width = 0
        for (_, cells) in self.graphemes(text) { width += cells }
        return width
    }

    /// Returns the length of a text of printable ASCII characters, each of which is a grapheme in one cell; nil for any other text.
    private static func asciiLength(_ text: some StringProtocol) -> Int? {
        var length = 0
        for byte in text.utf8 {
            guard byte >= 0x20, byte < 0x7F else { return nil }
            length += 1
        }
        return length
    }

    /// Returns `text` in exactly `width` cells: padded with blanks, or clipped with `ellipsis` at the end.
    ///
    /// The result is safe to show: characters that cannot be shown are replaced. A width below 1 gives an empty string. O(n).
    package static func fit(
        _ text: some StringProtocol,
        width: Int,
        alignment: Alignment = .left,
        ellipsis: String = "…"
    ) -> String {
        guard width > 0 else { return "" }
        let clipped = self.clip(text, width: width, ellipsis: ellipsis)
        let spare = width - clipped.width
        let before = alignment.blanks(before: clipped.width, in: width)
        return String(repeating: " ", count: before) + clipped.text + String(repeating: " ", count: spare - before)
    }

    /// Returns the start of `text` that fits in `width` cells, and its width. It ends in `ellipsis` if text was clipped. O(width).
    package static func clip(_ text: some StringProtocol, width: Int, ellipsis: String = "…") -> (text: String, width: Int) {
        if let length = self.asciiLength(text), length <= width { return (String(text), length) }
        let ellipsisWidth = self.width(of: ellipsis)
        var result = ""
        var used = 0
        // The end of the text if the ellipsis follows it.
        var keep = result.endIndex
        var keptWidth = 0
        for (grapheme, cells) in self.graphemes(text) {
            if used + cells > width {
                guard ellipsisWidth <= width else { return (String(repeating: " ", count: max(0, width)), max(0, width)) }
                return (String(result[..<keep]) + ellipsis, keptWidth + ellipsisWidth)
            }
            result += grapheme
            used += cells
            if used + ellipsisWidth <= width {
                keep = result.endIndex
                keptWidth = used
            }
        }
        return (result, used)
    }

    /// Breaks `text` at blanks into lines of at most `width` cells. A word that is longer than a line is broken where the line ends. O(n).
    package static func wrap(_ text: some StringProtocol, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var (line, used) = ("", 0)
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = ArraySlice(self.graphemes(word))
            let length = rest.reduce(0) { $0 + $1.1 }
            if used > 0, used + 1 + length <= width {
                line += " "
                used += 1
            } else if used > 0 {
                lines.append(line)
                (line, used) = ("", 0)
            }
            while let (grapheme, cells) = rest.first {
                if used + cells > width {
                    // A grapheme that is wider than the line is dropped.
                    guard used > 0 else { break }
                    lines.append(line)
                    (line, used) = ("", 0)
                    continue
                }
                line += grapheme
                used += cells
                rest.removeFirst()
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
