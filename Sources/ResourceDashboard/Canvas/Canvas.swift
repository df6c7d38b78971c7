/// A drawing surface: a grid of cells, each of which always holds a grapheme and a style.
///
/// Drawing is clipped to the grid. Text is sanitized as it is drawn, so that no cell contains a control character or an escape sequence.
public struct Canvas: Hashable, Sendable {
    /// The width and height in cells.
    public let size: Size
    /// The glyphs that may be drawn. With `.ascii`, every other grapheme is replaced by a similar ASCII character or by question marks of
    /// the same width.
    public let glyphs: GlyphSet
    /// The cells, row by row.
    public private(set) var cells: [Cell]

    /// Creates a canvas of blanks in `style`.
    public init(size: Size, style: Style = .plain, glyphs: GlyphSet = .braille) {
        self.size = size
        self.glyphs = glyphs
        self.cells = Array(repeating: Cell(text: " ", style: style), count: size.width * size.height)
    }

    /// The rectangle that covers the whole canvas.
    public var bounds: Rect {
        Rect(x: 0, y: 0, width: self.size.width, height: self.size.height)
    }

    /// Returns the cells of row `y`.
    ///
    /// - Precondition: `y` is inside the canvas.
    public func row(_ y: Int) -> ArraySlice<Cell> {
        self.cells[y * self.size.width..<(y + 1) * self.size.width]
    }

    /// Draws `text` from (`x`, `y`) to the right in `style` and returns the number of cells it occupies.
    ///
    /// Controls and escapes are drawn as visible replacements. A grapheme that does not fit entirely is omitted. Text outside the canvas or
    /// beyond `limit` cells is clipped. If half of a wide grapheme is overwritten or cut by an edge, the other half becomes a blank. O(n).
    @discardableResult
    public mutating func draw(_ text: some StringProtocol, x: Int, y: Int, style: Style, limit: Int = .max) -> Int {
        guard y >= 0, y < self.size.height, self.size.width > 0, limit > 0 else { return 0 }
        let ascii = self.glyphs == .ascii
        var used = 0
        for (grapheme, width) in DisplayText.graphemes(text) {
            if width > limit - used { break }
            let (left, overflow) = x.addingReportingOverflow(used)
            if overflow || left >= self.size.width { break }
            used += width
            if left + width <= 0 { continue }
            if left < 0 || left + width > self.size.width {
                self.put(" ", width: 1, x: max(0, left), y: y, style: style)
            } else if ascii {
                self.putASCII(grapheme, width: width, x: left, y: y, style: style)
            } else {
                self.put(grapheme, width: width, x: left, y: y, style: style)
            }
        }
        return used
    }

    /// Draws one of the interface's glyphs, if (`x`, `y`) is on the canvas.
    package mutating func draw(_ glyph: Glyph, x: Int, y: Int, style: Style) {
        self.place(self.glyphs[glyph], x: x, y: y, style: style)
    }

    /// Fills the part of `rect` that is on the canvas with blanks in `style`.
    public mutating func fill(_ rect: Rect, style: Style) {
        let part = rect.intersection(self.bounds)
        for y in part.rows {
            for x in part.columns { self.put(" ", width: 1, x: x, y: y, style: style) }
        }
    }

    /// Changes the style of the cells in `rect` and keeps their text. Both cells of a wide grapheme keep the style of its first cell.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let part = rect.intersection(self.bounds)
        for y in part.rows {
            for x in part.columns {
                let index = y * self.size.width + x
                if self.cells[index].width == 0, x > 0 { continue }
                change(&self.cells[index].style)
                if self.cells[index].width == 2 { self.cells[index + 1].style = self.cells[index].style }
            }
        }
    }

    /// Draws `sign`, which must be safe and one cell wide, if (`x`, `y`) is on the canvas.
    mutating func place(_ sign: String, x: Int, y: Int, style: Style) {
        guard x >= 0, x < self.size.width, y >= 0, y < self.size.height else { return }
        self.put(sign, width: 1, x: x, y: y, style: style)
    }

    private mutating func putASCII(_ grapheme: String, width: Int, x: Int, y: Int, style: Style) {
        for (offset, character) in GlyphSet.transliterated(grapheme, width: width).enumerated() {
            self.put(String(character), width: 1, x: x + offset, y: y, style: style)
        }
    }

    private mutating func put(_ grapheme: String, width: Int, x: Int, y: Int, style: Style) {
        let index = y * self.size.width + x
        self.unpair(index)
        if width == 2 { self.unpair(index + 1) }
        self.cells[index] = Cell(text: grapheme, width: UInt8(width), style: style)
        if width == 2 { self.cells[index + 1] = Cell(text: "", width: 0, style: style) }
    }

    /// Blanks the other half of the wide grapheme at `index`. A half never occurs alone, so the other half is in the same row.
    private mutating func unpair(_ index: Int) {
        switch self.cells[index].width {
        case 0: self.cells[index - 1] = Cell(text: " ", style: self.cells[index - 1].style)
        case 2: self.cells[index + 1] = Cell(text: " ", style: self.cells[index + 1].style)
        default: return
        }
    }
}
