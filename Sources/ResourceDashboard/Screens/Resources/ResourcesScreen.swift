import ResourceContainer
import ResourceMonitoring

/// The resources: a table with the facts of the selected row below it, and one resource in detail.
struct ResourcesScreen: Screen {
    enum Pane: String, ScreenPane {
        case resources = "Resources"
        case peek = "Peek"
        // The panes of the detail.
        case facts = "Resource"
        case lifetimes = "Lifetimes"
        case life = "Life"
        case history = "History"
        case error = "Last error"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.resources
    private(set) var rows = ResourceList()
    private(set) var showsPeek = true
    /// Whether the selected resource is shown in detail, in place of the table.
    private(set) var isOpen = false
    private var focused = Pane.resources
    /// The event lines of the resource in detail, because three panes need them.
    private var events: (resource: ResourceID, lines: [EventLine])?

    /// The focused pane: one of the detail while a resource is open, or else the table or the peek.
    var focus: Pane {
        get { self.focused }
        set { self.focused = self.reachable(newValue) }
    }

    /// Returns a pane that can have the focus. The panes of the two states are successive, so that one beyond the last of a state is
    /// its first, and the reverse.
    private func reachable(_ pane: Pane) -> Pane {
        switch pane {
        case .resources: self.isOpen ? .facts : .resources
        case .peek, .error: self.isOpen ? .error : self.showsPeek ? .peek : .resources
        case .facts, .lifetimes, .life, .history: self.isOpen ? pane : .resources
        }
    }

    /// The resource in detail; nil while the table is shown.
    var detail: ResourceID? {
        self.isOpen ? self.rows.selectedID : nil
    }

    // MARK: Rows

    mutating func refresh(_ context: ScreenContext) {
        self.rows.refresh(context)
        self.events = self.detail.map { ($0, context.picture.events.lines(of: $0)) }
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        pane == .resources ? self.rows : nil
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        if pane == .resources { self.rows.perform(action) }
    }

    mutating func reset() {
        self.rows.reset()
        self.close()
    }

    private mutating func close() {
        self.isOpen = false
        self.events = nil
        self.focus = .resources
    }

    // MARK: Selection

