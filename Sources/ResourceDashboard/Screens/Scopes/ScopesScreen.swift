import ResourceContainer
import ResourceMonitoring

/// The tree of scopes with their resources, the selected scope, a preview of its teardown, and the keys that act on it.
struct ScopesScreen: Screen {
    enum Pane: String, ScreenPane {
        case scopes = "Scopes"
        case scope = "Scope"
        case teardown = "If closed now"
        case actions = "Actions"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.scopes
    var focus = Pane.scopes
    /// The scopes and resources, by identity.
    private(set) var tree = ListState<TreeRow, Unsorted>(
        fields: [.scope, .type, .name, .state, .life, .err, .health, .tag, .id, .uses, .outcome]
    )
    private(set) var folded: Set<ScopeID> = []
    /// A scope that was selected before the picture had it.
    private var awaited: ScopeID?

    mutating func refresh(_ context: ScreenContext) {
        if let id = self.awaited, context.picture.scopes[id] != nil {
            self.unfold(id, context.picture)
            self.awaited = nil
        }
        let made = ScopeRows(context, folded: self.folded, filter: self.tree.filter.filter)
        self.tree.show(filtered: made.rows, matches: made.matches, of: made.total)
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        pane == .scopes ? self.tree : nil
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        guard pane == .scopes else { return }
        guard case .cycle(let step) = action else { return self.tree.perform(action) }
        // Rows that are shown only because of rows below them are no matches.
        var cursor = self.tree.cursor
        // Until a row is selected, the first of all rows is, which may be no match.
        cursor.selected = self.tree.selectedID
        cursor.cycle(by: step, in: self.tree.rows.filter { !$0.isContext }.map(\.id))
        self.tree.select(cursor.selected)
    }

    mutating func reset() {
        self.tree.reset()
        self.folded = []
        self.awaited = nil
    }

    // MARK: Selection

    func subject(_ context: ScreenContext) -> Subject {
        switch self.tree.selectedID {
        case .scope(let id): Subject(scope: id)
        case .resource(let id): Subject(scope: context.picture.resources[id]?.resource.scope, resource: id)
        case nil: Subject()
        }
    }

    /// The scope that the panes describe: the selected one, or the owner of the selected resource.
    private func selectedScope(_ picture: Picture) -> ScopeRow? {
        switch self.tree.selectedID {
        case .scope(let id): picture.scopeRow(of: id)
        case .resource(let id): picture.row(of: id).flatMap { picture.scopeRow(of: $0.resource.scope) }
        case nil: nil
        }
    }

    /// Handles Enter: folds or unfolds a scope, or goes to a resource. A scope that cannot be folded is described.
    mutating func open(_ context: ScreenContext) -> Destination {
        switch self.tree.selectedID {
        case .resource(let id): return .resource(id)
        case .scope(let id):
            let name = context.picture.scopeName(id)
            guard let row = self.tree.selected else { return .nowhere("\(name) is closed") }
            guard !row.isClosed, row.isUnfolded != nil, self.tree.filter.isEmpty else {
                if self.focus != .scopes { return .nowhere("there is nothing to unfold in \(name)") }
                self.focus = .scope
                return .here
            }
            if self.folded.remove(id) == nil { self.folded.insert(id) }
            return .here
        case nil: return .nowhere("there is no scope yet")
        }
    }

    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool {
        let picture = context.picture
        switch destination {
        case .scope(let id): return self.reveal(.scope(id), in: id, context)
        case .member(let resource, let owner):
            return self.reveal(picture.resources[resource] == nil ? .scope(owner) : .resource(resource), in: owner, context)
        default: return false
        }
    }

    private mutating func reveal(_ row: TreeRowID, in scope: ScopeID, _ context: ScreenContext) -> Bool {
        guard Self.canShow(scope, context) else { return false }
        self.awaited = context.picture.scopeRow(of: scope) == nil ? scope : nil
        self.unfold(scope, context.picture)
        self.tree.select(row)
        self.focus = .scopes
        self.refresh(context)
        if self.awaited == nil, self.tree.selectedIndex == nil, !self.tree.filter.isEmpty {
            // The user asked to see the row, so a filter must not hide it.
            self.tree.perform(.filter(TextField()))
            self.refresh(context)
        }
        return true
    }

    /// Whether the tree has a scope, or will have it: a scope that was just opened may not be in the picture yet. Its number is the highest.
    private static func canShow(_ id: ScopeID, _ context: ScreenContext) -> Bool {
        let picture = context.picture
        if picture.scopes[id] != nil { return true }
        if picture.closedScopes[id] != nil {
            return context.showsEnded && picture.closedScopes.suffix(ScopeRows.closedLimit).contains { $0.scope.id == id }
        }
        return !picture.scopes.keys.contains { $0 > id }
    }

