import ResourceContainer
import ResourceMonitoring

/// The table of resources, and details of the selected one.
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

    /// Returns the visible columns from the left. If there is little room, the last ones are omitted.
    private static func columns(_ state: DashboardState, _ glyphs: GlyphSet, width: Int) -> [Column] {
        let widths: [ResourceColumn: (Int, DisplayText.Alignment)] = [
            .id: (7, .left), .state: (13, .left), .life: (8, .right), .initialize: (7, .right), .uses: (6, .right), .idle: (6, .right),
            .errors: (4, .right), .health: (12, .left),
        ]
        let shown = ResourceColumn.allCases.filter { !state.hiddenColumns.contains($0) }
        let fixed = shown.reduce(0) { $0 + (widths[$1]?.0 ?? 0) + 1 }
        let free = max(20, width - fixed)
        let type = shown.contains(.scope) ? min(28, free * 6 / 10) : free
        return shown.map { column in
            let (width, alignment) = widths[column] ?? (column == .type ? type : min(20, free - type), .left)
            return Column(state.resourceSort.title(column, glyphs), width, alignment)
        }
    }

    private static func table(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let ended = state.showsClosed ? " + \(picture.endedResources.count) recent" : ""
        let order = state.holdsOrder ? "order held" : state.resourceSort.words
        let inside = painter.pane(
            rect,
            "Resources \(Format.count(picture.totals.books.active)) live\(ended)",
            trailing: order,
            in: state,
            as: "Resources"
        )
        guard inside.height > 1 else { return }
        let columns = Self.columns(state, painter.glyphs, width: inside.width - 2)
        painter.header(columns, x: inside.x + 2, y: inside.y, width: inside.width - 2)
        let selected = state.resourceCursor.selected.flatMap { state.resourceRows.firstIndex(of: $0) }
        let height = inside.height - 2
        let shown = visibleRows(count: state.resourceRows.count, height: height, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            guard let row = picture.row(of: state.resourceRows[index]) else { continue }
            painter.row(Self.cells(row, state, painter.glyphs), columns, x: inside.x + 2, y: y, width: inside.width - 2)
            if let mark = Self.warning(row) { painter.canvas.draw(mark.glyph, x: inside.x, y: y, style: painter.theme.style(mark.role)) }
            if index == selected { painter.canvas.draw(.selection, x: inside.x, y: y, style: painter.theme.style(.borderFocus)) }
            painter.mark(.row(index), isSelected: index == selected, x: inside.x + 1, y: y, width: inside.width - 1)
        }
        let position =
            state.resourceRows.isEmpty
            ? "no resource matches; Esc clears the filter, c shows ended ones"
            : "\(shown.lowerBound + 1)-\(shown.upperBound) of \(state.resourceRows.count)"
        painter.text(
            "\(position)   s sorts by the next column, S reverses   Enter opens   ended rows are dim, kept 60s",
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
        return ResourceColumn.allCases.filter { !state.hiddenColumns.contains($0) }.map { column in
            switch column {
            case .id: Span("\(row.resource.id)", base)
            case .type: Span(picture.typeLabel(row), base)
            case .scope: Span(picture.scopeName(row.resource.scope) + (isGone ? " \(glyphs[.times])" : ""), base)
            case .state: Mark(row).span(glyphs)
            case .life:
                Span(row.resource.readyAt == nil ? Format.age(picture.life(of: row)) : Self.life(picture.life(of: row)), base)
            case .initialize: Span(row.initializeTook.map(Format.duration) ?? glyphs[.dash], base)
            case .uses: Span(Format.brief(row.resource.uses), base)
            case .idle: Span(picture.idle(of: row).map { Format.age($0) } ?? glyphs[.dash], base)
            case .errors: Span("\(row.errors)", row.errors > 0 ? .healthDegraded : base)
            case .health: picture.healthSpan(of: row.resource.id, glyphs)
            }
        }
    }

    /// Returns a lifetime as text, with milliseconds below ten seconds.
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
        guard let id = state.resourceCursor.selected, let row = picture.row(of: id) else {
            let inside = painter.pane(rect, "Peek", trailing: "p toggles", in: state, as: "Peek")
            painter.text("select a resource with j and k", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let inside = painter.pane(
            rect,
            "Peek \(picture.label(of: id, binding: row.resource.binding))",
            trailing: "p toggles, Enter opens",
            in: state,
            as: "Peek"
        )
        let binding = picture.bindings[row.resource.binding]
        let clock = state.configuration.clock
        let needs = row.resource.dependencies.map { picture.label(of: $0) }.joined(separator: ", ")
        let neededBy = (picture.dependents[id] ?? []).map { picture.label(of: $0) }.joined(separator: ", ")
        let dash = painter.glyphs[.dash]
        let tags = (binding?.binding.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let mark = Mark(row)
        let answer = picture.healthRow(of: id)?.history.last
        let mayAsk = picture.standing(of: id) == .notAsked && !state.configuration.isReadonly
        let lines: [[Span]] = [
            [
                Span("scope ", .textDim),
                Span(
                    picture.scopes[row.resource.scope] == nil ? picture.scopeName(row.resource.scope) : picture.path(of: row.resource.scope)
                ),
                Span("    bound ", .textDim), Span(binding.map { "\($0.binding.location)" } ?? dash),
                Span("    \(row.resource.uses) uses", .text), Span(tags.isEmpty ? "" : "    tags \(tags)", .textDim),
            ],
            [
                Span("life  ", .textDim), mark.span(painter.glyphs), Span("  created \(clock.preciseTime(row.resource.createdAt))"),
                Span(
                    row.resource.readyAt.map { "  ready \(clock.preciseTime($0)) after \(row.initializeTook.map(Format.duration) ?? dash)" }
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
                            + "  of \($0.lifetimes.count) ended   init p50 \(Format.duration($0.initialize.median))  dispose p50 \(Format.duration($0.dispose.median))"
                    } ?? dash
                ),
            ],
            [
                Span("needs ", .textDim), Span(needs.isEmpty ? dash : needs), Span("    needed by ", .textDim),
                Span(neededBy.isEmpty ? dash : neededBy),
            ],
            [
                Span("health ", .textDim), picture.healthSpan(of: id, painter.glyphs), Span(mayAsk ? "; i checks now" : "", .textDim),
                Span(answer.map { "  \($0.words)" } ?? ""),
                Span(row.lastError.map { "    error \($0)" } ?? "", .stateFailed),
            ],
        ]
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
