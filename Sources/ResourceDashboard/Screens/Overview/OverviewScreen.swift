import ResourceContainer
import ResourceMonitoring

/// The container at a glance: its figures, what needs attention, the pools, the open scopes, and the newest warnings and errors.
struct OverviewScreen: Screen {
    enum Pane: String, ScreenPane {
        case attention = "Needs attention"
        case pools = "Pools"
        case scopes = "Open scopes"
        case trouble = "Warnings and errors"
        case tiles = "Tiles"
        case books = "Books"
        case active = "Active"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.overview
    var focus = Pane.attention
    /// The active findings, most severe first.
    private(set) var attention = ListState<Finding, Unsorted>(fields: [.type, .name, .what, .level, .scope, .id])
    /// The pools. Those with waiters are first.
    private(set) var pools = ListState<OverviewPool, Unsorted>(fields: [.type, .name, .id, .scope, .uses, .err])
    /// The open scopes, grouped by their names.
    private(set) var scopes = ListState<ScopeGroup, Unsorted>(fields: [.scope, .name, .err])
    /// The newest warnings and errors, grouped by their cause. The group with the newest one is first.
    private(set) var trouble = ListState<TroubleGroup, Unsorted>(fields: EventList.fields)
    /// The number of stored lines that are warnings or errors, listed or not.
    private(set) var troubleCount = 0
    private(set) var tiles = ListState<OverviewTile, Unsorted>(fields: [.name])

    mutating func refresh(_ context: ScreenContext) {
        let picture = context.picture
        self.attention.show(picture.findings, passes: { $1.passes($0, picture) })
        self.pools.show(OverviewPool.all(in: picture), passes: { $1.passes($0.pool, picture) })
        self.scopes.show(ScopeGroup.all(in: picture, showsEnded: context.showsEnded), passes: { $1.passes(group: $0) })
        self.refreshTrouble(picture.events)
        self.tiles.show(OverviewTile.allCases, passes: { $1.passes(tile: $0) })
    }

    private mutating func refreshTrouble(_ events: EventArchive) {
        let (count, newest) = events.troubles(limit: TroubleGroup.limit)
        self.troubleCount = count
        // The filter applies to lines, so that the count of a group is that of its lines that pass.
        let filter = self.trouble.filter.filter
        let (groups, total) = TroubleGroup.all(newest, in: events) { filter.isEmpty || filter.passes($0) }
        self.trouble.show(filtered: groups, matches: groups.count, of: total)
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        switch pane {
        case .attention: return self.attention
        case .pools: return self.pools
        case .scopes: return self.scopes
        case .trouble: return self.trouble
        case .tiles: return self.tiles
        case .books, .active: return nil
        }
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        switch pane {
        case .attention: self.attention.perform(action)
        case .pools: self.pools.perform(action)
        case .scopes: self.scopes.perform(action)
        case .trouble: self.trouble.perform(action)
        case .tiles: self.tiles.perform(action)
        case .books, .active: break
        }
    }

    mutating func reset() {
        self.attention.reset()
        self.pools.reset()
        self.scopes.reset()
        self.trouble.reset()
    }

    // MARK: Selection

    /// Scope commands act on the newest open scope of the selected group, and on the root scope while another pane has the focus.
    func subject(_ context: ScreenContext) -> Subject {
        switch self.focus {
        case .attention:
            let finding = self.attention.selected
            return Subject(scope: .root, resource: finding?.subject.resource, finding: finding)
        case .pools:
            return Subject(scope: .root, resource: self.pools.selected?.pool.resource)
        case .scopes:
            guard let group = self.scopes.selected else { return Subject(scope: .root) }
            return Subject(scope: group.newest)
        case .trouble:
            let line = self.trouble.selected?.newest
            return Subject(scope: .root, resource: line?.resource, event: line)
        case .tiles, .books, .active:
            return Subject(scope: .root)
        }
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        switch self.focus {
        case .attention:
            guard let finding = self.attention.selected else { return .view(.findings) }
            let subject = finding.subject
            return context.destination(resource: subject.resource, scope: subject.scope) ?? .finding(finding.id)
        case .pools: return self.pools.selected?.pool.resource.map { .pool($0) } ?? .view(.pools)
        case .scopes: return self.scopes.selected?.newest.map { .scope($0) } ?? .view(.scopes)
        case .trouble: return self.trouble.selected.map { .event($0.newest) } ?? .view(.events)
        case .tiles: return self.tiles.selected?.destination(context.picture) ?? .nowhere("there is no tile")
        case .books, .active: return .view(.resources)
        }
    }

    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? {
        guard self.focus == .tiles else { return nil }
        switch command {
        case .left: self.tiles.perform(.cycle(by: -1))
        case .right: self.tiles.perform(.cycle(by: 1))
        default: return nil
        }
        return .refresh
    }

