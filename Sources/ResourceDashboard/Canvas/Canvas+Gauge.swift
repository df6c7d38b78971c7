/// A part of a gauge.
public struct GaugePart: Hashable, Sendable {
    /// How much; negative counts as 0.
    public var value: Int
    public var glyph: Glyph
    public var style: Style

    public init(_ value: Int, _ glyph: Glyph, _ style: Style) {
        self.value = value
        self.glyph = glyph
        self.style = style
    }
}

extension Canvas {
    /// Draws `parts` one after the other as shares of exactly `width` cells: `██████▒▒░░░░`.
    ///
    /// A part above 0 has at least one cell while there are enough, so one waiter in a thousand is seen; the rest is shared by largest
    /// remainder. If all are 0 the cells become blanks in the last part's style.
    public mutating func drawGauge(_ parts: [GaugePart], x: Int, y: Int, width: Int) {
        guard width > 0, let last = parts.last else { return }
        self.fill(Rect(x: x, y: y, width: width, height: 1), style: last.style)
        var left = x
        for (part, cells) in zip(parts, Self.shares(parts.map { max(0, $0.value) }, of: width)) {
            self.drawLine(part.glyph, x: left, y: y, width: cells, style: part.style)
            left += cells
        }
    }

    /// Draws `value` as a bar of up to `width` cells, in eighths of a cell, on blanks.
    ///
    /// What is not a number, or below 0, is drawn as 0; what is above `maximum`, as full.
    public mutating func drawBar(_ value: Double, of maximum: Double, x: Int, y: Int, width: Int, style: Style) {
        guard width > 0 else { return }
        let eighths = Self.level(value, of: maximum, steps: width * 8)
        for column in 0..<width {
            self.place(self.glyphs.bars[min(8, max(0, eighths - column * 8))], x: x + column, y: y, style: style)
        }
    }

    /// Which of `steps` a value reaches: 0 only for 0 and what is no number, `steps` at the maximum and above.
    static func level(_ value: Double, of maximum: Double, steps: Int) -> Int {
        guard value > 0, maximum > 0, steps > 0 else { return 0 }
        let share = value / maximum
        guard share < 1 else { return steps }
        return max(1, Int((share * Double(steps)).rounded()))
    }

    /// Whole cells for each value: proportional, exact in sum, none of the values above 0 without a cell if that can be.
    static func shares(_ values: [Int], of width: Int) -> [Int] {
        let total = values.reduce(0.0) { $0 + Double($1) }
        guard total > 0, width > 0 else { return values.map { _ in 0 } }
        let exact = values.map { Double($0) / total * Double(width) }
        var cells = zip(values, exact).map { value, share in value > 0 ? max(1, Int(share)) : 0 }
        var spare = width - cells.reduce(0, +)
        // Too many: the widest gives first. Too few: the one that lost most by rounding gets first. Ties go to the earlier.
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
