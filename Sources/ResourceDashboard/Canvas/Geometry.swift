/// A width and height in cells. Neither is negative.
public struct Size: Hashable, Sendable {
    /// The width in cells.
    public var width: Int
    /// The height in cells.
    public var height: Int

    /// The longest side of a screen that is drawn, in cells. A larger size is a typing error or a terminal that reports a wrong size.
    public static let longestSide = 1000

    /// Creates a size. Negative values become 0.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of cells. Coordinates grow to the right and downward from the top left.
public struct Rect: Hashable, Sendable {
    /// The leftmost column.
    public var x: Int
    /// The topmost row.
    public var y: Int
    /// The width in cells.
    public var width: Int
    /// The height in cells.
    public var height: Int

    /// Creates a rectangle. Negative extents become 0.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// Returns the rectangle whose edges are `margin` cells inside the edges of this one.
    public func inset(by margin: Int = 1) -> Rect {
        Rect(x: self.x + margin, y: self.y + margin, width: self.width - 2 * margin, height: self.height - 2 * margin)
    }

    /// Returns the rectangle that this one and `other` have in common; empty if they do not overlap.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(self.x, other.x)
        let top = max(self.y, other.y)
        return Rect(
            x: left,
            y: top,
            width: min(Self.end(self.x, self.width), Self.end(other.x, other.width)) - left,
            height: min(Self.end(self.y, self.height), Self.end(other.y, other.height)) - top
        )
    }

    /// The x coordinates in the rectangle.
    package var columns: Range<Int> { self.x..<Self.end(self.x, self.width) }
    /// The y coordinates in the rectangle.
    package var rows: Range<Int> { self.y..<Self.end(self.y, self.height) }

    private static func end(_ start: Int, _ length: Int) -> Int {
        let (end, overflow) = start.addingReportingOverflow(length)
        return overflow ? .max : end
    }
}
