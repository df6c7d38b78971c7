import ResourceContainer
import ResourceMonitoring

/// The health of every resource, its recent results, its changes, and the overall verdict.
enum HealthView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let height = body.height >= 16 && !state.isSmall ? 11 : 0
        if height == 0 {
            switch state.view.panes[state.focus[.health] ?? 0] {
            case "Changes": return Self.changes(state, &painter, body)
            case "Verdict": return Self.verdict(state, &painter, body)
            default: break
            }
        }
        Self.table(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: body.height - height))
        guard height > 0 else { return }
        let y = body.y + body.height - height
        let left = body.width * 3 / 5
        Self.changes(state, &painter, Rect(x: body.x, y: y, width: left, height: height))
        Self.verdict(state, &painter, Rect(x: body.x + left, y: y, width: body.width - left, height: height))
    }

    private static func table(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let counts = picture.health?.counts.words(painter.glyphs) ?? ""
        let inside = painter.pane(rect, "Health \(picture.health?.rows.count ?? 0)", trailing: counts, in: state, as: "Health")
        guard inside.height > 1 else { return }
        if state.healthRows.isEmpty {
            let asks = state.configuration.isReadonly ? "" : ": i checks a resource, I all"
            let text = picture.health == nil ? "no health checks run\(asks)" : "nothing to show"
            painter.text(text, x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let fixed = 11 + 6 + 12 + 7 + 7 + 6 + 6 + 6 + 9
        let strip = max(4, min(HealthPicture.historyLimit, (inside.width - fixed - 1) / 2))
        let label = max(10, inside.width - fixed - strip - 1)
        func title(_ column: HealthColumn) -> String { state.healthSort.title(column, painter.glyphs) }
        let columns = [
            Column(title(.resource), label), Column(title(.status), 11), Column(title(.since), 6, .right), Column("PROBE", 12),
            Column(title(.latency), 7, .right), Column("p95", 7, .right), Column("EVERY", 6, .right), Column("NEXT", 6, .right),
            Column("GOOD", 6, .right),
            Column("OLD \(painter.glyphs[.right]) NEW", strip, .right),
        ]
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.actionResource.flatMap { id in state.healthRows.firstIndex { $0.resource == id } }
        let shown = visibleRows(count: state.healthRows.count, height: inside.height - 1, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            let row = state.healthRows[index]
            painter.row(Self.cells(row, state, painter.glyphs), Array(columns.dropLast()), x: inside.x + 1, y: y, width: inside.width - 1)
            let left = inside.x + 1 + columns.dropLast().reduce(0) { $0 + $1.width + 1 }
            Self.strip(row, &painter, x: left, y: y, width: min(strip, inside.x + inside.width - left))
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
    }

    private static func cells(_ row: HealthRow, _ state: DashboardState, _ glyphs: GlyphSet) -> [Span] {
        let (time, dash) = (state.picture.time, glyphs[.dash])
        let last = row.history.last
        let isTelling = last.map { $0.status != .unknown } ?? false
        return [
            Span(row.label + (row.affectedBy.isEmpty ? "" : " \(glyphs[.warning])")), Mark(row.standing).span(glyphs),
            Span(row.status == .unknown && !row.isStale ? dash : Format.age(max(.zero, time - row.since)), .textDim),
            Span(last?.probe ?? dash, .textDim),
            Span(row.isLate ? glyphs[.ellipsis] : isTelling ? last.map { Format.duration($0.latency) } ?? dash : dash),
            Span(isTelling ? row.p95Latency.map(Format.duration) ?? dash : dash, .textDim),
            Span(row.hasProbe ? Format.age(row.interval) : dash, .textDim),
            Span(row.nextCheck.map { Format.age(max(.zero, $0 - time)) } ?? dash, .textDim),
            Span(
                row.goodShare.map { "\(Format.decimal($0 * 100, digits: 0))%" } ?? dash,
                row.goodShare.map { $0 < 1 } ?? false ? .healthDegraded : .text
            ),
        ]
    }

    /// Draws the recent results, newest on the right, each as a glyph with a role.
    private static func strip(_ row: HealthRow, _ painter: inout Painter, x: Int, y: Int, width: Int) {
        let shown = Array(row.history.suffix(max(0, width)))
        painter.line(
            [Span(String(repeating: painter.glyphs[.none], count: max(0, width - shown.count)), .textDim)]
                + shown.map { Span(painter.glyphs[Mark($0.status).glyph], Mark($0.status).role) },
            x: x,
            y: y,
            width: width
        )
    }

    private static func changes(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let row = state.healthRows.first { $0.resource == state.actionResource }
        let inside = painter.pane(
            rect,
            row.map { "\($0.label) changes" } ?? "Changes",
            trailing: "newest first",
            in: state,
            as: "Changes"
        )
        guard let row else { return }
        var lines: [[Span]] = []
        if !row.affectedBy.isEmpty {
            let causes = row.affectedBy.map { state.picture.label(of: $0) }.joined(separator: ", ")
            lines.append([Span("affected: depends on \(causes), which is unhealthy", .healthDegraded)])
        }
        if let key = row.fallbackFor { lines.append([Span("fallback for \(key)", .healthDegraded)]) }
        for change in row.transitions.reversed() {
            lines.append([
                Span("\(state.configuration.clock.time(change.time))  ", .textDim), Span(change.from.rawValue, Mark(change.from).role),
                Span(" \(painter.glyphs[.right]) ", .textDim), Mark(change.to).span(painter.glyphs), Span("   \(change.reason)", .textDim),
            ])
        }
        if row.isStale, let since = row.history.last?.time {
            lines.append([Span("no result for \(Format.age(max(.zero, state.picture.time - since)))", .healthUnknown)])
        }
        if let message = row.history.last?.message { lines.append([Span("last result: ", .textDim), Span(message)]) }
        if lines.isEmpty { lines.append([Span(Self.nothing(row, state), .textDim)]) }
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }

    /// Returns the text for a resource without changes.
    private static func nothing(_ row: HealthRow, _ state: DashboardState) -> String {
        switch row.standing {
        case .noProbe: "it has no health check"
        case .notAsked: state.configuration.isReadonly ? "not checked yet" : "not checked yet: i checks now"
        default: "no changes"
        }
    }

    private static func verdict(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let inside = painter.pane(rect, "Overall", trailing: "worst critical resource", in: state, as: "Verdict")
        guard let health = state.picture.health else { return }
        var lines: [[Span]] = [
            [
                Mark(health.verdict).span(painter.glyphs),
                Span("  for \(Format.age(max(.zero, state.picture.time - health.since)))", .textDim),
            ]
        ]
        if health.isStale { lines[0].append(Span("  results are overdue", .healthUnknown)) }
        if let words = health.checkerText(isReadonly: state.configuration.isReadonly) { lines.append([Span(words, .textDim)]) }
        for cause in health.causes.prefix(4) { lines.append([Span("· \(cause)")]) }
        if health.causes.count > 4 { lines.append([Span("  \(health.causes.count - 4) more", .textDim)]) }
        for change in health.transitions.suffix(4).reversed() {
            lines.append([
                Span("\(state.configuration.clock.time(change.time)) ", .textDim), Span(change.to.rawValue, Mark(change.to).role),
                Span("  \(change.reason)", .textDim),
            ])
        }
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