    func text(_ context: ScreenContext) -> String? {
        switch self.focus {
        case .attention: return self.attention.selected.map { context.findingText($0) }
        case .pools: return self.pools.selected?.text(context.picture)
        case .scopes: return self.scopes.selected.flatMap { $0.text(context) }
        case .trouble: return self.trouble.selected?.text(context)
        case .tiles: return self.tiles.selected?.text(context)
        case .books, .active: return nil
        }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.findings = context.picture.findings
        model.scopes = context.openScopeModels()
        model.events = context.picture.events.suffix(context.size.height).map { context.eventModel($0) }
    }

    // MARK: Drawing

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .attention: self.drawAttention(context, &painter, rect)
        case .pools: self.drawPools(context, &painter, rect)
        case .scopes: self.drawScopes(context, &painter, rect)
        case .trouble: self.drawTrouble(context, &painter, rect)
        case .tiles: self.drawTiles(context, &painter, rect)
        case .books: self.drawBooks(context, &painter, rect)
        case .active: self.drawActive(context, &painter, rect)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        switch pane {
        case .attention: return self.attentionTable(glyphs)
        case .pools: return self.poolTable(context, glyphs)
        case .scopes: return self.scopeTable(context, glyphs)
        case .trouble: return self.troubleTable(context)
        case .tiles: return self.tileTable(context, glyphs)
        case .books: return self.bookTable(context)
        case .active: return nil
        }
    }

    /// The index of a pane, which its pointer targets name.
    func index(of pane: Pane) -> Int {
        Pane.allCases.firstIndex(of: pane) ?? 0
    }

    /// Returns the title of a pane with the number of its items, and of those that pass the filter if there is one.
    func title(_ pane: Pane, count: Int) -> String {
        guard let list = self.list(in: pane), !list.filter.isEmpty else { return "\(pane.title) \(Format.count(count))" }
        return "\(pane.title) \(Format.count(list.count)) of \(Format.count(list.total))"
    }

    /// Returns the title of a pane whose rows are groups, with the number of the grouped items, and of the groups that pass the filter if
    /// there is one.
    func groupTitle(_ pane: Pane, count: Int) -> String {
        let title = "\(pane.title) \(Format.count(count))"
        guard let list = self.list(in: pane), !list.filter.isEmpty else { return title }
        return "\(title), \(Format.count(list.count)) of \(Format.count(list.total)) \(list.total == 1 ? "group" : "groups")"
    }

    /// Draws the table of a pane. Only the focused pane shows its selection, because no pane describes the selected row of another.
    func drawRows(of pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ inside: Rect) {
        guard let table = self.table(in: pane, context, painter.glyphs)?.hiding(context.hiddenColumns), let list = self.list(in: pane)
        else { return }
        let isFocused = self.focus == pane
        painter.draw(table, list, pane: self.index(of: pane), isFocused: isFocused, showsSelection: isFocused, in: inside)
    }
}

extension ScreenContext {
    /// Returns the open scopes as data in the order of their tree, and after them the newest closed ones if ended items are shown.
    fileprivate func openScopeModels() -> [ViewModel.Scope] {
        var models: [ViewModel.Scope] = []
        var next: [(id: ScopeID, depth: Int)] = self.picture.scopes.keys.min().map { [(id: $0, depth: 0)] } ?? []
        while let (id, depth) = next.popLast() {
            if let model = self.scopeModel(id, depth: depth) { models.append(model) }
            for child in (self.picture.children[id] ?? []).reversed() { next.append((id: child, depth: depth + 1)) }
        }
        guard self.showsEnded else { return models }
        return models + self.picture.closedScopes.reversed().prefix(50).compactMap { self.scopeModel($0.scope.id, depth: 1) }
    }
}
