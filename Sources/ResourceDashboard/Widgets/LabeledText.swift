/// A text with a label at its left. The text is wrapped beside the label, so that nothing of it is cut.
struct LabeledText: Hashable, Sendable {
    /// The width of a label with the gap after it, in cells.
    private static let labelWidth = 9

    var label: String
    var text: String
    var role: Role

    init(_ label: String, _ text: String, _ role: Role = .text) {
        self.label = label
        self.text = text
        self.role = role
    }

    /// Returns the lines in `width` cells; none for an empty text.
    func lines(width: Int) -> [[Span]] {
        DisplayText.wrap(self.text, width: max(1, width - Self.labelWidth)).enumerated().map { index, line in
            [Span(DisplayText.fit(index == 0 ? self.label : "", width: Self.labelWidth), .textDim), Span(line, self.role)]
        }
    }
}

extension [LabeledText] {
    /// Returns the lines in `width` cells.
    func lines(width: Int) -> [[Span]] {
        self.flatMap { $0.lines(width: width) }
    }
}

extension Painter {
    /// Draws texts from the top of `rect`. If they do not fit, the last row counts the lines that are missing.
    mutating func texts(_ texts: [LabeledText], in rect: Rect) {
        let lines = texts.lines(width: rect.width)
        guard lines.count > rect.height, rect.height > 0 else { return self.lines(lines, in: rect) }
        let shown = Array(lines.prefix(rect.height - 1))
        let rest = lines.count - shown.count
        self.lines(shown + [[Span("\(self.glyphs[.ellipsis]) \(rest) more \(rest == 1 ? "line" : "lines")", .textDim)]], in: rect)
    }
}
