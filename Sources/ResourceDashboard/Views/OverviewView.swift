import ResourceContainer
import ResourceMonitoring

/// The first view: the books, a chart of active resources, findings, pools, open scopes and the newest events.
enum OverviewView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        if state.isWide {
            let top = 8
            let middle = max(6, (body.height - top) * 3 / 10)
            let left = body.width / 2
            let rest = body.height - top - middle
            let right = body.width - left
            Self.books(state, &painter, Rect(x: body.x, y: body.y, width: left, height: top))
            Self.active(state, &painter, Rect(x: left, y: body.y, width: right, height: top))
            Self.attention(state, &painter, Rect(x: body.x, y: body.y + top, width: left, height: middle))
            Self.pools(state, &painter, Rect(x: left, y: body.y + top, width: right, height: middle))
            Self.scopes(state, &painter, Rect(x: body.x, y: body.y + top + middle, width: left, height: rest))
            Self.events(state, &painter, Rect(x: left, y: body.y + top + middle, width: right, height: rest))
            return
        }
        let top = state.isSmall ? 0 : min(8, body.height / 2)
        if top > 0 { Self.books(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: top)) }
        let rest = Rect(x: body.x, y: body.y + top, width: body.width, height: body.height - top)
        switch state.view.panes[state.focus[.overview] ?? 0] {
        case "Events": Self.events(state, &painter, rest)
        case "Needs attention": Self.attention(state, &painter, rest)
        default: Self.scopes(state, &painter, rest)
        }
    }

    // MARK: Books

    private static func books(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let totals = state.picture.totals
        let books = totals.books
        let health = state.picture.verdict.map { "health \(painter.glyphs[$0.glyph]) \($0.word)" } ?? "health: not checked"
        let inside = painter.pane(rect, "Resources", trailing: health)
        let width = inside.width - 2
        let lifetimes = totals.lifetimes
        let lines: [[Span]] =
            Self.balance(totals, width: width) + [
                [
                    Span(
                        lifetimes.count == 0
                            ? "lifetime none ended"
                            : "lifetime avg \(Format.duration(lifetimes.average))  median \(Format.duration(lifetimes.median))  "
                                + "p95 \(Format.duration(lifetimes.p95))  max \(Format.duration(lifetimes.maximum))"
                    )
                ],
                [
                    Span("state    "), Span("initializing \(books.initializing)", .stateInitializing), Span("  "),
                    Span("ready \(books.ready)", .stateReady), Span("  "), Span("disposing \(books.disposing)", .stateDisposing),
                    Span(books.isBalanced ? "" : "  BOOKS DO NOT BALANCE", .stateFailed),
                ],
                [
                    Span("init     \(Self.times(totals.initialize))"),
                    Span("  /s +\(Format.rate(totals.rates.tenSeconds.created)) -\(Format.rate(totals.rates.tenSeconds.ended))", .textDim),
                ],
                [
                    Span("dispose  \(Self.times(totals.dispose))"),
                    Span("  threw \(totals.disposeThrew)", totals.disposeThrew > 0 ? .stateFailed : .text),
                    Span("  \(Format.count(lifetimes.count)) tracked", .textDim),
                ],
            ]
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: width)
        }
    }

    /// Returns the books as a sum, with the errors, on as many lines as needed.
    private static func balance(_ totals: MonitorTotals, width: Int) -> [[Span]] {
        let books = totals.books
        let parts = [
            Span("created \(Format.count(books.created))"), Span("= disposed \(Format.count(books.disposed))"),
            Span("+ active \(Format.count(books.active))", .title),
            Span("+ init-failed \(Format.count(books.initFailed))", books.initFailed > 0 ? .stateFailed : .text),
            Span("+ abandoned \(Format.count(books.abandoned))", books.abandoned > 0 ? .stateFailed : .text),
            Span("  errors \(Format.count(books.errors))", books.errors > 0 ? .healthDegraded : .text),
        ]
        var lines: [[Span]] = []
        var used = width
        for part in parts {
            let length = DisplayText.width(of: part.text)
            if used + 1 + length > width || lines.isEmpty {
                // A continuation line is indented.
                lines.append(lines.isEmpty ? [part] : [Span("  "), part])
                used = length + (lines.count == 1 ? 0 : 2)
            } else {
                lines[lines.count - 1] += [Span(" "), part]
                used += 1 + length
            }
        }
        return lines
    }

    private static func times(_ times: DurationSummary) -> String {
        times.count == 0 ? "none yet" : "p50 \(Format.duration(times.median))  p95 \(Format.duration(times.p95))"
    }

    // MARK: Active

    /// The data of a chart: values, of which the span of the chart has `slots`.
    private struct Course {
        var slots: Int
        var active: [Double?]
        var created: [Double?]
        var ended: [Double?]

        init(_ picture: Picture, _ span: ChartSpan) {
            if span == .minute {
                let samples = picture.samples
                self.slots = Picture.sampleLimit
                self.active = samples.map { Double($0.active) }
                self.created = Self.growth(samples.map(\.created))
                self.ended = Self.growth(samples.map(\.ended))
            } else {
                let points = picture.history.suffix(span.rawValue)
                self.slots = span.rawValue
                self.active = points.map { Double($0.active) }
                self.created = points.map { Double($0.counts.created) }
                self.ended = points.map { Double($0.counts.ended) }
            }
        }

        /// Returns the increase per second of a count that is sampled four times a second.
        private static func growth(_ counts: [Int]) -> [Double?] {
            counts.indices.map { index in index >= 4 ? Double(counts[index].subtractingSaturated(counts[index - 4])) : nil }
        }
    }

    private static func active(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let course = Course(state.picture, state.span)
        let known = course.active.compactMap { $0 }
        let (low, high) = (Int(known.min() ?? 0), Int(known.max() ?? 0))
        let inside = painter.pane(
            rect,
            "Active",
            trailing: "\(state.span.label)  min \(low)  now \(state.picture.totals.books.active)  max \(high)"
        )
        guard inside.height >= 3, inside.width > 12 else { return }
        let chart = Rect(x: inside.x + 6, y: inside.y, width: inside.width - 7, height: inside.height - 2)
        let top = max(1, high)
        let per = painter.glyphs.samplesPerCell
        painter.text("\(top)", x: inside.x, y: chart.y, width: 5, role: .textDim, alignment: .right)
        painter.text("0", x: inside.x, y: chart.y + chart.height - 1, width: 5, role: .textDim, alignment: .right)
        for y in chart.y..<chart.y + chart.height {
            painter.canvas.draw(y == chart.y ? .teeLeft : .vertical, x: inside.x + 5, y: y, style: painter.theme.style(.border))
        }
        painter.canvas.drawArea(
            ChartSpan.stretched(course.active, slots: course.slots, to: chart.width * per),
            in: chart,
            maximum: Double(top),
            style: painter.theme.style(.chart0)
        )
        let label = "+/s   "
        let created = ChartSpan.stretched(course.created, slots: course.slots, to: chart.width)
        let ended = ChartSpan.stretched(course.ended, slots: course.slots, to: chart.width)
        let most = max(created.compactMap { $0 }.max() ?? 0, ended.compactMap { $0 }.max() ?? 0, 1)
        painter.text(label, x: inside.x, y: chart.y + chart.height, width: 6, role: .textDim)
        painter.canvas.drawSparkline(
            created,
            maximum: most,
            x: chart.x,
            y: chart.y + chart.height,
            width: chart.width,
            style: painter.theme.style(.chart1)
        )
        painter.text("-/s   ", x: inside.x, y: chart.y + chart.height + 1, width: 6, role: .textDim)
        painter.canvas.drawSparkline(
            ended,
            maximum: most,
            x: chart.x,
            y: chart.y + chart.height + 1,
            width: chart.width,
            style: painter.theme.style(.chart2)
        )
    }

    // MARK: Attention

    private static func attention(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let findings = state.picture.findings
        let inside = painter.pane(
            rect,
            "Needs attention \(findings.count)",
            trailing: findings.isEmpty ? "" : "Enter jump  e explain",
            in: state,
            as: "Needs attention"
        )
        if findings.isEmpty {
            painter.text("nothing", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
        }
        let isFocused = state.isFocused("Needs attention")
        let selected = isFocused ? state.findingCursor.selected.flatMap { id in findings.firstIndex { $0.id == id } } : nil
        // The last line counts the findings that do not fit.
        let isCut = findings.count > inside.height && inside.height > 1
        let shown = visibleRows(count: findings.count, height: inside.height - (isCut ? 1 : 0), selected: selected)
        if isCut {
            let rest = "\(painter.glyphs[.ellipsis]) \(Format.count(findings.count - shown.count)) more, 7 shows them"
            painter.text(rest, x: inside.x + 1, y: inside.y + inside.height - 1, width: inside.width - 2, role: .textDim)
        }
        let kind = max(8, findings[shown].map(\.kind.rawValue.count).max() ?? 0)
        let columns = [Column("", 1), Column("", kind), Column("", max(8, inside.width / 4)), Column("", inside.width)]
        for (offset, index) in shown.enumerated() {
            let (finding, y) = (findings[index], inside.y + offset)
            let role = finding.severity.role
            painter.row(
                [
                    Span(painter.glyphs[finding.severity.glyph], role), Span(finding.kind.rawValue, role), Span(finding.subjectText),
                    Span(finding.evidence, .textDim),
                ],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 2
            )
            painter.mark(.finding(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
    }

    // MARK: Pools

    private static func pools(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let pools = state.picture.pools
        let inside = painter.pane(rect, "Pools \(pools.count)", trailing: "use idle free  waiting")
        let gauge = max(6, min(24, inside.width - 40))
        let columns = [Column("", max(8, inside.width - gauge - 24)), Column("", gauge + 2), Column("", 18)]
        for (index, pool) in pools.prefix(max(0, inside.height - 2)).enumerated() {
            let y = inside.y + index
            let figures =
                "\(pool.leased)/\(pool.maximum) w\(pool.waiting)\(pool.longestWait > .zero ? " max \(Format.duration(pool.longestWait))" : "")"
            painter.row(
                [Span(state.picture.name(of: pool)), Span(""), Span(figures, pool.waiting > 0 ? .healthDegraded : .text)],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 2
            )
            let left = inside.x + 1 + columns[0].width + 1
            painter.gauge(of: pool, x: left, y: y, width: gauge)
        }
        if pools.isEmpty {
            painter.text("no pool is ready", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
        } else if inside.height > pools.count + 1 {
            let glyphs = painter.glyphs
            painter.text(
                "\(glyphs[.used]) in use  \(glyphs[.idle]) idle  \(glyphs[.free]) free  w waiting  max longest wait",
                x: inside.x + 1,
                y: inside.y + inside.height - 1,
                width: inside.width - 2,
                role: .textDim
            )
        }
    }

    // MARK: Scopes and events

    private static func scopes(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let rows = state.treeRows.filter { row in
            if case .scope = row.id { return true }
            return false
        }
        let inside = painter.pane(
            rect,
            "Open scopes \(state.picture.scopes.count)",
            trailing: "deepest \(rows.map(\.depth).max() ?? 0)",
            in: state,
            as: "Open scopes"
        )
        let selected = state.selectedScope.flatMap { id in rows.firstIndex { $0.id == .scope(id) } }
        let shown = visibleRows(count: rows.count, height: inside.height, selected: selected)
        for (offset, index) in shown.enumerated() {
            ScopeTree.draw(rows[index], state, &painter, x: inside.x, y: inside.y + offset, width: inside.width, isBrief: true)
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: inside.y + offset, width: inside.width)
        }
    }

    private static func events(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let inside = painter.pane(rect, "Events", trailing: "newest first", in: state, as: "Events")
        let columns = [Column("", 12), Column("", 1), Column("", 9), Column("", max(10, inside.width / 3)), Column("", inside.width)]
        let events = state.picture.events
        let isFocused = state.isFocused("Events")
        let selected = isFocused ? state.selectedEvent.flatMap { events.number(of: $0) }.map { events.endIndex - 1 - $0 } : nil
        let shown = visibleRows(count: events.count, height: inside.height, selected: selected)
        for (offset, index) in shown.enumerated() {
            let (line, y) = (events[events.endIndex - 1 - index], inside.y + offset)
            painter.row(
                [
                    Span(state.configuration.clock.preciseTime(line.time), .textDim), Span(painter.glyphs[line.glyph], line.role),
                    Span(line.what, line.role), Span(line.who), Span(line.message, .textDim),
                ],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 2
            )
            painter.mark(.event(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
    }
}
