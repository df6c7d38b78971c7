/// A column of a table.
package struct TableColumn: Sendable {
    /// How wide the column is.
    package enum Width: Hashable, Sendable {
        /// As wide as its widest visible cell. A column with a minimum may be cut to it if there is too little room.
        case content(minimum: Int? = nil)
        /// As wide as the room that is left over, but at least this. A table has at most one such column.
        case flexible(minimum: Int)
        case fixed(Int)
    }

    package var title: String
    /// The meaning of the cells, for the help.
    package var help: String
    package var width: Width
    package var alignment: DisplayText.Alignment
    /// The order in which columns are omitted on narrow screens: the highest number first. A column with 0 always stays.
    package var priority: Int
    /// The least width of a table that shows the column.
    package var appearsFrom: Int
    /// The index of the column among those that the rows can be sorted by; nil if they cannot.
    package var sort: Int?

    package init(
        _ title: String,
        _ help: String,
        _ width: Width = .content(),
        alignment: DisplayText.Alignment = .left,
        priority: Int = 0,
        appearsFrom: Int = 0,
        sort: Int? = nil
    ) {
        self.title = title
        self.help = help
        self.width = width
        self.alignment = alignment
        self.priority = priority
        self.appearsFrom = appearsFrom
        self.sort = sort
    }
}

