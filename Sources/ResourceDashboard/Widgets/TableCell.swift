/// A cell of a table.
package enum TableCell {
    /// Text in one role, or in several.
    case spans([Span])
    /// Text over this column and all columns after it, whose cells are not drawn. It makes no column wide.
    case spanning([Span])
    /// A sentence in a flexible column. It wraps while its table has free rows.
    case sentence(String, Role)
    /// A source location, whose start is cut if there is too little room.
    case location(() -> String, Role)
    /// A drawing that is useful from a width on. The text replaces it where the table is copied.
    case drawing(width: Int, text: () -> String, (inout Painter, Rect) -> Void)

    package static func text(_ text: String, _ role: Role = .text) -> TableCell {
        .spans([Span(text, role)])
    }

    /// The label of a binding or a resource, whose type is cut before its name.
    package static func label(_ label: String, _ role: Role = .text) -> TableCell {
        .spans([Span(label: label, role)])
    }

    package static func span(_ span: Span) -> TableCell {
        .spans([span])
    }

    /// The width at which nothing is cut.
    package var width: Int {
        switch self {
        case .spans(let spans): spans.reduce(0) { $0 + DisplayText.width(of: $1.text) }
        case .spanning: 0
        case .sentence(let text, _): DisplayText.width(of: text)
        case .location(let text, _): DisplayText.width(of: text())
        case .drawing(let width, _, _): width
        }
    }

    /// The cell as text.
    package var text: String {
        switch self {
        case .spans(let spans), .spanning(let spans): spans.map(\.text).joined()
        case .sentence(let text, _): text
        case .location(let text, _), .drawing(_, let text, _): text()
        }
    }

    /// Returns the cell with unknown values in a dim role.
    package func dimmingUnknown(_ glyphs: GlyphSet) -> TableCell {
        guard case .spans(let spans) = self, spans.contains(where: { $0.text == glyphs[.dash] }) else { return self }
        return .spans(spans.map { $0.dimmingUnknown(glyphs) })
    }

    /// Returns the number of lines in `width` cells at which nothing is cut that can wrap.
    package func lineCount(width: Int) -> Int {
        guard case .sentence(let text, _) = self, self.width > width else { return 1 }
        return max(1, DisplayText.wrap(text, width: width).count)
    }
}

extension Painter {
    /// Draws a cell in the first row of a rectangle, and a sentence in all its rows.
    package mutating func draw(_ cell: TableCell, _ alignment: DisplayText.Alignment, in rect: Rect) {
        guard rect.width > 0 else { return }
        switch cell {
        case .sentence(let text, let role):
            let lines = DisplayText.wrap(text, width: rect.width)
            for (index, line) in lines.prefix(rect.height).enumerated() {
                // The last line continues beyond the edge if others follow, so that it ends in an ellipsis.
                let rest = index + 1 == rect.height && index + 1 < lines.count ? " \(lines[index + 1])" : ""
                self.text(line + rest, x: rect.x, y: rect.y + index, width: rect.width, role: role)
            }
        case .location(let text, let role):
            self.text(Format.location(text(), width: rect.width), x: rect.x, y: rect.y, width: rect.width, role: role)
        case .drawing(_, _, let draw): draw(&self, rect)
        case .spanning(let spans): self.line(spans, x: rect.x, y: rect.y, width: rect.width)
        case .spans(let spans) where spans.count == 1:
            self.span(spans[0], x: rect.x, y: rect.y, width: rect.width, alignment: alignment)
        case .spans(let spans):
            let spare = alignment == .right ? max(0, rect.width - cell.width) : 0
            self.line(spans, x: rect.x + spare, y: rect.y, width: rect.width - spare)
        }
    }
}
