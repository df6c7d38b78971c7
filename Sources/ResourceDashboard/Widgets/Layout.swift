/// The room that a column of a table, or a pane, takes along one axis.
package struct Extent: Hashable, Sendable {
    /// The least length at which the item is useful, in cells.
    package var minimum: Int
    /// The length at which nothing of the item is cut, in cells.
    package var ideal: Int
    /// The share of the length that is left over; 0 for an item that does not grow.
    package var weight = 0
    /// The order in which items are omitted if there is too little room: the highest number first. An item with 0 is never omitted.
    package var priority = 0

    /// Creates the extent of an item of exactly `length` cells.
    package static func fixed(_ length: Int, priority: Int = 0) -> Extent {
        Extent(minimum: length, ideal: length, priority: priority)
    }

    /// Creates the extent of an item that takes what is left over, but at least `minimum` cells.
    package static func flexible(_ minimum: Int, weight: Int = 1, priority: Int = 0) -> Extent {
        Extent(minimum: minimum, ideal: minimum, weight: weight, priority: priority)
    }

    /// Creates the extent of an item that takes up to `ideal` cells, and less if there is too little room.
    package static func content(_ ideal: Int, minimum: Int, priority: Int = 0) -> Extent {
        Extent(minimum: min(minimum, ideal), ideal: ideal, priority: priority)
    }
}

/// The one layout engine: it divides a length among items.
package enum Layout {
    /// Returns the length of each item; nil for one that is omitted. The lengths and the gaps between them add up to `length` if an item can
    /// grow, and never to more unless the items that cannot be omitted need more.
    ///
    /// Items are omitted, highest priority number first, until the minimums fit. Then items that can grow are shortened first, and the others
    /// from the last to the first. The remaining length is shared by weight.
    package static func divide(_ length: Int, among items: [Extent], gap: Int = 0) -> [Int?] {
        var shown = Array(items.indices)
        func total(_ lengths: (Int) -> Int) -> Int {
            shown.reduce(0) { $0 + lengths($1) } + gap * max(0, shown.count - 1)
        }
        while total({ items[$0].minimum }) > length {
            let first = shown.max { (items[$0].priority, $0) < (items[$1].priority, $1) }
            guard let first, items[first].priority > 0 else { break }
            shown.removeAll { $0 == first }
        }
        var lengths = items.map(\.ideal)
        var over = total { lengths[$0] } - length
        let yielding = shown.filter { items[$0].weight > 0 } + shown.reversed().filter { items[$0].weight == 0 }
        for index in yielding where over > 0 {
            let given = min(over, lengths[index] - items[index].minimum)
            lengths[index] -= given
            over -= given
        }
        let growing = shown.filter { items[$0].weight > 0 }
        if over < 0, !growing.isEmpty {
            for (index, share) in zip(growing, Canvas.shares(growing.map { items[$0].weight }, of: -over)) { lengths[index] += share }
        }
        return items.indices.map { shown.contains($0) ? max(0, lengths[$0]) : nil }
    }
}

extension Rect {
    /// Returns the rectangles of items from the top to the bottom; nil for one that is omitted.
    package func rows(_ items: [Extent]) -> [Rect?] {
        var y = self.y
        return Layout.divide(self.height, among: items).map { height in
            guard let height else { return nil }
            defer { y += height }
            return Rect(x: self.x, y: y, width: self.width, height: min(height, self.y + self.height - y))
        }
    }

    /// Returns the rectangles of items from the left to the right; nil for one that is omitted.
    package func columns(_ items: [Extent]) -> [Rect?] {
        var x = self.x
        return Layout.divide(self.width, among: items).map { width in
            guard let width else { return nil }
            defer { x += width }
            return Rect(x: x, y: self.y, width: min(width, self.x + self.width - x), height: self.height)
        }
    }

    /// Returns the rectangle with a margin at the left and the right.
    package func padded(by margin: Int = 1) -> Rect {
        Rect(x: self.x + margin, y: self.y, width: self.width - 2 * margin, height: self.height)
    }
}
