import ResourceContainer
import ResourceMonitoring

/// The live resources as a tree, with dependents below their dependencies. On wide screens the layers of the graph are beside it, and on tall
/// ones the facts of the selected resource are below it.
struct GraphScreen: Screen {
    enum Pane: String, ScreenPane {
        case tree = "Graph"
        case layers = "Layers"
        case peek = "Peek"

        var title: String { self.rawValue }
    }

    /// The width from which the layers are beside the tree, and the largest number of rows for which they are drawn.
    private static let wide = 160
    private static let layersLimit = 2_000
    /// The height from which the facts are below the tree, and the height of their pane.
    private static let tall = 40
    private static let peekHeight = 9

    static let view = DashboardView.graph
    var focus = Pane.tree
    /// The resources below their dependencies, each subtree once.
    private(set) var rows = ListState<GraphRow, Unsorted>(fields: [.type, .name, .scope, .state, .health, .id])
    private var roots: [ResourceID] = []
    private var folded: Set<ResourceID> = []
    /// Whether a resource is affected by an unhealthy one.
    private var hasCauses = false

    mutating func refresh(_ context: ScreenContext) {
        let picture = context.picture
        let filter = self.rows.filter.filter
        self.roots = picture.graphRoots(keeping: context.holdsOrder ? self.roots : [])
        self.hasCauses = picture.health?.rows.contains { !$0.affectedBy.isEmpty } ?? false
        // A filter also finds what is folded.
        let all = picture.graphRows(self.roots, folded: filter.isEmpty ? self.folded : [])
        var rows = all
        if !filter.isEmpty { rows = all.kept { row in picture.resources[row.id.resource].map { filter.passes($0, picture) } ?? false } }
        rows.connect()
        self.rows.show(filtered: rows, matches: rows.count, of: all.count)
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        pane == .tree ? self.rows : nil
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        if pane == .tree { self.rows.perform(action) }
    }

    mutating func reset() {
        self.rows.reset()
        self.folded = []
        self.roots = []
    }

    // MARK: Selection

    func subject(_ context: ScreenContext) -> Subject {
        let resource = self.rows.selectedID?.resource
        return Subject(scope: resource.flatMap { context.picture.resources[$0]?.resource.scope }, resource: resource)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        self.rows.selectedID.map { .resource($0.resource) } ?? .nowhere("select a row first")
    }

    /// Folds or unfolds the selected resource. If there is nothing to fold, goes to the row above it in the tree, or below it.
    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? {
        guard command == .left || command == .right else { return nil }
        guard let index = self.rows.selectedIndex else { return .refresh }
        let rows = self.rows.rows
        let (row, next) = (rows[index], rows.indices.contains(index + 1) ? rows[index + 1] : nil)
        if command == .right {
            if row.isFolded {
                self.folded.remove(row.id.resource)
            } else if row.isRepeated {
                self.rows.select(rows.first { $0.id.resource == row.id.resource }?.id)
            } else if let next, next.depth > row.depth {
                self.rows.select(next.id)
            }
        } else if let next, next.depth > row.depth, self.rows.filter.filter.isEmpty {
            self.folded.insert(row.id.resource)
        } else if row.depth > 0 {
            self.rows.select(rows[..<index].last { $0.depth < row.depth }?.id)
        }
        return .refresh
    }

