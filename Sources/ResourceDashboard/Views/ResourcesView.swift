import ResourceContainer
import ResourceMonitoring

/// The table of resources, and a closer look at the selected one.
enum ResourcesView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let isPeekAlone = !state.isWide && state.isFocused("Peek")
        if isPeekAlone {
            Self.peek(state, &painter, body)
            return
        }
        let peek = state.showsPeek && body.height >= 16 ? 7 : 0
        Self.table(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: body.height - peek))
        if peek > 0 { Self.peek(state, &painter, Rect(x: body.x, y: body.y + body.height - peek, width: body.width, height: peek)) }
    }

    /// The columns, from the left; the last ones go first when room is short.
    private static func columns(_ state: DashboardState, width: Int) -> [Column] {
        func title(_ column: ResourceColumn) -> String {
            column == state.sortColumn ? "\(column.title)\(state.sortsDescending ? "↓" : "↑")" : column.title
        }
        let fixed = 7 + 13 + 8 + 7 + 6 + 6 + 4 + 12 + 9
        let free = max(20, width - fixed - 1)
        let type = min(28, free * 6 / 10)
        return [
            Column(title(.id), 7), Column(title(.type), type), Column(title(.scope), min(20, free - type)), Column(title(.state), 13),
            Column(title(.life), 8, .right), Column(title(.initialise), 7, .right), Column(title(.uses), 6, .right),
            Column(title(.idle), 6, .right), Column(title(.errors), 4, .right), Column(title(.health), 12),
        ]
    }

    private static func table(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let ended = state.showsClosed ? " + \(picture.endedResources.count) recent" : ""
        let order = state.holdsOrder ? "order held" : "sort \(state.sortColumn.title)"
        let inside = painter.pane(
            rect,
            "Resources \(Format.count(picture.totals.books.active)) live\(ended)",
            trailing: order,
            isFocused: state.isFocused("Resources")
        )
        guard inside.height > 1 else { return }
        let columns = Self.columns(state, width: inside.width - 2)
        painter.header(columns, x: inside.x + 2, y: inside.y, width: inside.width - 2)
        let selected = state.resourceCursor.selected.flatMap { id in state.resourceRows.firstIndex { $0.resource.id == id } }
        let height = inside.height - 2
        let shown = visibleRows(count: state.resourceRows.count, height: height, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            let row = state.resourceRows[index]
            painter.row(Self.cells(row, state, painter.glyphs), columns, x: inside.x + 2, y: y, width: inside.width - 2)
            if let mark = Self.warning(row) { painter.canvas.draw(mark.glyph, x: inside.x, y: y, style: painter.theme.style(mark.role)) }
            if index == selected {
                painter.canvas.draw(.selection, x: inside.x, y: y, style: painter.theme.style(.borderFocus))
                painter.select(x: inside.x + 1, y: y, width: inside.width - 1)
            }
        }
        let position =
            state.resourceRows.isEmpty
            ? "no resource passes; Esc clears the filter, c shows what has ended"
            : "\(shown.lowerBound + 1)-\(shown.upperBound) of \(state.resourceRows.count)"
        painter.text(
            "\(position)   s sorts by the next column, S reverses   ended rows are dim, kept 60s",
            x: inside.x + 1,
            y: inside.y + inside.height - 1,
            width: inside.width - 2,
            role: .textDim
        )
    }

    private static func cells(_ row: ResourceRow, _ state: DashboardState, _ glyphs: GlyphSet) -> [Span] {
        let picture = state.picture
        let base: Role = row.resource.state.isActive ? .text : .textDim
        let isGone = picture.scopes[row.resource.scope] == nil
        let health = row.resource.health.map { Mark($0.status) }
        return [
            Span("\(row.resource.id)", base), Span(picture.typeLabel(row), base),
            Span(picture.scopeName(row.resource.scope) + (isGone ? " \(glyphs[.times])" : ""), base), Mark(row.resource.state).span(glyphs),
            Span(row.resource.readyAt == nil ? Format.age(picture.life(of: row)) : Self.life(picture.life(of: row)), base),
            Span(row.initialiseTook.map(Format.duration) ?? glyphs[.dash], base), Span(Format.brief(row.resource.uses), base),
            Span(picture.idle(of: row).map { Format.age($0) } ?? glyphs[.dash], base),
            Span("\(row.errors)", row.errors > 0 ? .healthDegraded : base), health?.span(glyphs) ?? Span(glyphs[.dash], base),
        ]
    }

    /// Under ten seconds a life is worth its milliseconds.
    private static func life(_ life: Duration) -> String {
        life < .seconds(10) ? Format.duration(life) : Format.age(life)
    }

    private static func warning(_ row: ResourceRow) -> Mark? {
        if row.resource.state == .abandoned { return Mark(.alarm, "", .stateFailed) }
        if row.errors > 0 { return Mark(.warning, "", .healthDegraded) }
        return nil
    }

    private static func peek(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        guard let id = state.resourceCursor.selected, let row = state.resourceRows.first(where: { $0.resource.id == id }) else {
            let inside = painter.pane(rect, "Peek", trailing: "p toggles", isFocused: state.isFocused("Peek"))
            painter.text("select a resource with j and k", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let inside = painter.pane(
            rect,
            "Peek \(picture.label(of: id, binding: row.resource.binding))",
            trailing: "p toggles, Enter shows its scope",
            isFocused: state.isFocused("Peek")
        )
        let binding = picture.bindings[row.resource.binding]
        let clock = state.configuration.clock
        let needs = row.resource.dependencies.map { picture.label(of: $0) }.joined(separator: ", ")
        let neededBy = picture.resources.values.filter { $0.resource.dependencies.contains(id) }.map(\.resource.id).sorted()
            .map { picture.label(of: $0) }.joined(separator: ", ")
        let dash = painter.glyphs[.dash]
        let tags = (binding?.binding.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let mark = Mark(row.resource.state)
        let health = row.resource.health
        let lines: [[Span]] = [
            [
                Span("scope ", .textDim),
                Span(
                    picture.scopes[row.resource.scope] == nil ? picture.scopeName(row.resource.scope) : picture.path(of: row.resource.scope)
                ),
                Span("    bound ", .textDim), Span(binding.map { "\($0.binding.place)" } ?? dash),
                Span("    \(row.resource.uses) uses", .text), Span(tags.isEmpty ? "" : "    tags \(tags)", .textDim),
            ],
            [
                Span("life  ", .textDim), mark.span(painter.glyphs), Span("  created \(clock.preciseTime(row.resource.createdAt))"),
                Span(
                    row.resource.readyAt.map { "  ready \(clock.preciseTime($0)) after \(row.initialiseTook.map(Format.duration) ?? dash)" }
                        ?? ""
                ),
                Span(row.endedAt.map { "  ended \(clock.preciseTime($0))" } ?? "", .textDim),
                Span("  lived \(Format.duration(picture.life(of: row)))"),
            ],
            [
                Span("type  ", .textDim),
                Span(
                    binding.map {
                        "p50 \(Format.duration($0.lifetimes.median))  p95 \(Format.duration($0.lifetimes.p95))  max \(Format.duration($0.lifetimes.maximum))"
                            + "  of \($0.lifetimes.count) ended   init p50 \(Format.duration($0.initialise.median))  dispose p50 \(Format.duration($0.dispose.median))"
                    } ?? dash
                ),
            ],
            [
                Span("needs ", .textDim), Span(needs.isEmpty ? dash : needs), Span("    needed by ", .textDim),
                Span(neededBy.isEmpty ? dash : neededBy),
            ],
            [
                Span("health ", .textDim),
                health.map { Mark($0.status).span(painter.glyphs) } ?? Span("not checked; i checks it now", .textDim),
                Span(health.map { "  \($0.probe) took \(Format.duration($0.latency))\($0.message.map { ": \($0)" } ?? "")" } ?? ""),
                Span(row.lastError.map { "    error \($0)" } ?? "", .stateFailed),
            ],
        ]
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
