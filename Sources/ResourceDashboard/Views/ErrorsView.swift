import ResourceContainer

/// The errors of the event log, grouped by kind, subject and cause.
enum ErrorsView {
    /// Returns the title: the number of errors shown and, if there were more, the total and the time covered. The others are older than the
    /// oldest stored event or belong to missed events.
    private static func title(_ state: DashboardState, kept: Int) -> String {
        let all = state.picture.totals.books.errors
        guard kept < all else { return "Errors \(Format.count(kept)), grouped by cause" }
        let window = state.picture.events.first.map { ", stored from the last \(Format.age(state.picture.time - $0.time))" } ?? ""
        return "Errors \(Format.count(kept)) of \(Format.count(all))\(window), grouped by cause"
    }

    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let groups = state.errorRows
        let total = groups.reduce(0) { $0 + $1.count }
        let detail = body.height >= 14 && !state.isSmall ? 6 : 0
        let inside = painter.pane(
            Rect(x: body.x, y: body.y, width: body.width, height: body.height - detail),
            Self.title(state, kept: total),
            trailing: "E shows the events, Enter the last one",
            in: state,
            as: "Events"
        )
        guard inside.height > 1 else { return }
        if groups.isEmpty {
            painter.text("no error among the stored events", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
        }
        let course = inside.width >= 90 ? Picture.errorColumns : 0
        let free = max(20, inside.width - 6 - 9 - 9 - course - 12)
        let subject = min(30, free / 3)
        let columns = [
            Column("N", 5, .right), Column("FIRST", 8), Column("LAST", 8),
            Column(course > 0 ? "OLD \(painter.glyphs[.right]) NEW" : "", course),
            Column("WHAT", 9), Column("SUBJECT", subject), Column("CAUSE", max(8, free - subject)),
        ]
        if !groups.isEmpty { painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1) }
        let chosen = state.selectedErrorGroup
        let selected = chosen.flatMap { group in groups.firstIndex { $0.id == group.id } }
        for (offset, index) in visibleRows(count: groups.count, height: inside.height - 1, selected: selected).enumerated() {
            let group = groups[index]
            let y = inside.y + 1 + offset
            painter.row(
                [
                    Span(Format.brief(group.count), .title), Span(state.configuration.clock.time(group.first.time), .textDim),
                    Span(state.configuration.clock.time(group.last.time), .textDim), Span(""), Span(group.id.what, .stateFailed),
                    Span(group.id.subject), Span(group.id.message, .stateFailed),
                ],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 1
            )
            if course > 0 {
                let values = group.course.map { $0 == 0 ? nil as Double? : Double($0) }
                painter.canvas.drawSparkline(values, x: inside.x + 1 + 24, y: y, width: course, style: painter.theme.style(.chart3))
            }
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
        guard detail > 0 else { return }
        let below = painter.pane(
            Rect(x: body.x, y: body.y + body.height - detail, width: body.width, height: detail),
            "Latest",
            in: state,
            as: "Selected"
        )
        guard let line = chosen?.last else { return }
        let texts = ["\(line.what) \(line.who) in \(line.scope)"] + DisplayText.wrap(line.message, width: max(8, below.width - 2))
        for (index, text) in texts.prefix(max(0, below.height)).enumerated() {
            painter.text(text, x: below.x + 1, y: below.y + index, width: below.width - 2, role: index == 0 ? .text : .stateFailed)
        }
    }
}
