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
