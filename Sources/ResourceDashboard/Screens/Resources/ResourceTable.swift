import ResourceContainer
import ResourceMonitoring

/// The table of resources: its columns, and the cells of a row.
enum ResourceTable {
    /// The time that the column SHAPE covers, in seconds.
    private static let seconds = 60

    static let columns: [TableColumn] = [
        TableColumn("ID", "the number, after ! for errors and \(Glyph.alarm.unicode) for an abandoned resource", sort: .id),
        TableColumn("TYPE", "the type, or the name of the binding", .content(minimum: 10), sort: .type),
        TableColumn("SCOPE", "the owner; \(Glyph.times.unicode) if it has closed", .content(minimum: 6), sort: .scope),
        TableColumn("STATE", "the state, or threw if the dispose did", sort: .state),
        TableColumn("LIFE", "the time since it became ready, or until it ended", alignment: .right, priority: 2, sort: .life),
        TableColumn("INIT", "the duration of the initialization", alignment: .right, priority: 4, sort: .initialize),
        TableColumn("USES", "how often it was resolved or leased", alignment: .right, priority: 3, sort: .uses),
        TableColumn("IDLE", "the time since the last use", alignment: .right, priority: 5, sort: .idle),
        TableColumn("ERRORS", "the number of its errors", alignment: .right, priority: 1, sort: .errors),
        TableColumn("HEALTH", "the settled status of its health checks", sort: .health),
        TableColumn("BOUND AT", "the source location of the binding", .content(minimum: 12), priority: 6, appearsFrom: 140),
        TableColumn(
            "SHAPE",
            "the states in the last 60 s, the newest at the right; of a pool, the active leases",
            .flexible(minimum: 20),
            priority: 7,
            appearsFrom: 140
        ),
    ]

    static func cells(_ row: ResourceRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let (picture, resource, dash) = (context.picture, row.resource, glyphs[.dash])
        let base: Role = resource.state.isActive ? .text : .textDim
        let warning = Self.warning(row)
        let number = [Span(warning.map { glyphs[$0.glyph] } ?? " ", warning?.role ?? base), Span(" \(resource.id)", base)]
        let scope = picture.scopeName(resource.scope) + (picture.scopes[resource.scope] == nil ? " \(glyphs[.times])" : "")
        let binding = picture.bindings[resource.binding]?.binding
        func known(_ text: String?) -> TableCell { .text(text ?? dash, text == nil ? .textDim : base) }
        func count(_ value: Int, _ role: Role) -> TableCell { .text(Format.brief(value), value == 0 ? .textDim : role) }
        return [
            .spans(number), .label(picture.typeLabel(row), base), .text(scope, base), .span(Mark(row).span(glyphs)),
            .text(Format.duration(picture.life(of: row)), base), known(row.initializeTook.map(Format.duration)), count(resource.uses, base),
            known(picture.idle(of: row).map { Format.age($0) }), count(row.errors, .healthDegraded),
            .span(picture.healthSpan(of: resource.id, glyphs)), .location({ binding.map { "\($0.location)" } ?? dash }, .textDim),
            Self.shape(row, context),
        ]
    }

    private static func warning(_ row: ResourceRow) -> Mark? {
        if row.resource.state == .abandoned { return Mark(.alarm, "", .stateFailed) }
        if row.errors > 0 { return Mark(.warning, "", .healthDegraded) }
        return nil
    }

    // MARK: Shape

    /// Returns the last minute of a pool as its leases, and that of any other resource as its states.
    private static func shape(_ row: ResourceRow, _ context: ScreenContext) -> TableCell {
        let picture = context.picture
        if let pool = picture.pools.first(where: { $0.resource == row.resource.id }) {
            let points = context.points(of: pool, .minute)
            let text = { points.compactMap { $0.map { "\($0.leased)" } }.joined(separator: " ") }
            return .drawing(width: 30, text: text) { painter, rect in
                let leased = ChartSpan.stretched(points.map { $0.map { Double($0.leased) } }, slots: Self.seconds, to: rect.width)
                let waiting = ChartSpan.stretched(points.map { $0.map { Double($0.waiting) } }, slots: Self.seconds, to: rect.width)
                painter.sparkline(leased, waiting: waiting, limit: Double(pool.maximum), in: rect)
            }
        }
        let now = picture.time
        func line() -> LifeLine { LifeLine(row, from: now + .seconds(-Self.seconds), to: now) }
        return .drawing(width: 30, text: { line().parts.map(\.phase.word).joined(separator: " ") }) { painter, rect in
            Self.draw(line(), Mark(row), &painter, rect)
        }
    }

    private static func draw(_ line: LifeLine, _ end: Mark, _ painter: inout Painter, _ rect: Rect) {
        painter.canvas.drawLine(.none, x: rect.x, y: rect.y, width: rect.width, style: painter.theme.style(.border))
        for part in line.parts {
            guard let from = line.column(of: max(part.from, line.begin), width: rect.width),
                let to = line.column(of: min(part.to, line.end), width: rect.width)
            else { continue }
            // A resource that has ended is dim, as the rest of its row.
            let role: Role = line.finish == nil || part.phase == .late ? part.phase.role : .textDim
            painter.canvas.drawLine(part.phase.glyph, x: rect.x + from, y: rect.y, width: to - from + 1, style: painter.theme.style(role))
        }
        if let finish = line.finish, let column = line.column(of: finish, width: rect.width) {
            painter.canvas.draw(end.glyph, x: rect.x + column, y: rect.y, style: painter.theme.style(end.role))
        }
    }
}

extension TableColumn {
    /// Creates a column of the table of resources that the rows can be sorted by.
    fileprivate init(
        _ title: String,
        _ help: String,
        _ width: Width = .content(),
        alignment: DisplayText.Alignment = .left,
        priority: Int = 0,
        sort: ResourceColumn
    ) {
        self.init(title, help, width, alignment: alignment, priority: priority, sort: sort.rawValue)
    }
}
