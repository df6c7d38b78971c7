extension Canvas {
    /// Draws the newest of `values` as one row of rising blocks, with the newest at the right: `▁▂▃▅▇`.
    ///
    /// The value 0 shows the lowest block, so an idle series is a line. A nil value shows `·`. Cells before the first value are left
    /// unchanged. `maximum` is the value that fills a cell; by default the greatest value shown.
    package mutating func drawSparkline(_ values: [Double?], maximum: Double? = nil, x: Int, y: Int, width: Int, style: Style) {
        guard width > 0 else { return }
        let shown = values.suffix(width)
        let top = maximum ?? Self.greatest(shown)
        for (column, value) in zip((width - shown.count)..., shown) {
            let sign = value.map { self.glyphs.levels[1 + Self.level($0, of: top, steps: 7)] } ?? self.glyphs[.none]
            self.place(sign, x: x + column, y: y, style: style)
        }
    }

    /// Draws the newest of `values` as a filled area in `rect`, with the newest at the right and ``GlyphSet/samplesPerCell`` values in a
    /// cell.
    ///
    /// `maximum` is the value that reaches the top; by default the greatest value shown. A value above 0 fills at least one step. The value
    /// 0 and nil leave their cells blank.
    package mutating func drawArea(_ values: [Double?], in rect: Rect, maximum: Double? = nil, style: Style) {
        guard rect.width > 0, rect.height > 0 else { return }
        let samples = self.glyphs.samplesPerCell
        let shown = values.suffix(rect.width * samples)
        let top = maximum ?? Self.greatest(shown)
        let stepsPerCell = samples == 2 ? 4 : 8
        let missing = rect.width * samples - shown.count
        let steps =
            Array(repeating: 0, count: missing) + shown.map { Self.level($0 ?? 0, of: top, steps: rect.height * stepsPerCell) }
        for row in 0..<rect.height {
            let floor = (rect.height - 1 - row) * stepsPerCell
            for column in 0..<rect.width {
                let sign: String
                if samples == 2 {
                    let left = min(4, max(0, steps[column * 2] - floor))
                    let right = min(4, max(0, steps[column * 2 + 1] - floor))
                    sign = Self.braille[left * 5 + right]
                } else {
                    sign = self.glyphs.levels[min(8, max(0, steps[column] - floor))]
                }
                self.place(sign, x: rect.x + column, y: rect.y + row, style: style)
            }
        }
    }

    private static func greatest(_ values: ArraySlice<Double?>) -> Double {
        values.reduce(0) { greatest, value in max(greatest, value ?? 0) }
    }

    /// The braille glyphs for two columns of 0 to 4 dots from the bottom, indexed by `left * 5 + right`.
    private static let braille: [String] = {
        // The bits of each column's dots, from the bottom. Unicode numbers the fourth row last, so the bits are not in order.
        let columns: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
        return (0..<25).map { index in
            let dots = columns[0].prefix(index / 5).reduce(0, |) | columns[1].prefix(index % 5).reduce(0, |)
            guard dots > 0, let scalar = Unicode.Scalar(0x2800 + dots) else { return " " }
            return String(Character(scalar))
        }
    }()
}
