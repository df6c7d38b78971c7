import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The table of the attached processes. A process without current figures has its state in their place.
enum ProcessesTable {
    static func columns() -> [TableColumn] {
        func column(
            _ title: String,
            _ help: String,
            _ width: TableColumn.Width = .content(),
            isNumber: Bool = false,
            priority: Int = 0,
            sort: ProcessColumn? = nil
        ) -> TableColumn {
            TableColumn(title, help, width, alignment: isNumber ? .right : .left, priority: priority, sort: sort?.rawValue)
        }
        return [
            column("PROC", "the number of the process, with that of its container if it has several", sort: .process),
            column("NAME", "the container", .content(minimum: 6), sort: .name),
            column("HOST", "the host of the process", .content(minimum: 6), priority: 4, sort: .host),
            column("UP", "the time since the start of the server, or the state of the connection", isNumber: true, sort: .uptime),
            column("SCOPES", "the number of open scopes", isNumber: true, priority: 5, sort: .scopes),
            column("ACTIVE", "the number of active instances", isNumber: true, priority: 3, sort: .active),
            column("POOL WORST", "the pool with the highest use: leased items of the maximum", .flexible(minimum: 10), priority: 2),
            column("WAIT", "the number of acquisitions that wait for an item of a pool", isNumber: true, priority: 2, sort: .waiting),
            column("FIND", "the number of active findings, with the sign of the most severe", isNumber: true, sort: .findings),
            column("HEALTH", "the verdict of the health checks", priority: 1, sort: .health),
            column("MAY", "what the process allows: to look, or also to act", priority: 6),
            column("HISTORY", "how far back the dashboard can go in the process", isNumber: true, priority: 7),
        ]
    }

    static func cells(_ row: ProcessRow, _ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let (mark, isShown) = (Mark(row.status, row.clock ?? context.clock), row.id == context.process)
        let sign = row.status.isLive ? Span("  ") : Span("\(glyphs[mark.glyph]) ", mark.role)
        let identity: [TableCell] = [
            .spans([sign, Span(row.id.text), Span(isShown ? " \(glyphs[.pointer])" : "", .textDim)]), .text(row.name), .text(row.host),
        ]
        guard row.status.isLive else {
            let state = [Span(mark.word, mark.role), Span("     \(Self.hint(row, context))", .textDim)]
            return identity + [.spanning(state)] + Array(repeating: .text(""), count: Self.columns().count - identity.count - 1)
        }
        let dash = TableCell.text(glyphs[.dash], .textDim)
        func count(_ value: Int?, _ role: Role = .text) -> TableCell {
            value.map { .text(Format.brief($0), $0 == 0 ? .textDim : role) } ?? dash
        }
        return identity + [
            row.uptime.map { .text(Format.age($0)) } ?? dash, count(row.scopes), count(row.active),
            row.pool.map { .spans(Self.pool($0, waiting: row.waiting ?? 0, glyphs)) } ?? dash, count(row.waiting, .healthDegraded),
            Self.findings(row, glyphs) ?? count(row.findings), row.health.map { .span(Mark($0).span(glyphs)) } ?? dash,
            .text(Self.permission(row), .textDim), row.depth.map { .text(Format.age($0), .textDim) } ?? dash,
        ]
    }

    /// The effect of Enter or of another key on a process that has no current figures.
    private static func hint(_ row: ProcessRow, _ context: ScreenContext) -> String {
        let open = context.keys.key(.open)
        if row.status.isLost { return "\(context.keys.key(.reconnect)): connect now" }
        guard row.status.hasEnded else { return "" }
        if let successor = context.processes?.successor(of: row.id) { return "\(row.name) is back as \(successor): \(open)" }
        return row.isUnseen ? "nothing was seen of it" : "\(open): what was last seen"
    }

    private static func pool(_ pool: PoolUse, waiting: Int, _ glyphs: GlyphSet) -> [Span] {
        let load = Load(used: Double(pool.used), limit: Double(pool.limit), waiting: Double(waiting))
        let figures = "\(Format.brief(pool.used))/\(Format.brief(pool.limit))"
        guard pool.used > 0, load != .normal else { return [Span("\(pool.name) "), Span(figures, pool.used == 0 ? .textDim : .text)] }
        return [Span("\(pool.name) "), Span("\(figures) \(glyphs[.alarm])", load.role(normal: .text))]
    }

    /// The number of findings with the sign of the most severe one; nil without findings.
    private static func findings(_ row: ProcessRow, _ glyphs: GlyphSet) -> TableCell? {
        guard let count = row.findings, count > 0, let worst = row.worstFinding else { return nil }
        return .text("\(glyphs[worst.glyph]) \(Format.brief(count))", worst.role)
    }

    static func permission(_ row: ProcessRow) -> String {
        row.mayAct ? "look, act" : "look"
    }
}
