import ResourceContainer

/// The event log with the newest line at the bottom, and the selected line in full.
enum EventsView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let detail = body.height >= 14 && !state.isSmall ? 6 : 0
        Self.list(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: body.height - detail))
        if detail > 0 {
            Self.selected(state, &painter, Rect(x: body.x, y: body.y + body.height - detail, width: body.width, height: detail))
        }
    }

    private static func list(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let kept = state.picture.events.count
        let match = state.eventRows.count == kept ? "" : "   \(Format.count(state.eventRows.count)) match"
        let inside = painter.pane(
            rect,
            "Events \(Format.count(kept)) stored",
            trailing: "follow \(state.selectedEvent == nil ? "ON" : "off, G follows")\(match)",
            in: state,
            as: "Events"
        )
        guard inside.height > 1 else { return }
        let columns = Self.columns(width: inside.width - 1)
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.selectedEvent.flatMap { state.index(of: $0) }
        let height = inside.height - 1
        // While following, the newest line is at the bottom.
        let shown =
            state.selectedEvent == nil
            ? max(0, state.eventRows.count - height)..<state.eventRows.count
            : visibleRows(count: state.eventRows.count, height: height, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            let line = state.picture.events[state.eventRows[index]]
            let before = index > 0 ? state.picture.events[state.eventRows[index - 1]].time : line.time
            let delta = "+\(Format.decimal((line.time - before).inSeconds, digits: 3))"
            let level = Mark(line.level)
            painter.row(
                [
                    Span(state.configuration.clock.preciseTime(line.time), .textDim), Span(delta, .textDim), Span(line.source, .textDim),
                    Span(level.word, level.role), Span("\(painter.glyphs[line.glyph]) \(line.what)", line.role), Span(line.who),
                    Span(line.scope, .textDim),
                    Span(line.message, line.level == .error ? .stateFailed : .text),
                ],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 1
            )
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
        if state.eventRows.isEmpty {
            painter.text("nothing to show", x: inside.x + 1, y: inside.y + 1, width: inside.width - 2, role: .textDim)
        }
    }

    private static func columns(width: Int) -> [Column] {
        let fixed = 12 + 8 + 7 + 5 + 11 + 7
        let free = max(12, width - fixed)
        let who = min(26, free * 3 / 10)
        let scope = min(14, free * 2 / 10)
        return [
            Column("TIME", 12), Column("DELTA", 8, .right), Column("SRC", 7), Column("LVL", 5), Column("WHAT", 11), Column("SUBJECT", who),
            Column("SCOPE", scope), Column("MESSAGE", max(8, free - who - scope)),
        ]
    }

    private static func selected(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let line = state.selectedEvent ?? state.eventRows.last.map { state.picture.events[$0] }
        let inside = painter.pane(
            rect,
            state.selectedEvent == nil ? "Newest" : "Selected",
            trailing: "Enter jumps to it",
            in: state,
            as: "Selected"
        )
        guard let line else { return }
        let level = Mark(line.level)
        let lines: [[Span]] = [
            [Span("seq \(line.sequence)  \(state.configuration.clock.preciseTime(line.time))  ", .textDim), level.span(painter.glyphs)],
            [Span("\(line.what) ", line.role), Span(line.who), Span("  in \(line.scope)", .textDim)],
            [Span(line.message)],
        ]
        for (index, spans) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(spans, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
