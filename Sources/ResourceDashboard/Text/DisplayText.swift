/// Text from the program under watch, made fit for a grid of cells: nothing in it can move a border or reach the terminal as a command.
public enum DisplayText {
    /// Where text stands in a field that is wider than it.
    public enum Alignment: Hashable, Sendable {
        case left, center, right
    }

    /// The graphemes of `text` with the number of cells each takes (1 or 2), one at a time and without allocation for ordinary text.
    ///
    /// A control, a format character, and what terminals disagree about becomes a visible stand-in of known width.
    public static func graphemes(_ text: some StringProtocol) -> DisplayCells {
        DisplayCells(Substring(text).unicodeScalars)
    }

    /// How many cells `text` takes. O(n).
    public static func width(of text: some StringProtocol) -> Int {
        var width = 0
        for (_, cells) in self.graphemes(text) { width += cells }
        return width
    }

    /// `text` in exactly `width` cells: padded with blanks, or clipped with `ellipsis` in the last cell.
    ///
    /// The result is safe to show: it holds stand-ins in place of what cannot be shown. A width below 1 gives an empty string. O(n).
    public static func fit(
        _ text: some StringProtocol,
        width: Int,
        alignment: Alignment = .left,
        ellipsis: String = "…"
    ) -> String {
        guard width > 0 else { return "" }
        let clipped = self.clip(text, width: width, ellipsis: ellipsis)
        let spare = width - clipped.width
        let before =
            switch alignment {
            case .left: 0
            case .center: spare / 2
            case .right: spare
            }
        return String(repeating: " ", count: before) + clipped.text + String(repeating: " ", count: spare - before)
    }

    /// The start of `text` that fits in `width` cells, ending in `ellipsis` if something was left out, and the cells it takes. O(width).
    public static func clip(_ text: some StringProtocol, width: Int, ellipsis: String = "…") -> (text: String, width: Int) {
        let ellipsisWidth = self.width(of: ellipsis)
        var result = ""
        var used = 0
        // Where the text ends if the ellipsis must follow.
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

    /// `text` in lines of at most `width` cells, broken at blanks; a word that is longer than a line is broken where the line ends. O(n).
    public static func wrap(_ text: some StringProtocol, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var (line, used) = ("", 0)
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = self.graphemes(word).map { $0 }
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
                    // A grapheme that is wider than the line has no place in it.
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
