import ResourceContainer
import ResourceMonitoring

/// The pools: their use, the times to acquire, and the holders and waiters of the selected pool.
struct PoolsScreen: Screen {
    enum Pane: String, ScreenPane {
        case pools = "Pools"
        case waits = "Waits"
        case use = "Use"
        case holders = "Holders"
        case waiters = "Waiters"

        var title: String { self.rawValue }
    }

    /// A row of the table of pools.
    struct Row: Identifiable, Sendable {
        var id: ResourceID
        var pool: PoolSample
    }

    static let view = DashboardView.pools
    var focus = Pane.pools
    /// The pools that a container owns, by identity.
    private(set) var pools = ListState<Row, PoolColumn>(sortedBy: .use, fields: [.type, .name, .id, .scope, .uses, .err])
    /// The holders of the selected pool, longest first.
    private(set) var holders = ListState<HolderRow, Unsorted>(fields: [.scope, .name, .life, .id])
    /// The waiters of the selected pool, in the order in which they are served.
    private(set) var waiters = ListState<WaiterRow, Unsorted>(fields: [.scope, .name, .life])
    /// The pool whose holders and waiters are listed.
    private var listed: ResourceID?
    /// The data that the filters of holders and waiters read. It is kept because another pool may be selected before the next refresh.
    private var moment = PoolMoment()

    mutating func refresh(_ context: ScreenContext) {
        let picture = context.picture
        self.pools.show(
            picture.pools.compactMap { pool in pool.resource.map { Row(id: $0, pool: pool) } },
            holdsOrder: context.holdsOrder,
            passes: { $1.passes($0.pool, picture) },
            key: { row, column in column.key(row.pool) }
        )
        let isFiltered = !self.holders.filter.isEmpty || !self.waiters.filter.isEmpty
        self.moment = PoolMoment(isFiltered ? self.pools.rows.lazy.map(\.pool) : nil, picture)
        self.listUsers()
    }

    /// Lists the holders and waiters of the selected pool.
    private mutating func listUsers() {
        let row = self.pools.selected
        if row?.id != self.listed {
            self.holders.select(nil)
            self.waiters.select(nil)
            self.listed = row?.id
        }
        let moment = self.moment
        self.holders.show(row.map { HolderRow.rows(of: $0) } ?? [], passes: { $1.passes($0, moment) })
        self.waiters.show(row.map { WaiterRow.rows(of: $0) } ?? [], passes: { $1.passes($0, moment) })
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        switch pane {
        case .pools: self.pools
        case .holders: self.holders
        case .waiters: self.waiters
        case .waits, .use: nil
        }
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        switch pane {
        case .pools:
            self.pools.perform(action)
            self.listUsers()
        case .holders: self.holders.perform(action)
        case .waiters: self.waiters.perform(action)
        case .waits, .use: break
        }
    }

    mutating func reset() {
        self.pools.reset()
        self.holders.reset()
        self.waiters.reset()
        self.listed = nil
    }

    // MARK: Selection

    func subject(_ context: ScreenContext) -> Subject {
        let resource = self.pools.selectedID
        let scope: ScopeID? =
            switch self.focus {
            case .pools, .waits, .use: resource.flatMap { context.picture.resources[$0]?.resource.scope }
            case .holders: self.holders.selected?.holder.scope
            case .waiters: self.waiters.selected?.waiter.scope
            }
        return Subject(scope: scope, resource: resource)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        switch self.focus {
        case .pools, .waits, .use:
            return self.pools.selectedID.map { .resource($0) } ?? .nowhere("select a pool first")
        case .holders:
            guard let holder = self.holders.selected?.holder else { return .nowhere("select a holder first") }
            return Self.destination(of: holder.scope, "leased at \(holder.location)", context)
        case .waiters:
            guard let waiter = self.waiters.selected?.waiter else { return .nowhere("select a waiter first") }
            return Self.destination(of: waiter.scope, "requested at \(waiter.location)", context)
        }
    }

