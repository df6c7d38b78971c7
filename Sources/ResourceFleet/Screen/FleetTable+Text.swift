import ResourceDashboard

extension FleetTable {
    /// The table as aligned text: a line of titles, and a line for each process. Without processes, a sentence. O(rows).
    package func text(_ glyphs: GlyphSet) -> String {
        if self.rows.isEmpty { return "no process matches: does the server scrape processes, or 'resmon export'?\n" }
        let table = Table(FleetCells.columns, count: self.rows.count, empty: "") { FleetCells.cells(self.rows[$0], shape: [], glyphs) }
        return table.hiding([FleetCells.shapeTitle]).text(isAligned: true, limit: self.rows.count)
    }
}