/// A table: its columns, and the cells of each row. Only the cells of visible rows are made.
package struct Table {
    package var columns: [TableColumn]
    package var count: Int
    /// Returns the cells of the row at an index, one for each column.
    package var cells: (Int) -> [TableCell]
    /// The text that is shown if there is no row.
    package var empty: String

    package init(_ columns: [TableColumn], count: Int, empty: String, cells: @escaping (Int) -> [TableCell]) {
        self.columns = columns
        self.count = count
        self.empty = empty
        self.cells = cells
    }

    /// Returns the table without the columns that have one of these titles. The first column stays, because it names the row.
    package func hiding(_ titles: Set<String>) -> Table {
        guard !titles.isEmpty else { return self }
        let kept = self.columns.indices.filter { $0 == 0 || !titles.contains(self.columns[$0].title) }
        let cells = self.cells
        return Table(kept.map { self.columns[$0] }, count: self.count, empty: self.empty) { row in
            let all = cells(row)
            return kept.map { all[$0] }
        }
    }

    /// The length of a name, such as that of a pool or scope, that is not cut for the sake of a column that can be omitted.
    private static let nameLength = 20

    /// Returns the gap between the columns and the width of each column in a table `width` cells wide; nil for a column that is omitted.
    ///
    /// Columns are omitted before a column that always stays is cut below ``nameLength`` cells.
    package static func layout(_ columns: [TableColumn], content: [Int], width: Int) -> (gap: Int, widths: [Int?]) {
        let extents = zip(columns, content).map { column, content -> Extent in
            switch column.width {
            case .fixed(let length): .fixed(length, priority: column.priority)
            case .content(let minimum): .content(content, minimum: minimum ?? content, priority: column.priority)
            case .flexible(let minimum):
                Extent(minimum: min(minimum, max(1, content)), ideal: content, weight: 1, priority: column.priority)
            }
        }
        let shown = columns.indices.filter { columns[$0].appearsFrom <= width }
        var named = extents
        for index in shown where extents[index].priority == 0 && extents[index].weight == 0 {
            named[index].minimum = max(extents[index].minimum, min(extents[index].ideal, Self.nameLength))
        }
        let staying = shown.filter { extents[$0].priority == 0 }
        let namedLength = staying.reduce(0) { $0 + named[$1].minimum } + max(0, staying.count - 1)
        // A wide gap is easier to read, but never at the price of text.
        let roomy = shown.reduce(0) { $0 + extents[$1].ideal } + 2 * max(0, shown.count - 1)
        let gap = roomy <= width ? 2 : 1
        let fitting = namedLength <= width ? named : extents
        let widths = Layout.divide(width, among: shown.map { fitting[$0] }, gap: gap)
        var result: [Int?] = Array(repeating: nil, count: columns.count)
        // If the columns that stay need more, the last ones are clipped.
        var room = width
        for case (let index, let length?) in zip(shown, widths) {
            result[index] = max(0, min(length, room))
            room -= length + gap
        }
        return (gap, result)
    }

    /// Returns the length of the widest cell of each column, or of its title; 0 for a column that does not appear at `width`.
    package func content(_ titles: [String], _ rows: [[TableCell]], width: Int) -> [Int] {
        titles.indices.map { column in
            guard self.columns[column].appearsFrom <= width else { return 0 }
            return rows.reduce(DisplayText.width(of: titles[column])) { max($0, $1[column].width) }
        }
    }

    /// Returns the number of lines of each row in `height` lines: one, and those at the top all that they need while there are free lines.
    package static func lineCounts(_ rows: [[TableCell]], widths: [Int?], height: Int) -> [Int] {
        var spare = max(0, height - rows.count)
        return rows.map { cells in
            let wanted = zip(cells, widths).reduce(1) { most, cell in max(most, cell.1.map { cell.0.lineCount(width: $0) } ?? 1) }
            let count = min(wanted, 1 + spare)
            spare -= count - 1
            return count
        }
    }

    /// Returns the height, in a table `width` cells wide, at which the header and the first `limit` rows have all their lines.
    package func height(width: Int, limit: Int) -> Int {
        let rows = (0..<min(self.count, max(0, limit))).map(self.cells)
        let content = self.content(self.columns.map(\.title), rows, width: width)
        let widths = Self.layout(self.columns, content: content, width: width).widths
        return 1 + Self.lineCounts(rows, widths: widths, height: .max).reduce(0, +)
    }

    /// Returns the table as text: aligned by blanks, or separated by tabs.
    package func text(isAligned: Bool, limit: Int = 10_000) -> String {
        let rows = [self.columns.map(\.title)] + (0..<min(self.count, limit)).map { self.cells($0).map(\.text) }
        guard isAligned else { return rows.map { $0.joined(separator: "\t") + "\n" }.joined() }
        let widths = self.columns.indices.map { column in rows.map { DisplayText.width(of: $0[column]) }.max() ?? 0 }
        return rows.map { row in
            var line = self.columns.indices.map { column in
                DisplayText.fit(row[column], width: widths[column], alignment: self.columns[column].alignment)
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

extension Painter {
    /// Draws a table with its header, the selected row, and a scroll bar on the border at the right of `rect` if rows are hidden. Unknown
    /// values are dim.
    package mutating func draw(
        _ table: Table,
        _ list: any ListStatus,
        pane: Int,
        isFocused: Bool,
        showsSelection: Bool = true,
        in rect: Rect
    ) {
        guard rect.height > 0, rect.width > 2 else { return }
        let inner = rect.padded()
        guard table.count > 0 else {
            let text = list.filter.isEmpty ? table.empty : "nothing matches the filter; Esc clears it"
            self.text(text, x: inner.x, y: inner.y, width: inner.width, role: .textDim)
            return
        }
        let hasHeader = rect.height > 1
        let height = rect.height - (hasHeader ? 1 : 0)
        let shown = list.window(height: height)
        let rows = shown.map(table.cells)
        let titles = table.columns.map { column in
            guard let sorting = list.sorting, column.sort == sorting.column else { return column.title }
            return column.title + self.glyphs[sorting.isDescending ? .down : .up]
        }
        let (gap, widths) = Table.layout(
            table.columns,
            content: table.content(titles, rows, width: inner.width),
            width: inner.width
        )
        let lineCounts = Table.lineCounts(rows, widths: widths, height: height)
        self.targets.add(rect, .list(pane: pane, top: shown.lowerBound, height: height, count: table.count))
        if hasHeader { self.header(titles, table.columns, widths, gap: gap, pane: pane, in: inner) }
        let first = rect.y + (hasHeader ? 1 : 0)
        // In a long list, the search for the selected row costs more than drawing.
        let selected = showsSelection ? list.selectedIndex : nil
        var y = first
        for (index, (cells, lineCount)) in zip(shown, zip(rows, lineCounts)) {
            let isSelected = index == selected
            var x = inner.x
            var places: [(cell: TableCell, rect: Rect)] = []
            for (cell, (column, width)) in zip(cells, zip(table.columns, widths)) {
                if case .spanning(let spans) = cell {
                    self.line(spans, x: x, y: y, width: inner.x + inner.width - x)
                    break
                }
                guard let width else { continue }
                let place = Rect(x: x, y: y, width: min(width, inner.x + inner.width - x), height: lineCount)
                self.draw(cell.dimmingUnknown(self.glyphs), column.alignment, in: place)
                if isSelected { places.append((cell, place)) }
                x += width + gap
            }
            for line in y..<y + lineCount {
                self.mark(.row(pane: pane, index: index), isSelected: isSelected, x: rect.x, y: line, width: rect.width)
            }
            // The colors of a gauge or chart have a meaning, so the selection does not cover them.
            for place in places {
                if case .drawing(_, _, let draw) = place.cell, place.rect.width > 0 { draw(&self, place.rect) }
            }
            y += lineCount
        }
        self.scrollBar(pane: pane, shown, of: table.count, isFocused: isFocused, x: rect.x + rect.width, y: first, height: height)
    }

    private mutating func header(
        _ titles: [String],
        _ columns: [TableColumn],
        _ widths: [Int?],
        gap: Int,
        pane: Int,
        in rect: Rect
    ) {
        var x = rect.x
        for (title, (column, width)) in zip(titles, zip(columns, widths)) {
            guard let width else { continue }
            let room = min(width, rect.x + rect.width - x)
            self.text(title, x: x, y: rect.y, width: room, role: .textDim, alignment: column.alignment)
            if let sort = column.sort {
                self.targets.add(Rect(x: x, y: rect.y, width: room, height: 1), .header(pane: pane, column: sort))
            }
            x += width + gap
        }
    }

    /// Draws the position in a list on a vertical border; nothing if all rows are visible.
    package mutating func scrollBar(pane: Int, _ shown: Range<Int>, of count: Int, isFocused: Bool, x: Int, y: Int, height: Int) {
        guard shown.count < count, height > 1 else { return }
        let length = max(1, height * shown.count / count)
        let room = max(1, count - shown.count)
        let top = (height - length) * shown.lowerBound / room
        for row in 0..<length {
            self.canvas.draw(.scroll, x: x, y: y + top + row, style: self.theme.style(isFocused ? .borderFocus : .border))
        }
        self.targets.add(
            Rect(x: x, y: y, width: 1, height: height),
            .scrollBar(pane: pane, y: y, height: height, shown: shown.count, count: count)
        )
    }
}
