/// Width and height in cells.
public struct Size: Hashable, Sendable {
    public var width: Int
    public var height: Int

    /// Negative values become 0.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of cells; its origin is the top left.
public struct Rect: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    /// Negative extents become 0.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The part of this rectangle `margin` cells inside each edge.
    public func inset(by margin: Int = 1) -> Rect {
        Rect(x: self.x + margin, y: self.y + margin, width: self.width - 2 * margin, height: self.height - 2 * margin)
    }
}

/// One cell of the screen.
public struct Cell: Hashable, Sendable {
    /// The grapheme shown; empty in the second cell of a wide one.
    public var text: String
    /// 1, or 2 for a wide grapheme, or 0 for the cell that a wide grapheme covers.
    public var width: UInt8
    public var style: Style

    public init(text: String, width: UInt8 = 1, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }
}

/// A picture of the screen: a grid of cells, all of which are always set. Everything drawn is clipped to it, and text is made safe.
public struct Canvas: Hashable, Sendable {
    public let size: Size
    /// The cells, row by row.
    public private(set) var cells: [Cell]

    /// A canvas of blanks in `style`.
    public init(size: Size, style: Style = .plain) {
        self.size = size
        self.cells = Array(repeating: Cell(text: " ", style: style), count: size.width * size.height)
    }

    /// The cells of row `y`, which must be inside the canvas.
    public func row(_ y: Int) -> ArraySlice<Cell> {
        self.cells[y * self.size.width..<(y + 1) * self.size.width]
    }

    /// Draws `text` from (`x`, `y`) to the right in `style` and returns the number of cells it took.
    ///
    /// Controls and escapes are shown, never sent; a grapheme that does not fit whole is left out; what would stand outside the canvas
    /// or beyond `limit` cells is clipped. Half of a wide grapheme that is overwritten becomes a blank.
    @discardableResult
    public mutating func draw(_ text: some StringProtocol, x: Int, y: Int, style: Style, limit: Int = .max) -> Int {
        guard y >= 0, y < self.size.height, limit > 0 else { return 0 }
        var used = 0
        for (grapheme, width) in DisplayText.graphemes(text) {
            if width > limit - used { break }
            let left = x + used
            if left >= self.size.width { break }
            used += width
            if left < 0 { continue }
            if left + width > self.size.width { break }
            self.put(grapheme, width: width, x: left, y: y, style: style)
        }
        return used
    }

    /// Fills the part of `rect` that is on the canvas with blanks in `style`.
    public mutating func fill(_ rect: Rect, style: Style) {
        for y in max(0, rect.y)..<max(max(0, rect.y), min(self.size.height, rect.y + rect.height)) {
            for x in max(0, rect.x)..<max(max(0, rect.x), min(self.size.width, rect.x + rect.width)) {
                self.put(" ", width: 1, x: x, y: y, style: style)
            }
        }
    }

    /// Gives the cells of `rect` another style and leaves their text.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        for y in max(0, rect.y)..<max(max(0, rect.y), min(self.size.height, rect.y + rect.height)) {
            for x in max(0, rect.x)..<max(max(0, rect.x), min(self.size.width, rect.x + rect.width)) {
                change(&self.cells[y * self.size.width + x].style)
            }
        }
    }

    private mutating func put(_ grapheme: String, width: Int, x: Int, y: Int, style: Style) {
        let index = y * self.size.width + x
        self.unpair(index, x: x)
        if width == 2 { self.unpair(index + 1, x: x + 1) }
        self.cells[index] = Cell(text: grapheme, width: UInt8(width), style: style)
        if width == 2 { self.cells[index + 1] = Cell(text: "", width: 0, style: style) }
    }

    /// Blanks the other half of the wide grapheme that the cell is a half of.
    private mutating func unpair(_ index: Int, x: Int) {
        if self.cells[index].width == 0, x > 0 {
            self.cells[index - 1] = Cell(text: " ", style: self.cells[index - 1].style)
        } else if self.cells[index].width == 2, x + 1 < self.size.width {
            self.cells[index + 1] = Cell(text: " ", style: self.cells[index + 1].style)
        }
    }
}
