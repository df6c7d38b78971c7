/// A segment of a gauge.
package struct GaugePart: Hashable, Sendable {
    /// The segment's share of the gauge, relative to the other segments. A negative value counts as 0.
    package var value: Int
    /// The glyph that fills the segment.
    package var glyph: Glyph
    /// The style of the segment.
    package var style: Style

    /// Creates a segment.
    package init(_ value: Int, _ glyph: Glyph, _ style: Style) {
        self.value = value
        self.glyph = glyph
        self.style = style
    }
}

extension Canvas {
    /// Draws `parts` side by side as proportional segments of exactly `width` cells: `██████▒▒░░░░`.
    ///
    /// A part above 0 gets at least one cell while there are enough cells, so that one waiter in a thousand is visible. The remaining cells
    /// are apportioned by largest remainder. If all values are 0, the cells are blanks in the last part's style.
    package mutating func drawGauge(_ parts: [GaugePart], x: Int, y: Int, width: Int) {
        guard width > 0, let last = parts.last else { return }
        self.fill(Rect(x: x, y: y, width: width, height: 1), style: last.style)
        var left = x
        for (part, cells) in zip(parts, Self.shares(parts.map { max(0, $0.value) }, of: width)) {
            self.drawLine(part.glyph, x: left, y: y, width: cells, style: part.style)
            left += cells
        }
    }

    /// Draws `value` as a bar of up to `width` cells, in steps of one eighth of a cell, on blanks.
    ///
    /// A value that is negative or not a number draws as 0. A value above `maximum` draws as full.
    package mutating func drawBar(_ value: Double, of maximum: Double, x: Int, y: Int, width: Int, style: Style) {
        guard width > 0 else { return }
        let eighths = Self.level(value, of: maximum, steps: width * 8)
        for column in 0..<width {
            self.place(self.glyphs.bars[min(8, max(0, eighths - column * 8))], x: x + column, y: y, style: style)
        }
    }

    /// The step that a value reaches: 0 only for 0 and for values that are not a number, `steps` at the maximum and above.
    static func level(_ value: Double, of maximum: Double, steps: Int) -> Int {
        guard value > 0, maximum > 0, steps > 0 else { return 0 }
        let share = value / maximum
        guard share < 1 else { return steps }
        return max(1, Int((share * Double(steps)).rounded()))
    }

    /// The number of whole cells for each value: proportional, exact in sum, and at least one for each value above 0 if there are enough.
    static func shares(_ values: [Int], of width: Int) -> [Int] {
        let total = values.reduce(0.0) { $0 + Double($1) }
        guard total > 0, width > 0 else { return values.map { _ in 0 } }
        let exact = values.map { Double($0) / total * Double(width) }
        var cells = zip(values, exact).map { value, share in value > 0 ? max(1, Int(share)) : 0 }
        var spare = width - cells.reduce(0, +)
        // With too many cells, the widest part yields first. With too few, the part that lost most by rounding gains first. Ties go to the
        // earlier part.
        while spare < 0, let widest = cells.indices.max(by: { (cells[$0], $1) < (cells[$1], $0) }) {
            cells[widest] -= 1
            spare += 1
        }
        while spare > 0,
            let neediest = cells.indices.filter({ values[$0] > 0 }).max(by: { first, second in
                (exact[first] - Double(cells[first]), second) < (exact[second] - Double(cells[second]), first)
            })
        {
            cells[neediest] += 1
            spare -= 1
        }
        return cells
    }
}