    func text(_ context: ScreenContext) -> String? {
        switch self.tree.selectedID {
        case .scope(let id): context.scopeText(id)
        case .resource(let id): context.resourceText(id)
        case nil: nil
        }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        for row in self.tree.rows {
            switch row.id {
            case .scope(let id): if let scope = context.scopeModel(id, depth: row.depth) { model.scopes.append(scope) }
            case .resource(let id): if let row = context.picture.resources[id] { model.resources.append(context.resourceModel(row)) }
            }
        }
    }

    // MARK: Folding

    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? {
        switch command {
        case .left: self.fold(context.picture)
        case .right: if case .scope(let id) = self.tree.selectedID { self.folded.remove(id) }
        default: return nil
        }
        return .refresh
    }

    /// Folds the selected scope, or selects the scope above if there is nothing to fold.
    private mutating func fold(_ picture: Picture) {
        switch self.tree.selectedID {
        case .scope(let id):
            if self.tree.filter.isEmpty, self.tree.selected?.isUnfolded == true {
                self.folded.insert(id)
            } else if let parent = picture.scopeRow(of: id)?.scope.parent {
                self.tree.select(.scope(parent))
            }
        case .resource(let id):
            if let scope = picture.resources[id]?.resource.scope { self.tree.select(.scope(scope)) }
        case nil: break
        }
    }

    private mutating func unfold(_ scope: ScopeID, _ picture: Picture) {
        var next: ScopeID? = scope
        while let id = next {
            self.folded.remove(id)
            next = picture.scopes[id]?.scope.parent
        }
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        if rect.width >= 116, rect.height >= 18 { return self.sideBySide(context, rect) }
        let rows = rect.rows([.flexible(12), .fixed(10, priority: 1)])
        guard rect.width >= 76, rect.height >= 24, let table = rows[0], let below = rows[1] else { return [(.scopes, rect)] }
        let halves = below.columns([.flexible(1), .flexible(1)])
        guard let left = halves[0], let right = halves[1] else { return [(.scopes, rect)] }
        return [(.scopes, table), (.scope, left), (.teardown, right)]
    }

    /// Returns the table with the other panes at its right. Their heights depend on counts, so that no name moves a border.
    private func sideBySide(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        let side = min(64, rect.width / 3)
        let table = Rect(x: rect.x, y: rect.y, width: rect.width - side, height: rect.height)
        let right = Rect(x: rect.x + table.width, y: rect.y, width: side, height: rect.height)
        let row = self.selectedScope(context.picture)
        let own = row.flatMap { context.picture.resourcesByScope[$0.scope.id]?.count } ?? 0
        // An error text needs several lines.
        let hasErrors = (row?.scope.books.errors ?? 0) > 0 || row?.outcome?.kind == .threw
        let heights: [Extent] = [
            .content(min(12 + own + (hasErrors ? 5 : 0), rect.height * (hasErrors ? 55 : 45) / 100), minimum: 8), .flexible(6),
            .fixed(ActionsPane(context.keys, width: side - 4).height + 2, priority: 1),
        ]
        var places: [(pane: Pane, rect: Rect)] = [(.scopes, table)]
        for (pane, rect) in zip([Pane.scope, .teardown, .actions], right.rows(heights)) {
            if let rect { places.append((pane, rect)) }
        }
        return places
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let picture = context.picture
        switch pane {
        case .scopes:
            let threw = picture.totals.outcomes.threw
            let title =
                "Scopes \(Format.count(picture.scopes.count)) open  \(Format.count(picture.totals.closedScopes)) closed"
                + (threw > 0 ? "  \(Format.count(threw)) threw" : "")
            let hint = "\(context.keys.key(.showClosed)) \(context.showsEnded ? "hides" : "shows") closed"
            let inside = self.frame(pane, title, trailing: hint, &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .scope:
            let row = self.selectedScope(picture)
            let state = row.map { Mark($0).span(painter.glyphs).text } ?? ""
            let inside = self.frame(pane, row?.scope.name ?? "Scope", trailing: state, &painter, rect).padded()
            let lines = row.map { ScopePane($0, context, painter.glyphs).lines(width: inside.width, height: inside.height) }
            painter.lines(lines ?? [[Span("select a scope", .textDim)]], in: inside)
        case .teardown:
            let inside = self.frame(pane, pane.title, trailing: "a dry run", &painter, rect).padded()
            guard let id = self.selectedScope(picture)?.scope.id else { return }
            painter.lines(
                TeardownPane.lines(id, context, painter.glyphs, width: inside.width, height: inside.height),
                in: inside
            )
        case .actions:
            let inside = self.frame(pane, pane.title, &painter, rect).padded()
            ActionsPane(context.keys, width: inside.width).draw(isReadonly: context.isReadonly, &painter, inside)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .scopes else { return nil }
        let (rows, table) = (self.tree.rows, ScopeTable(context, glyphs))
        return Table(table.columns, count: rows.count, empty: "there is no scope yet") { table.cells(rows[$0]) }
    }
}
