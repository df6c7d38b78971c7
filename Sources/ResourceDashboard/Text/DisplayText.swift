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

    /// Returns `label`, such as `ResourcePool<Connection>(orders)#4`, in at most `width` cells, and its width.
    ///
    /// If it is too long, its type is cut rather than its name: `ResourcePoo…(orders)#4`. The labels of bindings of one type differ only there.
    /// If the name alone is too long, only the start of the name is left. A label without a name is cut at its end. O(n).
    package static func clip(label: String, width: Int, ellipsis: String = "…") -> (text: String, width: Int) {
        if let length = self.asciiLength(label), length <= width { return (label, length) }
        let length = self.width(of: label)
        guard length > width, let name = self.name(in: label) else { return self.clip(label, width: width, ellipsis: ellipsis) }
        let nameWidth = self.width(of: name)
        let room = width - nameWidth - self.width(of: ellipsis)
        guard room > 0 else { return self.clip(name, width: width, ellipsis: ellipsis) }
        let type = self.clip(label[..<name.startIndex], width: room, ellipsis: "")
        return (type.text + ellipsis + self.clip(name, width: nameWidth).text, width - room + type.width)
    }

    /// Returns the end of a label from the parenthesis before its name: `(orders)#4`; nil if it has no name.
    private static func name(in label: String) -> Substring? {
        guard let end = label.lastIndex(of: ")") else { return nil }
        var depth = 0
        var index = end
        while index > label.startIndex {
            if label[index] == ")" { depth += 1 }
            if label[index] == "(" { depth -= 1 }
            let before = label.index(before: index)
            // The parentheses of a tuple or a function type follow the start, a blank, or punctuation.
            if depth == 0 { return " <(,[&:".contains(label[before]) ? nil : label[index...] }
            index = before
        }
        return nil
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
