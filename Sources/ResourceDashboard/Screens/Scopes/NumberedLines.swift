/// Numbered items in a pane, each with a remark at its right: ` 1 Cart#379  ~4ms`.
struct NumberedLines: Sendable {
    /// An item of the list.
    struct Item: Sendable {
        var number: Int
        var text: String
        var remark: Span
        /// A sentence below the item.
        var note: Span?
    }

    /// The first items; further ones are only counted.
    private let items: [Item]
    private let total: Int
    private let glyphs: GlyphSet

    /// Creates the list from its first items and the number of all.
    init(_ items: [Item], of total: Int, _ glyphs: GlyphSet) {
        self.items = items
        self.total = total
        self.glyphs = glyphs
    }

    /// Returns at most `height` lines. Texts and notes that are too long are wrapped, and the last line states how many items do not fit.
    func lines(width: Int, height: Int) -> [[Span]] {
        guard height > 0, width > 0 else { return [] }
        // Each item takes a line at least.
        let visible = self.items.prefix(height)
        let numbers = visible.map { "\($0.number)".count }.max() ?? 0
        let remarks = visible.map { DisplayText.width(of: $0.remark.text) }.max() ?? 0
        let texts = visible.map { DisplayText.width(of: $0.text) }.max() ?? 0
        let room = max(1, min(texts, width - numbers - 1 - (remarks > 0 ? remarks + 2 : 0)))
        var lines: [[Span]] = []
        for (index, item) in visible.enumerated() {
            let free = height - lines.count - (index + 1 < self.total ? 1 : 0)
            guard free > 0 else { return lines + [self.rest(self.total - index)] }
            let block = Self.block(item, numbers: numbers, room: room, width: width)
            lines += block.count <= free ? block : self.cut(block, to: free, width: width)
        }
        return visible.count < self.total ? lines + [self.rest(self.total - visible.count)] : lines
    }

    /// Returns the first lines of an item, with an ellipsis in the last.
    private func cut(_ block: [[Span]], to count: Int, width: Int) -> [[Span]] {
        var lines = Array(block.prefix(count))
        if count > 1, let last = lines.last?.first {
            let ellipsis = self.glyphs[.ellipsis]
            lines[count - 1] = [Span(DisplayText.clip(last.text, width: width - 1, ellipsis: "").text + ellipsis, last.role)]
        }
        return lines
    }

    private func rest(_ count: Int) -> [Span] {
        [Span("\(self.glyphs[.ellipsis]) \(Format.count(count)) more", .textDim)]
    }

    private static func block(_ item: Item, numbers: Int, room: Int, width: Int) -> [[Span]] {
        let texts = DisplayText.wrap(item.text, width: room)
        let indent = String(repeating: " ", count: numbers + 1)
        var lines = [
            [
                Span(DisplayText.fit("\(item.number)", width: numbers, alignment: .right) + " ", .textDim),
                Span(DisplayText.fit(texts.first ?? "", width: room)), Span("  "), item.remark,
            ]
        ]
        lines += texts.dropFirst().map { [Span(indent + $0)] }
        if let note = item.note {
            lines += DisplayText.wrap(note.text, width: max(1, width - indent.count)).map { [Span(indent + $0, note.role)] }
        }
        return lines
    }
}