    /// Returns the scope of a holder or waiter, or its source location if it has no open scope.
    private static func destination(of scope: ScopeID?, _ location: String, _ context: ScreenContext) -> Destination {
        guard let scope else { return .nowhere("\(location), outside of any scope") }
        guard context.picture.scopes[scope] != nil else {
            return .nowhere("\(location), and the scope \(context.picture.scopeName(scope)) is closed")
        }
        return .scope(scope)
    }

    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool {
        guard case .pool(let id) = destination, let pool = context.picture.pools.first(where: { $0.resource == id }) else { return false }
        if !self.pools.filter.filter.passes(pool, context.picture) { self.pools.perform(.filter(TextField())) }
        self.pools.select(id)
        self.focus = .pools
        self.refresh(context)
        return true
    }

    func text(_ context: ScreenContext) -> String? {
        guard let pool = self.pools.selected?.pool else { return nil }
        let name = context.picture.name(of: pool)
        switch self.focus {
        case .pools, .waits, .use:
            return "\(name) leased \(pool.leased) idle \(pool.idle) waiting \(pool.waiting) of \(pool.maximum), timed out \(pool.timedOut)"
        case .holders:
            return self.holders.selected.map { "item #\($0.holder.slot) of \(name), \($0.text(context))" }
        case .waiters:
            return self.waiters.selected.map { "waiter \($0.position) for \(name), \($0.text(context))" }
        }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.pools = self.pools.rows.map(\.pool)
    }

    // MARK: Drawing

