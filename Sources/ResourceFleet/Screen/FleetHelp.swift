import ResourceContainer
import ResourceDashboard

/// The help: the keys of the screen, and the meaning of the columns.
enum FleetHelp {
    /// The number of lines that fit.
    static func height(_ state: FleetState) -> Int {
        max(1, state.size.height - FleetBars.lines(state).count - 5)
    }

    static func lines(_ state: FleetState) -> [[Span]] {
        let keys = FleetState.commands.compactMap { entry -> [Span]? in
            guard let info = state.keys.info(entry.command), !info.keys.isEmpty else { return nil }
            return [Span(DisplayText.fit(info.label, width: 14), .title), Span(entry.help)]
        }
        let columns = FleetCells.columns.map { [Span(DisplayText.fit($0.title, width: 14), .title), Span($0.help)] }
        return [[Span("KEYS", .textDim)]] + keys + [[], [Span("COLUMNS", .textDim)]] + columns
    }

    static func draw(_ state: FleetState, _ painter: inout Painter, _ rect: Rect, from first: Int) {
        let lines = Self.lines(state)
        let inside = painter.pane(rect, "Help", trailing: "\(lines.count) lines", isFocused: true)
        painter.lines(Array(lines.dropFirst(first)), in: inside.padded())
    }
}
