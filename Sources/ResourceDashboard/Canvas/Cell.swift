/// One cell of a canvas.
public struct Cell: Hashable, Sendable {
    /// The grapheme shown; empty in the second cell of a wide grapheme.
    public var text: String
    /// The width of the grapheme in cells: 1, or 2 for a wide grapheme. It is 0 in the second cell of a wide grapheme.
    public var width: UInt8
    /// The colors and attributes.
    public var style: Style

    /// Creates a cell.
    public init(text: String, width: UInt8 = 1, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }
}
