import ResourceContainer
import ResourceMonitoring

/// One resource in full: its properties, lifetime, events and errors.
enum DetailView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let picture = state.picture
        guard let id = state.detail, let row = picture.row(of: id) else {
            let inside = painter.pane(body, "Resource", isFocused: true)
            painter.text(
                "it ended more than a minute ago; Esc returns",
                x: inside.x + 1,
                y: inside.y,
                width: inside.width - 2,
                role: .textDim
            )
            return
        }
        let events = picture.events.lines(of: id)
        let facts = min(9, body.height)
        let course = body.height >= 20 ? 9 : 0
        let rest = body.height - facts - course
        let left = state.isWide ? body.width * 62 / 100 : body.width
        Self.facts(row, state, &painter, Rect(x: body.x, y: body.y, width: left, height: facts))
        if left < body.width {
            Self.lifetimes(row, state, &painter, Rect(x: left, y: body.y, width: body.width - left, height: facts))
        }
        if course > 0 {
            Self.course(row, events, state, &painter, Rect(x: body.x, y: body.y + facts, width: body.width, height: course))
        }
        guard rest >= 3 else { return }
        Self.history(events, row, state, &painter, Rect(x: body.x, y: body.y + facts + course, width: left, height: rest))
        if left < body.width {
            Self.error(events, row, state, &painter, Rect(x: left, y: body.y + facts + course, width: body.width - left, height: rest))
        }
    }

    // MARK: Facts

    private static func facts(_ row: ResourceRow, _ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let id = row.resource.id
        let mark = Mark(row)
        let inside = painter.pane(
            rect,
            picture.label(of: id, binding: row.resource.binding),
            trailing: "\(painter.glyphs[mark.glyph]) \(mark.word)",
            isFocused: true
        )
        let binding = picture.bindings[row.resource.binding]
        let clock = state.configuration.clock
        let dash = painter.glyphs[.dash]
        let isOpen = picture.scopes[row.resource.scope] != nil
        func labels(_ ids: [ResourceID]) -> String { ids.isEmpty ? dash : ids.map { picture.label(of: $0) }.joined(separator: ", ") }
        let neededBy = picture.dependents[id] ?? []
        let tags = (binding?.binding.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        var disposal = dash
        if isOpen {
            let steps = TeardownPreview(row.resource.scope, picture).steps
            if let location = steps.firstIndex(where: { $0.resource == id }) {
                disposal = "\(location + 1) of \(steps.count) in \(picture.scopeName(row.resource.scope))"
            }
        }
        let lines: [[Span]] = [
            [
                Span("scope    ", .textDim), Span(isOpen ? picture.path(of: row.resource.scope) : picture.scopeName(row.resource.scope)),
                Span(isOpen ? "" : " closed", .textDim),
            ],
            [
                Span("bound    ", .textDim),
                Span(binding.map { Format.location($0.binding.location, width: max(0, inside.width - 11)) } ?? dash),
                Span(tags.isEmpty ? "" : "   tags \(tags)", .textDim),
            ],
            [
                Span("created  ", .textDim), Span(clock.preciseTime(row.resource.createdAt)),
                Span("   init \(row.initializeTook.map(Format.duration) ?? dash)   lived \(Format.duration(picture.life(of: row)))"),
                Span(row.endedAt.map { "   ended \(clock.preciseTime($0))" } ?? "", .textDim),
            ],
            [
                Span("uses     ", .textDim), Span("\(row.resource.uses)"),
                Span("   idle \(picture.idle(of: row).map { Format.age($0) } ?? dash)   errors "),
                Span("\(row.errors)", row.errors > 0 ? .healthDegraded : .text), Span("   health "),
                picture.healthSpan(of: id, painter.glyphs),
            ],
            [Span("disposal ", .textDim), Span(disposal)],
            [Span("needs    ", .textDim), Span(labels(row.resource.dependencies))],
            [Span("needed by ", .textDim), Span(labels(neededBy))],
        ]
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }

    private static func lifetimes(_ row: ResourceRow, _ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let binding = state.picture.bindings[row.resource.binding]
        let summary = binding?.lifetimes ?? DurationSummary()
        let ended = summary.count == 0 ? "none ended" : "of \(Format.count(summary.count)) ended"
        let inside = painter.pane(rect, "Lifetimes of this type", trailing: ended)
        let own = state.picture.life(of: row)
        let known: [(String, Duration)] =
            summary.count == 0
            ? []
            : [("p50", summary.median), ("avg", summary.average), ("p95", summary.p95), ("p99", summary.p99), ("max", summary.maximum)]
        let rows = known + [("this", own)]
        let most = max(1, rows.map(\.1.wholeNanoseconds).max() ?? 1)
        let width = max(4, inside.width - 18)
        for (index, (name, duration)) in rows.prefix(max(0, inside.height)).enumerated() {
            let y = inside.y + index
            painter.text(name, x: inside.x + 1, y: y, width: 5, role: name == "this" ? .title : .textDim)
            let bar = max(1, Int(Double(width) * Double(duration.wholeNanoseconds) / Double(most)))
            // Without other lifetimes there is nothing to compare a bar with.
            if summary.count > 0 {
                painter.canvas.drawLine(
                    .used,
                    x: inside.x + 6,
                    y: y,
                    width: bar,
                    style: painter.theme.style(name == "this" ? .chart1 : .chart0)
                )
            }
            painter.text(Format.duration(duration), x: inside.x + inside.width - 10, y: y, width: 9, alignment: .right)
        }
    }

    // MARK: Course

    /// Draws the life on a time axis: phases, health results, errors and scope, over its whole time or the span of the charts.
    private static func course(
        _ row: ResourceRow,
        _ events: [EventLine],
        _ state: DashboardState,
        _ painter: inout Painter,
        _ rect: Rect
    ) {
        let end = row.endedAt ?? state.picture.time
        let whole = end - row.resource.createdAt
        let begin = whole > .seconds(state.span.rawValue) ? end + .seconds(-state.span.rawValue) : row.resource.createdAt
        let length = max(1, (end - begin).wholeNanoseconds)
        let clock = state.configuration.clock
        let inside = painter.pane(
            rect,
            "Life \(clock.time(begin)) \(painter.glyphs[.right]) \(clock.time(end))",
            trailing: "\(Format.duration(end - begin))\(begin > row.resource.createdAt ? " of \(Format.duration(whole))" : "")   + - zoom"
        )
        let label = 8
        let width = inside.width - label - 2
        guard width > 8 else { return }
        func column(_ time: TimeSource.Instant) -> Int? {
            let offset = (time - begin).wholeNanoseconds
            guard offset >= 0, time <= end else { return nil }
            return min(width - 1, Int(Double(offset) / Double(length) * Double(width)))
        }
        let left = inside.x + 1 + label
        func title(_ text: String, _ line: Int) {
            painter.text(text, x: inside.x + 1, y: inside.y + line, width: label - 1, role: .textDim)
        }
        func draw(_ glyph: Glyph, _ role: Role, at time: TimeSource.Instant?, _ line: Int) {
            guard let time, let column = column(time), line < inside.height else { return }
            painter.canvas.draw(glyph, x: left + column, y: inside.y + line, style: painter.theme.style(role))
        }

        title("phase", 0)
        let ready = row.resource.readyAt
        let disposing = events.last { if case .disposing = $0.event?.kind { true } else { false } }?.time
        for index in 0..<width {
            let time = begin + .nanoseconds(Int64(Double(length) * Double(index) / Double(width)))
            let (glyph, role): (Glyph, Role) =
                if let disposing, time >= disposing { (.dashed, .stateDisposing) } else if let ready, time >= ready {
                    (.span, .stateReady)
                } else { (.pending, .stateInitializing) }
            painter.canvas.draw(glyph, x: left + index, y: inside.y, style: painter.theme.style(role))
        }
        if row.endedAt != nil {
            let mark = Mark(row)
            painter.canvas.draw(mark.glyph, x: left + width - 1, y: inside.y, style: painter.theme.style(mark.role))
        }
        title("use", 1)
        draw(.alarm, .chart0, at: row.lastUsedAt, 1)
        title("health", 2)
        for result in state.picture.healthRow(of: row.resource.id)?.history ?? [] {
            let mark = Mark(result.status)
            draw(mark.glyph, mark.role, at: result.time, 2)
        }
        title("error", 3)
        for line in events where line.level == .error { draw(.failure, .stateFailed, at: line.time, 3) }
        title("scope", 4)
        let scope = state.picture.scopes[row.resource.scope] ?? state.picture.closedScopes.last { $0.scope.id == row.resource.scope }
        draw(.unfolded, .text, at: scope?.scope.openedAt, 4)
        draw(.times, .text, at: scope?.closedAt, 4)
        guard inside.height > 6 else { return }
        painter.canvas.drawLine(.horizontal, x: left, y: inside.y + 5, width: width, style: painter.theme.style(.border))
        for tick in 0...8 where tick == 0 || tick == 8 || width >= 60 {
            let x = left + (width - 1) * tick / 8
            painter.canvas.draw(.teeDown, x: x, y: inside.y + 5, style: painter.theme.style(.border))
            let offset = begin - row.resource.createdAt + .nanoseconds(length * Int64(tick) / 8)
            let text = Format.duration(offset)
            painter.text(
                text,
                x: tick == 8 ? x - text.count + 1 : x,
                y: inside.y + 6,
                width: max(0, min(9, left + width - x + text.count)),
                role: .textDim
            )
        }
    }

    // MARK: History and errors

    private static func history(
        _ events: [EventLine],
        _ row: ResourceRow,
        _ state: DashboardState,
        _ painter: inout Painter,
        _ rect: Rect
    ) {
        let inside = painter.pane(rect, "History", trailing: "\(events.count) events, newest first")
        for (index, line) in events.prefix(max(0, inside.height)).enumerated() {
            painter.line(
                [
                    Span(state.configuration.clock.preciseTime(line.time) + " ", .textDim),
                    Span("\(painter.glyphs[line.glyph]) \(line.what) ", line.role), Span(line.message),
                ],
                x: inside.x + 1,
                y: inside.y + index,
                width: inside.width - 2
            )
        }
        if events.isEmpty {
            painter.text("its events are no longer kept", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
        }
    }

    private static func error(
        _ events: [EventLine],
        _ row: ResourceRow,
        _ state: DashboardState,
        _ painter: inout Painter,
        _ rect: Rect
    ) {
        let errors = events.filter { $0.level == .error }
        let inside = painter.pane(rect, "Last error", trailing: row.errors == 0 ? "none" : "of \(row.errors)")
        let text = errors.first.map { "\($0.what): \($0.message)" } ?? row.lastError ?? ""
        let finding = state.picture.findings.first { $0.subjects.contains { $0.resource == row.resource.id } }
        var lines = DisplayText.wrap(text, width: max(8, inside.width - 2)).map { Span($0, .stateFailed) }
        if let error = errors.first {
            lines.append(Span("at \(state.configuration.clock.preciseTime(error.time)) in \(error.scope)", .textDim))
        }
        if let finding { lines.append(Span("finding \(finding.kind.rawValue): e explains", finding.severity.role)) }
        if text.isEmpty, finding == nil { lines = [Span("no errors", .textDim)] }
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line([line], x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
