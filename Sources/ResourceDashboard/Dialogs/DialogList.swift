extension Key {
    /// Returns the index that the key moves to in a list, from `index`; nil if the key does not move.
    ///
    /// - Parameters:
    ///   - index: The index of the selected row, or of the first visible one.
    ///   - count: The number of rows.
    ///   - page: The number of visible rows.
    ///   - letters: Whether letters move, too. They do not where they are typed into a text field.
    func moved(from index: Int, count: Int, page: Int, letters: Bool = true) -> Int? {
        let target: Int
        switch (self.code, self.modifiers) {
        case (.down, _): target = index + 1
        case (.up, _): target = index - 1
        case (.pageDown, _): target = index + max(1, page)
        case (.pageUp, _): target = index - max(1, page)
        case (.home, []): target = 0
        case (.end, []): target = count - 1
        case (.character("j"), []) where letters: target = index + 1
        case (.character("k"), []) where letters: target = index - 1
        case (.character("d"), .control) where letters: target = index + max(1, page / 2)
        case (.character("u"), .control) where letters: target = index - max(1, page / 2)
        case (.character("g"), []) where letters: target = 0
        case (.character("G"), []) where letters: target = count - 1
        default: return nil
        }
        return max(0, min(target, count - 1))
    }
}

/// The list in a dialog.
enum DialogList {
    /// Returns the visible rows among `count` in a list of `height` rows. They contain the selected one.
    static func window(_ count: Int, height: Int, selected: Int) -> Range<Int> {
        guard height > 0, count > 0 else { return 0..<0 }
        let top = max(0, min(selected - height * 2 / 3, count - height))
        return top..<min(count, top + height)
    }

    /// Returns the width at which nothing of a table is cut. Only the first 200 rows are measured.
    static func width(of table: Table) -> Int {
        let rows = (0..<min(table.count, 200)).map(table.cells)
        return table.columns.indices.reduce(2 * max(0, table.columns.count - 1)) { sum, column in
            sum + rows.reduce(DisplayText.width(of: table.columns[column].title)) { max($0, $1[column].width) }
        }
    }
}

extension Painter {
    /// Draws the rows of a table around the selected one, each of which can be clicked if there is a selection. Returns the visible rows.
    @discardableResult
    mutating func choices(_ table: Table, selected: Int?, in rect: Rect) -> Range<Int> {
        guard rect.height > 0, rect.width > 0 else { return 0..<0 }
        guard table.count > 0 else {
            self.text(table.empty, x: rect.x, y: rect.y, width: rect.width, role: .textDim)
            return 0..<0
        }
        let hasHeader = rect.height > min(2, table.count) && table.columns.contains { !$0.title.isEmpty }
        let first = rect.y + (hasHeader ? 1 : 0)
        let shown = DialogList.window(table.count, height: rect.height - (hasHeader ? 1 : 0), selected: selected ?? 0)
        let rows = shown.map(table.cells)
        let content = table.columns.indices.map { column in
            rows.reduce(DisplayText.width(of: table.columns[column].title)) { max($0, $1[column].width) }
        }
        let (gap, widths) = Table.layout(table.columns, content: content, width: rect.width)
        let header = hasHeader ? [table.columns.map { TableCell.text($0.title, .textDim) }] : []
        for (offset, cells) in (header + rows).enumerated() {
            var x = rect.x
            for (cell, (column, width)) in zip(cells, zip(table.columns, widths)) {
                guard let width else { continue }
                let room = min(width, rect.x + rect.width - x)
                self.draw(cell, column.alignment, in: Rect(x: x, y: rect.y + offset, width: room, height: 1))
                x += width + gap
            }
        }
        if let selected {
            for (offset, index) in shown.enumerated() {
                self.mark(.choice(index), isSelected: index == selected, x: rect.x, y: first + offset, width: rect.width)
            }
        }
        return shown
    }
}
