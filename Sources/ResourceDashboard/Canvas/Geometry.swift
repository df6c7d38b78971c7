/// Width and height in cells.
public struct Size: Hashable, Sendable {
    public var width: Int
    public var height: Int

    /// The longest side of a screen that is drawn. More is a slip of the finger or a terminal that makes it up.
    public static let longestSide = 1000

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

    /// What this rectangle and `other` have in common; empty if nothing.
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
    var columns: Range<Int> { self.x..<Self.end(self.x, self.width) }
    /// The y coordinates in the rectangle.
    var rows: Range<Int> { self.y..<Self.end(self.y, self.height) }

    private static func end(_ start: Int, _ length: Int) -> Int {
        let (end, overflow) = start.addingReportingOverflow(length)
        return overflow ? .max : end
    }
}