    func subject(_ context: ScreenContext) -> Subject {
        // A resource that has ended names no scope, so that no command acts on what is left of it.
        let resource = self.rows.selectedID
        return Subject(scope: resource.flatMap { context.picture.resources[$0]?.resource.scope }, resource: resource)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        guard let id = self.rows.selectedID else { return .nowhere("there is no resource to open") }
        guard let row = context.picture.row(of: id) else { return .nowhere("the selected resource ended more than a minute ago") }
        guard self.isOpen else {
            self.rows.select(id)
            self.isOpen = true
            self.focus = .facts
            return .here
        }
        let scope = row.resource.scope
        if row.resource.state.isActive { return .member(id, of: scope) }
        return context.picture.scopes[scope] == nil ? .nowhere("the resource and its scope have ended") : .scope(scope)
    }

    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool {
        switch destination {
        case .resource(let id):
            self.close()
            // A filter must not hide the row that the user goes to.
            let filter = self.rows.filter.filter
            if let row = context.picture.row(of: id), !filter.isEmpty, !filter.passes(row, context.picture) { self.filter("") }
            self.rows.select(id)
            return true
        case .binding(let id):
            guard let label = context.picture.bindings[id]?.binding.label else { return false }
            self.close()
            self.filter(label.isEmpty ? "" : "type=\"\(label.replacing("\"", with: "*"))\"")
            self.rows.select(nil)
            return true
        default: return false
        }
    }

    private mutating func filter(_ text: String) {
        self.rows.perform(.filter(TextField(text)))
    }

    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? {
        // A filter is of the list, which the detail hides.
        if command == .filter, self.isOpen { self.close() }
        guard command == .peek else { return nil }
        self.showsPeek.toggle()
        self.focus = self.focused
        return .notice(self.showsPeek ? "peek is shown below the table" : "peek is hidden", .info)
    }

    mutating func back() -> Bool {
        guard self.isOpen else { return false }
        self.close()
        return true
    }

    func text(_ context: ScreenContext) -> String? {
        self.rows.selectedID.flatMap { context.resourceText($0) }
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.resources = self.rows.ids.compactMap { context.picture.row(of: $0).map(context.resourceModel) }
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        if let detail = self.openDetail(context) { return detail.layout(rect) }
        guard !self.isOpen, self.showsPeek, rect.height >= 16 else { return [(self.isOpen ? self.focus : .resources, rect)] }
        let places = rect.rows([.flexible(9), .fixed(min(9, max(6, rect.height / 4)), priority: 1)])
        return zip([Pane.resources, .peek], places).compactMap { pane, place in place.map { (pane: pane, rect: $0) } }
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .resources: self.drawTable(context, &painter, rect)
        case .peek: self.drawPeek(context, &painter, rect)
        case .facts, .lifetimes, .life, .history, .error: self.drawDetail(pane, context, &painter, rect)
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .resources, !self.isOpen else { return nil }
        let hint = context.showsEnded ? "" : "; \(context.keys.key(.showClosed)) shows those that ended within a minute"
        let ids = self.rows.ids
        return Table(ResourceTable.columns, count: ids.count, empty: "no live resource\(hint)") { index in
            guard let row = context.picture.row(of: ids[index]) else { return ResourceTable.columns.map { _ in .text("") } }
            return ResourceTable.cells(row, context, glyphs)
        }
    }

    private func drawTable(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let picture = context.picture
        let ended = context.showsEnded ? " + \(Format.count(picture.endedResources.count)) ended" : ""
        let title = "Resources \(Format.count(picture.totals.books.active)) live\(ended)"
        let inside = self.frame(.resources, title, trailing: context.order(self.rows), &painter, rect)
        self.drawTable(.resources, context, &painter, inside)
    }

    private func drawPeek(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let hint = "\(context.keys.key(.peek)) hides, \(context.keys.key(.open)) opens"
        let inside = self.frame(.peek, PeekPane.title(self.rows.selectedID, context), trailing: hint, &painter, rect).padded()
        PeekPane.draw(self.rows.selectedID, context, &painter, in: inside)
    }

    /// The resource in detail; nil while the table is shown, and if the resource is no longer known.
    private func openDetail(_ context: ScreenContext) -> ResourceDetail? {
        guard let id = self.detail, let row = context.picture.row(of: id) else { return nil }
        // The lines are those of the previous resource until the next refresh.
        let kept = self.events.flatMap { $0.resource == id ? $0.lines : nil }
        return ResourceDetail(row: row, events: kept ?? context.picture.events.lines(of: id), context: context)
    }

    private func drawDetail(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        guard let detail = self.openDetail(context) else {
            let inside = self.frame(pane, "Resource", &painter, rect).padded()
            let text = "it ended more than a minute ago; \(context.keys.key(.back)) returns"
            painter.text(text, x: inside.x, y: inside.y, width: inside.width, role: .textDim)
            return
        }
        let titles = self.titles(of: pane, detail, painter.glyphs)
        let inside = self.frame(pane, titles.title, trailing: titles.trailing, &painter, rect).padded()
        switch pane {
        case .lifetimes: detail.drawLifetimes(&painter, in: inside)
        case .life: detail.drawLife(&painter, in: inside)
        case .history: painter.paragraphs(detail.history(painter.glyphs, limit: inside.height), in: inside)
        case .error: painter.paragraphs(detail.lastError(), in: inside)
        case .facts, .resources, .peek:
            painter.paragraphs(detail.facts(painter.glyphs, disposal: detail.disposal(painter.glyphs)), in: inside)
        }
    }

    private func titles(of pane: Pane, _ detail: ResourceDetail, _ glyphs: GlyphSet) -> (title: String, trailing: String) {
        switch pane {
        case .lifetimes: detail.lifetimesTitle
        case .life: detail.lifeTitle(glyphs)
        case .history: ("History", detail.historyTitle)
        case .error: ("Last error", detail.row.errors == 0 ? "none" : "of \(Format.count(detail.row.errors))")
        case .facts, .resources, .peek: detail.title(glyphs)
        }
    }
}
