/// A line of text that the user edits: its label, the text with the cursor, and a hint while there is no text.
package struct TextLine: Sendable {
    /// The text before the field, with the blank after it.
    package var label: String
    package var field: TextField
    /// A description of the text that may be typed, shown while the field is empty.
    package var hint: String
    /// The role of the text.
    package var role: Role
    /// Whether the line takes the keys. Only then it has a cursor.
    package var isActive: Bool

    /// Creates a line.
    package init(label: String, field: TextField, hint: String = "", role: Role = .text, isActive: Bool = true) {
        self.label = label
        self.field = field
        self.hint = hint
        self.role = role
        self.isActive = isActive
    }
}

extension Painter {
    /// Draws a line of text in `width` cells and returns the number of cells it occupies. The text around the cursor is always visible.
    @discardableResult
    package mutating func draw(_ line: TextLine, x: Int, y: Int, width: Int) -> Int {
        let (before, behind) = line.field.parts
        let cursor = line.isActive ? self.glyphs[.cursor] : ""
        let room = width - DisplayText.width(of: line.label) - DisplayText.width(of: cursor)
        // A few cells after the cursor stay visible, so that the user sees what is edited.
        let kept = max(1, room - min(8, DisplayText.width(of: behind)))
        var spans = [
            Span(line.label, .title), Span(self.end(of: before, width: kept), line.role), Span(cursor, .title), Span(behind, line.role),
        ]
        if line.field.text.isEmpty, !line.hint.isEmpty { spans.append(Span(" \(line.hint)", .textDim)) }
        self.line(spans, x: x, y: y, width: width)
        return max(0, min(width, spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }))
    }

    /// Returns the end of `text` that fits in `width` cells, after an ellipsis if the start is cut off.
    private func end(of text: String, width: Int) -> String {
        var excess = DisplayText.width(of: text) - width
        guard excess > 0 else { return text }
        excess += 1
        let shown = text.drop { character in
            guard excess > 0 else { return false }
            excess -= DisplayText.width(of: String(character))
            return true
        }
        return self.glyphs[.ellipsis] + String(shown)
    }
}
