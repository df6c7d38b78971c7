import ResourceContainer
import ResourceDashboard

extension FleetState {
    /// Returns the whole screen at the state's size. Pure: the same state gives the same canvas. O(visible rows).
    package func render() -> Canvas {
        self.drawn().canvas
    }

    /// Draws the screen and records the pointer targets.
    func drawn() -> Painter {
        var painter = Painter(size: self.size, theme: self.theme, glyphs: self.glyphs)
        guard !self.size.isTooSmall else {
            painter.drawTooSmall()
            return painter
        }
        FleetBars.drawStatus(self, &painter)
        let lines = FleetBars.lines(self)
        let top = 1 + (self.filterRow?.height ?? 0)
        let body = Rect(x: 0, y: top, width: self.size.width, height: self.size.height - top - lines.count - 2)
        self.filterRow?.draw(&painter, y: 1)
        if case .help(let first) = self.overlay {
            FleetHelp.draw(self, &painter, body, from: first)
        } else {
            self.drawBody(&painter, body)
        }
        for (index, line) in lines.enumerated() {
            painter.text(line.text, x: 1, y: body.y + body.height + index, width: self.size.width - 2, role: line.role)
        }
        FleetBars.drawFooter(self, &painter)
        return painter
    }

    /// The row of the filter: while one types, and while a filter is set.
    private var filterRow: FilterRow? {
        guard self.overlay == .filter || !self.list.filter.isEmpty else { return nil }
        return FilterRow(self.list, isTyping: self.overlay == .filter, size: self.size)
    }

    /// The height of the screen from which the selected process has a pane. Lines of the server below the table do not take its place.
    private static let leastForDetails = 23
    /// The smallest height of the table, with its frame, above that pane.
    private static let leastForTable = 8

    private func drawBody(_ painter: inout Painter, _ body: Rect) {
        // Half of the body, or what a small one has.
        let room = max(body.height / 2, min(FleetDetails.leastHeight, body.height - Self.leastForTable))
        let details = self.size.height >= Self.leastForDetails ? FleetDetails(self, height: room) : nil
        let parts = body.rows([.flexible(Self.leastForTable), .fixed(details?.height ?? 0)])
        if let rect = parts[0] { self.drawTable(&painter, rect) }
        if let rect = parts[1], let details, rect.height > 0 { details.draw(&painter, rect) }
        if self.isStale { painter.dim(body) }
    }

    private func drawTable(_ painter: inout Painter, _ rect: Rect) {
        let title = "Processes \(Format.count(self.list.total))"
        let inside = painter.pane(rect, title, trailing: self.list.sortWords ?? "", isFocused: true)
        painter.draw(self.tableOnScreen, self.list, pane: 0, isFocused: true, in: inside)
    }

    /// The table of the rows that pass the filter.
    package var tableOnScreen: Table {
        let (rows, shapes, items, glyphs) = (self.table?.rows ?? [], self.shapes, self.list.rows, self.glyphs)
        let empty = self.table == nil ? (self.fault == nil ? "reading the table" : "no table was read") : "no process matches"
        return Table(FleetCells.columns, count: items.count, empty: empty) { index in
            let row = rows[items[index].index]
            return FleetCells.cells(row, shape: shapes[row.id], glyphs)
        }
    }
}