    /// The table and the two lists are as high as their rows, and the charts take the rest, because they can show more in it. On wide screens
    /// each list is below one of the charts; on others they are side by side below the focused chart.
    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        guard self.pools.total > 0, !context.isSmall else { return [(.pools, rect)] }
        let table = min(max(4, self.pools.count + 3), max(6, rect.height / 2))
        return context.isWide ? self.columns(table, rect) : self.rows(table, rect)
    }

    private func columns(_ table: Int, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        let rows = rect.rows([.content(table, minimum: 4), .flexible(13, priority: 1)])
        guard let top = rows[0], let halves = rows[1]?.columns([.flexible(1), .flexible(1)]) else { return [(.pools, rect)] }
        let lists = [Self.height(of: self.holders), Self.height(of: self.waiters)]
        let parts = zip(halves, lists).map { half, list -> [Rect?] in
            guard let half else { return [nil, nil] }
            let chart = min(Self.chartHeight, max(12, half.height - list))
            return half.rows([.content(chart, minimum: 8), Extent(minimum: min(5, list), ideal: list, weight: 1, priority: 1)])
        }
        let places: [(pane: Pane, rect: Rect?)] = [
            (.pools, top), (.waits, parts[0][0]), (.use, parts[1][0]), (.holders, parts[0][1]), (.waiters, parts[1][1]),
        ]
        return places.compactMap { place in place.rect.map { (pane: place.pane, rect: $0) } }
    }

    private func rows(_ table: Int, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        let lists = max(Self.height(of: self.holders), Self.height(of: self.waiters))
        let spare = rect.height - table - lists
        // The histogram has nine rows or four, so a height between the two would leave rows blank.
        let charts = spare >= 14 ? min(Self.chartHeight, spare) : 9
        let rows = rect.rows([
            .content(table, minimum: 4), .content(charts, minimum: 8, priority: 2),
            Extent(minimum: min(5, lists), ideal: lists, weight: 1, priority: 1),
        ])
        guard let top = rows[0], let bottom = rows[2] else { return [(.pools, rect)] }
        var places: [(pane: Pane, rect: Rect)] = [(.pools, top)]
        if let middle = rows[1] { places.append((self.focus == .use ? .use : .waits, middle)) }
        let parts = bottom.columns([.flexible(1, weight: 3), .flexible(1, weight: 2)])
        if let left = parts[0], let right = parts[1] { places += [(.holders, left), (.waiters, right)] }
        return places
    }

    /// The greatest useful height of a chart.
    private static let chartHeight = 24

    /// Returns the height of a list with its frame and header. It grows in steps of four rows, so that the charts seldom move.
    private static func height(of list: some ListStatus) -> Int {
        max(4, (list.total + 3) / 4 * 4) + 3
    }

    /// Draws the frame of a chart with the first legend that fits beside the title, and returns its interior. The title has no name of the
    /// pool if there is no room for it beside the legend.
    private func chartFrame(_ pane: Pane, _ words: String, _ legends: [[Span]], _ painter: inout Painter, _ rect: Rect, name: String?)
        -> Rect
    {
        let short = words.prefix(1).uppercased() + words.dropFirst()
        let titles = name.map { ["\($0) \(words)", short] } ?? [short]
        let headings = legends.flatMap { legend in titles.map { (title: $0, legend: legend) } }
        let heading = headings.first { Painter.hasRoom(for: $0.legend, on: rect, beside: $0.title) } ?? (title: titles[0], legend: [])
        let inside = self.frame(pane, heading.title, &painter, rect)
        painter.trailing(heading.legend, on: rect, beside: heading.title)
        return inside
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let glyphs = painter.glyphs
        let row = self.pools.selected
        let name = row.map { context.picture.name(of: $0.pool) }
        switch pane {
        case .pools:
            let title = "Pools \(self.pools.total)"
            let inside = self.frame(pane, title, &painter, rect)
            painter.trailing(Gauge.legend(glyphs) + [Span("   \(context.order(self.pools))", .textDim)], on: rect, beside: title)
            self.drawTable(pane, context, &painter, inside)
        case .waits:
            let inside = self.chartFrame(pane, "time to acquire", [WaitsPane.legend(glyphs)], &painter, rect, name: name)
            if let row { WaitsPane(row.pool, context).draw(&painter, inside.padded()) }
        case .use:
            let use = row.map { UsePane($0.pool, context) }
            let inside = self.chartFrame(pane, "use", use?.legends(glyphs) ?? [], &painter, rect, name: name)
            use?.draw(&painter, inside.padded())
        case .holders:
            let inside = self.frame(pane, "Holders \(row?.pool.leased ?? 0)", trailing: "longest first", &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .waiters:
            let inside = self.frame(pane, "Waiters \(row?.pool.waiting ?? 0)", trailing: "first in, first out", &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        switch pane {
        case .pools:
            Table(PoolTable.columns(), count: self.pools.count, empty: "no pool is ready") { index in
                PoolTable.cells(self.pools.rows[index].pool, context, glyphs)
            }
        case .holders:
            Table(HolderRow.columns, count: self.holders.count, empty: "no item is leased") { index in
                self.holders.rows[index].cells(context, glyphs)
            }
        case .waiters:
            Table(WaiterRow.columns, count: self.waiters.count, empty: "there are no waiters") { index in
                self.waiters.rows[index].cells(context, glyphs)
            }
        case .waits, .use: nil
        }
    }
}

extension Filter {
    /// Whether a pool passes.
    func passes(_ pool: PoolSample, _ picture: Picture) -> Bool {
        guard let resource = pool.resource else { return false }
        return self.passes(text: "\(pool.name) \(picture.label(of: resource))") { field in
            switch field {
            case .type: .texts([picture.resources[resource].map { picture.typeLabel($0) } ?? ""])
            case .name: .texts([pool.name])
            case .id: .texts(["\(resource.rawValue)", "\(resource)"])
            case .scope: .texts((pool.holders.compactMap(\.scope) + pool.waiters.compactMap(\.scope)).map(picture.scopeName))
            case .uses: .number(Double(pool.leases))
            case .err: .number(Double(pool.timedOut) + Double(pool.exhausted) + Double(pool.failed))
            case .state, .life, .health, .tag, .level, .what, .outcome: nil
            }
        }
    }
}
