/// The places of the panes.
extension OverviewScreen {
    private typealias Places = [(pane: Pane, rect: Rect?)]

    /// The width of the books without the figures beside them. The counts fit up to seven digits.
    private static let bookWidth = 28
    /// The height of the books: five rows and a frame.
    private static let bookHeight = 7

    /// The tiles are always at the top. Below them, wide and tall screens have two columns under what needs attention, and others have
    /// bands of two panes. Narrow screens have one column, and small ones the focused pane alone.
    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        guard !context.isSmall else { return [(pane: self.focus, rect: rect)] }
        let parts = Self.stacked(rect, [.fixed(rect.height >= 26 ? 4 : 3), .flexible(5)])
        guard let tiles = parts[0], let rest = parts[1] else { return [(pane: self.focus, rect: rect)] }
        let places: Places
        if rect.width < 76 {
            places = self.oneColumn(context, rest)
        } else if rest.height < 12 {
            places = self.onePair(rest)
        } else if rect.width >= 100, rest.height >= 22 {
            places = self.twoColumns(context, rest)
        } else {
            places = self.bands(context, rest)
        }
        let shown: [(pane: Pane, rect: Rect)] = places.compactMap { place in place.rect.map { (pane: place.pane, rect: $0) } }
        return [(pane: Pane.tiles, rect: tiles)] + shown
    }

    private func oneColumn(_ context: ScreenContext, _ rect: Rect) -> Places {
        let panes: [Pane] = [.attention, .pools, .scopes, .trouble]
        let extents = panes.enumerated().map { index, pane in
            var extent = self.extent(of: pane, width: rect.width, context, limit: max(5, rect.height * 2 / 5))
            extent.priority = pane == self.focus ? 0 : index + 1
            return extent
        }
        return zip(panes, Self.stacked(rect, extents)).map { (pane: $0, rect: $1) }
    }

    private func onePair(_ rect: Rect) -> Places {
        let right: Pane = [.pools, .trouble, .books].contains(self.focus) ? self.focus : .scopes
        let halves = rect.columns([.flexible(0), .flexible(0)])
        return [(pane: .attention, rect: halves[0]), (pane: right, rect: halves[1])]
    }

    private func bands(_ context: ScreenContext, _ rect: Rect) -> Places {
        let limit = max(5, rect.height * 2 / 5)
        let (pools, scopes) = (
            self.extent(of: .pools, width: rect.width / 2, context, limit: limit),
            self.extent(of: .scopes, width: rect.width / 2, context, limit: limit)
        )
        let attention = self.extent(of: .attention, width: rect.width - Self.bookWidth, context, limit: limit)
        // The chart appears where the lists have the rows that they need.
        let lower: [Pane] = rect.height < 34 ? [.trouble] : [.active, .trouble]
        let upper: [Extent] = [
            .content(max(Self.bookHeight, attention.ideal), minimum: Self.bookHeight),
            .content(max(5, pools.ideal, scopes.ideal), minimum: 5),
        ]
        let rows = Self.stacked(rect, upper + lower.map { $0 == .active ? .flexible(9, priority: 2) : .flexible(4, priority: 1) })
        let top = rows[0]?.columns([.fixed(Self.bookWidth), .flexible(20)]) ?? [nil, nil]
        let middle = rows[1]?.columns([.flexible(0), .flexible(0)]) ?? [nil, nil]
        let places: Places = [
            (pane: .books, rect: top[0]), (pane: .attention, rect: top[1]), (pane: .pools, rect: middle[0]),
            (pane: .scopes, rect: middle[1]),
        ]
        return places + zip(lower, rows.dropFirst(2)).map { (pane: $0, rect: $1) }
    }

    private func twoColumns(_ context: ScreenContext, _ rect: Rect) -> Places {
        var attention = self.extent(of: .attention, width: rect.width, context, limit: rect.height / 3)
        // The pane has room for two lines, so that a second finding does not move the panes below.
        attention.ideal = max(4, attention.ideal)
        let rows = Self.stacked(rect, [attention, .flexible(15)])
        let isNarrow = rect.width < 140
        let columns = rows[1]?.columns([.flexible(0, weight: isNarrow ? 55 : 50), .flexible(0, weight: isNarrow ? 45 : 50)]) ?? [nil, nil]
        var places: Places = [(pane: .attention, rect: rows[0])]
        if let left = columns[0] {
            let scopes = self.extent(of: .scopes, width: left.width, context, limit: max(5, left.height - Self.bookHeight))
            let parts = Self.stacked(left, [.fixed(Self.bookHeight), .fixed(scopes.ideal), .flexible(6, priority: 1)])
            places += zip([Pane.books, .scopes, .active], parts).map { (pane: $0, rect: $1) }
        }
        if let right = columns[1] {
            let pools = self.extent(of: .pools, width: right.width, context, limit: max(4, right.height / 2))
            places += zip([Pane.pools, .trouble], Self.stacked(right, [pools, .flexible(5)])).map { (pane: $0, rect: $1) }
        }
        return places
    }

    /// Returns the rectangles of items from the top to the bottom. The last one that is shown takes the rows that no item wants.
    private static func stacked(_ rect: Rect, _ extents: [Extent]) -> [Rect?] {
        var rects = rect.rows(extents)
        if let last = rects.lastIndex(where: { $0 != nil }), let shown = rects[last] {
            rects[last] = Rect(x: shown.x, y: shown.y, width: shown.width, height: rect.y + rect.height - shown.y)
        }
        return rects
    }

    /// Returns the number of lines for what needs attention in a pane `width` cells wide. Figures change all the time, and panes must not
    /// move with them, so every number counts as one of five digits.
    private func attentionLines(width: Int, limit: Int) -> Int {
        let sentences = self.attention.rows.prefix(limit).map { Self.sentence($0, .braille).withSteadyNumbers }
        return max(1, Sentence.lines(sentences, width: width - 4).reduce(0) { $0 + $1.count })
    }

    /// Returns the height of a pane `width` cells wide. The panes of findings, pools and scopes are as high as their content, up to
    /// `limit` rows. Any other pane takes the rows that are left over.
    private func extent(of pane: Pane, width: Int, _ context: ScreenContext, limit: Int) -> Extent {
        switch pane {
        case .attention: .content(min(limit, self.attentionLines(width: width, limit: limit) + 2), minimum: 3)
        case .pools: .content(min(limit, max(1, self.pools.count) + 3), minimum: 4)
        case .scopes: .content(min(limit, max(1, self.scopes.count) + (context.showsEnded ? 4 : 3)), minimum: 5)
        case .trouble, .tiles, .books, .active: .flexible(4)
        }
    }
}
