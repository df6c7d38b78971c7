import ResourceContainer
import ResourceMonitoring

/// The pools: their gauges, wait times, holders and waiters.
enum PoolsView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        guard body.height >= 18, !state.isSmall else {
            switch state.view.panes[state.focus[.pools] ?? 0] {
            case "Waits": Self.waits(state, &painter, body)
            case "Holders": Self.holders(state, &painter, body)
            case "Waiters": Self.waiters(state, &painter, body)
            default: Self.table(state, &painter, body)
            }
            return
        }
        let table = max(5, min(body.height / 3, state.poolRows.count + 3))
        let list = max(5, (body.height - table) * 2 / 5)
        let left = body.width * 3 / 5
        let middle = Rect(x: body.x, y: body.y + table, width: body.width, height: body.height - table - list)
        let y = middle.y + middle.height
        Self.table(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: table))
        let half = state.isWide ? middle.width / 2 : middle.width
        Self.waits(state, &painter, Rect(x: middle.x, y: middle.y, width: half, height: middle.height))
        if state.isWide {
            Self.course(state, &painter, Rect(x: middle.x + half, y: middle.y, width: middle.width - half, height: middle.height))
        }
        Self.holders(state, &painter, Rect(x: body.x, y: y, width: left, height: list))
        Self.waiters(state, &painter, Rect(x: body.x + left, y: y, width: body.width - left, height: list))
    }

    private static func selected(_ state: DashboardState) -> PoolSample? {
        state.poolRows.first { $0.resource == state.actionResource }
    }

    // MARK: Table

    private static func table(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let glyphs = painter.glyphs
        let order = state.holdsOrder ? "order held" : state.poolSort.words
        let legend = "\(glyphs[.used]) in use  \(glyphs[.idle]) idle  \(glyphs[.free]) free   \(order)"
        let inside = painter.pane(rect, "Pools \(state.poolRows.count)", trailing: legend, in: state, as: "Pools")
        guard inside.height > 1 else { return }
        if state.poolRows.isEmpty {
            painter.text("no pool is ready", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let numbers = [
            ("ACT", 5), ("IDLE", 5), ("MIN", 5), ("MAX", 5), ("WAIT", 5), ("p50", 7), ("p95", 7), ("p99", 7), ("TMO", 5), ("LEAK", 4),
        ]
        let fixed = numbers.reduce(0) { $0 + $1.1 + 1 }
        let free = max(24, inside.width - fixed - 2)
        let name = min(28, max(12, free / 2))
        let gauge = max(4, free - name - 3)
        let columns =
            [Column(state.poolSort.title(.name, glyphs), name), Column("USE / IDLE / FREE", gauge + 2)]
            + numbers.map { number in
                let column = PoolColumn.allCases.first { $0.title == number.0 }
                return Column(column.map { state.poolSort.title($0, glyphs) } ?? number.0, number.1, .right)
            }
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.actionResource.flatMap { id in state.poolRows.firstIndex { $0.resource == id } }
        let shown = visibleRows(count: state.poolRows.count, height: inside.height - 1, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            let pool = state.poolRows[index]
            painter.row(Self.cells(pool, state.picture.name(of: pool)), columns, x: inside.x + 1, y: y, width: inside.width - 1)
            let left = inside.x + 1 + name + 1
            let room = min(gauge, inside.x + inside.width - left - 2)
            if room > 3 { painter.gauge(of: pool, x: left, y: y, width: room) }
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: 1 + name)
        }
    }

    private static func cells(_ pool: PoolSample, _ name: String) -> [Span] {
        func count(_ value: Int, _ role: Role) -> Span { Span(Format.brief(value), value > 0 ? role : .textDim) }
        func wait(_ part: Double) -> Span { Span(pool.waits.total > 0 ? Format.duration(pool.waits.quantile(part)) : "", .text) }
        return [
            Span(name), Span(""), count(pool.leased, .text), count(pool.idle, .text), Span("\(pool.minimum)", .textDim),
            Span("\(pool.maximum)", .textDim), count(pool.waiting, .healthDegraded), wait(0.5), wait(0.95), wait(0.99),
            count(pool.timedOut, .healthUnhealthy), count(pool.leaked, .healthUnhealthy),
        ]
    }

    // MARK: Waits

    /// The upper bounds of the rows: every fourth power of two, each a bound of the pool's buckets.
    private static let bounds: [(limit: Duration, label: String)] = [
        (.nanoseconds(1 << 20), "1ms"), (.nanoseconds(1 << 22), "4ms"), (.nanoseconds(1 << 24), "17ms"), (.nanoseconds(1 << 26), "67ms"),
        (.nanoseconds(1 << 28), "268ms"), (.nanoseconds(1 << 30), "1.1s"), (.nanoseconds(1 << 32), "4.3s"), (.nanoseconds(1 << 34), "17s"),
    ]

    private static func waits(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let pool = Self.selected(state)
        let inside = painter.pane(
            rect,
            pool.map { "\(state.picture.name(of: $0)) time to acquire" } ?? "Time to acquire",
            trailing: "this minute, \(painter.glyphs[.pointer]) previous minute",
            in: state,
            as: "Waits"
        )
        guard let pool, let windows = pool.resource.flatMap({ state.picture.waits[$0] }) else { return }
        let (now, before) = (Self.counts(windows.current), Self.counts(windows.previous))
        let width = max(4, inside.width - 9 - 14)
        func cells(_ count: Int, of counts: [Int]) -> Int {
            let most = counts.max() ?? 0
            return most == 0 || count == 0 ? 0 : max(1, count * width / most)
        }
        let total = max(1, now.reduce(0, +))
        for (index, count) in now.enumerated().prefix(max(0, inside.height)) {
            let y = inside.y + index
            let label = index == Self.bounds.count ? ">\(Self.bounds[index - 1].label)" : "<\(Self.bounds[index].label)"
            painter.text(label, x: inside.x + 1, y: y, width: 7, role: .textDim, alignment: .right)
            let bar = cells(count, of: now)
            painter.canvas.drawLine(.used, x: inside.x + 9, y: y, width: bar, style: painter.theme.style(.gaugeUsed))
            let mark = cells(before[index], of: before)
            if mark > 0 {
                painter.text(painter.glyphs[.pointer], x: inside.x + 9 + min(width - 1, mark), y: y, width: 1, role: .textDim)
            }
            let share = "\(Format.brief(count)) \(Format.decimal(Double(count) / Double(total) * 100, digits: 0))%"
            painter.text(share, x: inside.x + 9 + width, y: y, width: 13, role: count > 0 ? .text : .textDim, alignment: .right)
        }
    }

    private static func counts(_ buckets: DurationBuckets) -> [Int] {
        let below = Self.bounds.map { buckets.count(upTo: $0.limit - .nanoseconds(1)) } + [buckets.total]
        return below.indices.map { $0 == 0 ? below[0] : below[$0] - below[$0 - 1] }
    }

    /// Draws leases and waiters over the last minute, and the durations of leases and item creations.
    private static func course(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let pool = Self.selected(state)
        let title = pool.map { "\(state.picture.name(of: $0)) in use, waiting" } ?? "In use, waiting"
        let inside = painter.pane(rect, title, trailing: state.span.label)
        guard let pool, let resource = pool.resource, inside.height >= 5 else { return }
        let points = state.picture.history.suffix(state.span.rawValue).map { point in point.pools.first { $0.resource == resource } }
        let label = 8
        let chart = Rect(x: inside.x + label, y: inside.y, width: inside.width - label, height: inside.height - 4)
        painter.text("\(pool.maximum)", x: inside.x, y: chart.y, width: label - 1, role: .textDim, alignment: .right)
        painter.text("0", x: inside.x, y: chart.y + chart.height - 1, width: label - 1, role: .textDim, alignment: .right)
        let per = painter.glyphs.samplesPerCell
        painter.canvas.drawArea(
            ChartSpan.stretched(points.map { $0.map { Double($0.leased) } }, slots: state.span.rawValue, to: chart.width * per),
            in: chart,
            maximum: Double(pool.maximum),
            style: painter.theme.style(.chart0)
        )
        let y = chart.y + chart.height
        painter.text("waiting", x: inside.x, y: y, width: label, role: .textDim)
        if points.contains(where: { ($0?.waiting ?? 0) > 0 }) {
            painter.canvas.drawSparkline(
                ChartSpan.stretched(points.map { $0.map { Double($0.waiting) } }, slots: state.span.rawValue, to: chart.width),
                x: chart.x,
                y: y,
                width: chart.width,
                style: painter.theme.style(.chart1)
            )
        } else {
            painter.text("no waits", x: chart.x, y: y, width: chart.width, role: .textDim)
        }
        func summary(_ name: String, _ buckets: DurationBuckets) -> [Span] {
            guard buckets.total > 0 else { return [Span("\(name) none yet", .textDim)] }
            let (p50, p95, p99) = (buckets.quantile(0.5), buckets.quantile(0.95), buckets.quantile(0.99))
            let times = "p50 \(Format.duration(p50))  p95 \(Format.duration(p95))  p99 \(Format.duration(p99))"
            return [Span(name + " ", .textDim), Span(times), Span("  of \(Format.count(buckets.total))", .textDim)]
        }
        let refused = "exhausted \(pool.exhausted)  dropped \(pool.dropped)  lost \(pool.lost)  failed \(pool.failed)"
        for (index, line) in [summary("held   ", pool.holds), summary("created", pool.creations), [Span(refused, .textDim)]].enumerated() {
            painter.line(line, x: inside.x, y: y + 1 + index, width: inside.width)
        }
    }

    // MARK: Holders and waiters

    private static func holders(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let pool = Self.selected(state)
        let inside = painter.pane(
            rect,
            "Holders \(pool?.leased ?? 0)",
            trailing: "longest first",
            in: state,
            as: "Holders"
        )
        guard let pool, inside.height > 1 else { return }
        let scope = max(8, min(20, (inside.width - 5 - 9 - 13) * 2 / 5))
        let locationWidth = max(8, inside.width - scope - 31)
        let columns = [
            Column("ITEM", 5), Column("HELD", 9, .right), Column("SINCE", 12), Column("SCOPE", scope),
            Column.locations("LEASED AT", locationWidth),
        ]
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        Self.list(
            pool.holders.map { holder in
                [
                    Span("#\(holder.slot)", .textDim), Span(Format.duration(max(.zero, state.picture.time - holder.since))),
                    Span(state.configuration.clock.preciseTime(holder.since), .textDim),
                    Span(holder.scope.map { state.picture.scopeName($0) } ?? painter.glyphs[.dash]),
                    Span("\(holder.location)"),
                ]
            },
            of: pool.leased,
            columns,
            &painter,
            inside
        )
    }

    private static func waiters(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let pool = Self.selected(state)
        let inside = painter.pane(
            rect,
            "Waiters \(pool?.waiting ?? 0)",
            trailing: "first in, first out",
            in: state,
            as: "Waiters"
        )
        guard let pool, inside.height > 1 else { return }
        let scope = max(6, inside.width - 6 - 9 - 9 - 3)
        let columns = [Column("POS", 4), Column("SCOPE", scope), Column("WAITED", 8, .right), Column("LEFT", 8, .right)]
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        Self.list(
            pool.waiters.enumerated().map { index, waiter in
                [
                    Span("\(index + 1)", .textDim),
                    Span(waiter.scope.map { state.picture.scopeName($0) } ?? Format.location(waiter.location, width: scope)),
                    Span(Format.duration(max(.zero, state.picture.time - waiter.since)), .healthDegraded),
                    Span(Format.duration(max(.zero, waiter.deadline - state.picture.time)), .textDim),
                ]
            },
            of: pool.waiting,
            columns,
            &painter,
            inside
        )
    }

    /// Draws as many rows as fit, and the number of those that do not.
    private static func list(_ rows: [[Span]], of count: Int, _ columns: [Column], _ painter: inout Painter, _ inside: Rect) {
        let room = inside.height - 1
        let shown = count > room ? max(0, room - 1) : room
        for (index, cells) in rows.prefix(shown).enumerated() {
            painter.row(cells, columns, x: inside.x + 1, y: inside.y + 1 + index, width: inside.width - 1)
        }
        if count > min(shown, rows.count) {
            let rest = "\(painter.glyphs[.ellipsis]) \(Format.count(count - min(shown, rows.count))) more"
            painter.text(rest, x: inside.x + 1, y: inside.y + 1 + min(shown, rows.count), width: inside.width - 2, role: .textDim)
        }
    }
}
