import ResourceContainer

/// The newest warnings and errors, one row for each group of equal ones, newest first. One line counts all other events.
extension OverviewScreen {
    func drawTrouble(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let title = self.groupTitle(.trouble, count: self.troubleCount)
        let inside = self.frame(.trouble, title, trailing: "newest first", &painter, rect)
        let parts = inside.height < 2 ? [inside, nil] : inside.rows([.flexible(1), .fixed(1)])
        let glyphs = painter.glyphs
        if let rows = parts[0] {
            painter.draw(
                self.trouble,
                empty: "no warnings and no errors",
                pane: self.index(of: .trouble),
                isFocused: self.focus == .trouble,
                in: rows
            ) { index in
                Self.sentence(self.trouble.rows[index], context.clock, isNarrow: rect.width < 70, glyphs)
            }
        }
        guard let last = parts[1]?.padded() else { return }
        let others = context.picture.events.count - self.troubleCount
        let text = "\(Format.count(others)) other \(others == 1 ? "event" : "events"): \(context.keys.key(.events)) shows all"
        painter.text(text, x: last.x, y: last.y, width: last.width, role: .textDim)
    }

    private static func sentence(_ group: TroubleGroup, _ clock: WallClock, isNarrow: Bool, _ glyphs: GlyphSet) -> Sentence {
        let line = group.newest
        let time = isNarrow ? clock.time(line.time) : clock.preciseTime(line.time)
        let count = group.count > 1 ? [Span("\(glyphs[.times])\(Format.count(group.count))")] : []
        return Sentence(
            glyph: Span(glyphs[line.glyph], line.role),
            head: [Span(time, .textDim), Span(line.what, line.role)] + count,
            text: group.message.isEmpty ? group.subject : "\(group.subject): \(group.message)"
        )
    }

    func troubleTable(_ context: ScreenContext) -> Table {
        let columns = [
            TableColumn("TIME", "the time of day of the newest event"),
            TableColumn("COUNT", "the number of equal events", alignment: .right),
            TableColumn("LEVEL", "whether they are warnings or errors"), TableColumn("WHAT", "the kind of event"),
            TableColumn("SUBJECT", "the subject of the events, without its number if there are several"),
            TableColumn("MESSAGE", "the details, or the common cause", .flexible(minimum: 20)),
        ]
        return Table(columns, count: self.trouble.count, empty: "no warnings and no errors") { index in
            let group = self.trouble.rows[index]
            let line = group.newest
            return [
                .text(context.clock.preciseTime(line.time), .textDim), .text(Format.count(group.count)),
                .text(line.level.label, line.role), .text(line.what, line.role), .label(group.subject), .text(group.message),
            ]
        }
    }
}