    func text(_ context: ScreenContext) -> String? {
        self.rows.selectedID.flatMap { context.resourceText($0.resource) }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.health = context.picture.health
        model.resources = self.rows.rows.compactMap { context.picture.resources[$0.id.resource].map(context.resourceModel) }
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        let hasLayers = rect.width >= Self.wide && self.rows.total <= Self.layersLimit && !context.picture.dependents.isEmpty
        // The panes keep their places while resources are added and removed.
        let hasPeek = rect.height >= Self.tall && self.rows.total > 0
        let columns: [Rect?] = hasLayers ? rect.columns([.flexible(90, weight: 3), .flexible(70, weight: 2)]) : [rect, nil]
        let left = columns[0] ?? rect
        let rows: [Rect?] = hasPeek ? left.rows([.flexible(9), .fixed(Self.peekHeight)]) : [left, nil]
        let places: [(pane: Pane, rect: Rect?)] = [(.tree, rows[0]), (.layers, columns[1]), (.peek, rows[1])]
        return places.compactMap { place in place.rect.map { (pane: place.pane, rect: $0) } }
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .tree:
            let affected = context.picture.health?.rows.count { !$0.affectedBy.isEmpty } ?? 0
            let title = "Graph \(Format.count(context.picture.resources.count)) live"
            let hint = affected == 0 ? "dependents are below their dependencies" : "\(affected) affected by unhealthy resources"
            let inside = self.frame(pane, title, trailing: hint, &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .layers: self.drawLayers(context, &painter, rect)
        case .peek:
            let resource = self.rows.selectedID?.resource
            let hint = "\(context.keys.key(.open)) opens"
            let inside = self.frame(pane, PeekPane.title(resource, context), trailing: hint, &painter, rect).padded()
            PeekPane.draw(resource, context, &painter, in: inside)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .tree else { return nil }
        let (rows, hasCauses) = (self.rows.rows, self.hasCauses)
        return Table(Self.columns(hasCauses: hasCauses), count: rows.count, empty: "no live resources") { index in
            Self.cells(rows[index], context, glyphs, hasCauses: hasCauses)
        }
    }

    private static func columns(hasCauses: Bool) -> [TableColumn] {
        let columns = [
            TableColumn("RESOURCE", "the resource, below a resource that it depends on", .content(minimum: 20)),
            TableColumn("STATE", "the state of the instance", priority: 1), TableColumn("HEALTH", "the status of its last check"),
            TableColumn("DEPENDENTS", "the number of resources that depend on it", alignment: .right, priority: 3, appearsFrom: 84),
        ]
        let scope = "the scope that owns the resource"
        guard hasCauses else { return columns + [TableColumn("SCOPE", scope, .flexible(minimum: 6), priority: 2)] }
        return columns + [
            TableColumn("SCOPE", scope, .content(minimum: 6), priority: 2),
            TableColumn("BECAUSE OF", "the unhealthy resources that it depends on", .flexible(minimum: 12)),
        ]
    }

    private static func cells(_ row: GraphRow, _ context: ScreenContext, _ glyphs: GlyphSet, hasCauses: Bool) -> [TableCell] {
        let (picture, id) = (context.picture, row.id.resource)
        // From 160 cells on, the layers take half of the screen.
        let width = context.size.width < 160 ? context.size.width : context.size.width / 2
        guard let resource = picture.resources[id]?.resource else { return Self.columns(hasCauses: hasCauses).map { _ in .text("") } }
        let affectedBy = picture.healthRow(of: id)?.affectedBy ?? []
        let dependents = picture.dependents[id]?.count ?? 0
        let label = picture.label(of: id, binding: resource.binding)
        let end =
            row.isRepeated
            ? " (again)" : row.isFolded ? " \(glyphs[.folded]) \(dependents) \(dependents == 1 ? "dependent" : "dependents")" : ""
        let cells: [TableCell] = [
            .spans([
                Span(Self.lines(row, glyphs, limit: max(2, min(16, width / 10))), .border),
                Span(label: label, affectedBy.isEmpty ? .text : .healthDegraded), Span(end, .textDim),
            ]),
            .span(Mark(resource.state).span(glyphs)), .span(picture.healthSpan(of: id, glyphs)),
            .text(Format.count(dependents), dependents == 0 ? .textDim : .text), .text(picture.scopeName(resource.scope), .textDim),
        ]
        guard hasCauses else { return cells }
        return cells + [.text(affectedBy.map { picture.label(of: $0) }.joined(separator: ", "), .healthDegraded)]
    }

    /// Returns the lines before a label: `│  ├─ `. Of a deep row, the last `limit` levels are shown after an ellipsis.
    private static func lines(_ row: GraphRow, _ glyphs: GlyphSet, limit: Int) -> String {
        guard row.depth > 0 else { return "" }
        let first = max(1, row.depth - limit + 1)
        var text = first > 1 ? "\(glyphs[.ellipsis]) " : ""
        for level in first..<row.depth { text += row.hasLine(at: level) ? "\(glyphs[.vertical])  " : "   " }
        return text + "\(glyphs[row.isLast ? .lastChild : .teeRight])\(glyphs[.horizontal]) "
    }

    // MARK: Layers

    private func drawLayers(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let selected = self.rows.selectedID?.resource
        let room = Size(width: rect.width - 4, height: rect.height - 2)
        let found = self.layers(context, selected, room)
        let title = found?.isWhole == false ? selected.map { "Layers of \(context.picture.label(of: $0))" } : nil
        let inside = self.frame(.layers, title ?? "Layers", trailing: "dependencies at the left", &painter, rect).padded()
        guard let layers = found?.layers else {
            let text = context.picture.dependents.isEmpty ? "no resource depends on another" : "this part of the graph does not fit here"
            return painter.lines(painter.wrapped(text, .textDim, width: inside.width), in: inside)
        }
        var rows: [ResourceID: Int] = [:]
        for (index, row) in self.rows.rows.enumerated() where rows[row.id.resource] == nil { rows[row.id.resource] = index }
        painter.draw(layers, x: inside.x, y: inside.y)
        for place in layers.places {
            let (x, y) = (inside.x + place.x, inside.y + place.y)
            let health = Mark(context.picture.standing(of: place.resource) ?? .notAsked)
            let isAffected = context.picture.healthRow(of: place.resource)?.affectedBy.isEmpty == false
            let name = Span(" \(place.label)", isAffected ? .healthDegraded : .text)
            painter.line([Span(painter.glyphs[health.glyph], health.role), name], x: x, y: y, width: place.width)
            guard let index = rows[place.resource] else { continue }
            painter.mark(.row(pane: 0, index: index), isSelected: place.resource == selected, x: x, y: y, width: place.width)
        }
    }

    /// Returns the layers of the whole graph if it fits, or else those of the resources that the selected one depends on and that depend on
    /// it; nil if these do not fit either.
    private func layers(_ context: ScreenContext, _ selected: ResourceID?, _ room: Size) -> (layers: GraphLayers, isWhole: Bool)? {
        let picture = context.picture
        guard self.rows.total <= Self.layersLimit else { return nil }
        let connected = picture.active.filter { picture.needing.contains($0) || picture.dependents[$0] != nil }
        if let layers = GraphLayers(connected, in: picture), layers.fits(room) { return (layers, true) }
        guard let selected, let layers = GraphLayers(picture.related(to: selected), in: picture), layers.fits(room) else { return nil }
        return (layers, false)
    }
}
