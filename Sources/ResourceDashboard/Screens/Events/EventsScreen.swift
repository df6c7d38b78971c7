import ResourceContainer

/// The event log, which follows the newest line, and the errors grouped by cause.
struct EventsScreen: Screen {
    enum Pane: String, ScreenPane {
        case events = "Events"
        case selected = "Selected"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.events
    var focus = Pane.events
    private(set) var lines = EventList()
    /// The groups of the errors that pass the filter of ``lines``, with the group of the newest error first.
    private(set) var groups = ListState<ErrorGroup, Unsorted>(fields: EventList.fields)
    /// Whether errors grouped by cause are shown instead of lines.
    private(set) var isGrouped = false
    /// The number of stored errors.
    private var errorCount = 0

    mutating func refresh(_ context: ScreenContext) {
        self.lines.refresh(context.picture.events)
        if self.isGrouped { self.refreshGroups(context.picture) }
    }

    private mutating func refreshGroups(_ picture: Picture) {
        let filter = self.lines.filter.filter
        let all = picture.errorGroups()
        self.errorCount = all.reduce(0) { $0 + $1.count }
        // The figures of a group are those of its errors that pass. Groups without such an error are listed last and hidden.
        let passing = filter.isEmpty ? all : picture.errorGroups { filter.passes($0) }
        let known = Set(passing.map(\.id))
        self.groups.show(passing + all.filter { !known.contains($0.id) }, passes: { group, _ in known.contains(group.id) })
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        guard pane == .events else { return nil }
        if self.isGrouped { return self.groups }
        return self.lines
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        guard pane == .events else { return }
        if case .filter = action {
            // Lines and groups have the same filter.
            self.lines.perform(action)
            self.groups.perform(action)
        } else if self.isGrouped {
            self.groups.perform(action)
        } else {
            self.lines.perform(action)
        }
    }

    mutating func reset() {
        self.lines.reset()
        self.groups.reset()
    }

    mutating func renumber() {
        self.lines.renumber()
    }

    mutating func leave() {
        self.lines.leave()
    }

    // MARK: Errors

    /// Returns the numbers of the error lines that pass the filter, ascending.
    func errors(_ picture: Picture) -> [Int] {
        let filter = self.lines.filter.filter
        return filter.isEmpty ? picture.events.errors : picture.events.errors.filter { filter.passes(picture.events[$0]) }
    }

    /// Returns the number of the selected line; nil if none is selected or if it is not stored.
    func selectedNumber(_ picture: Picture) -> Int? {
        self.lines.selected.flatMap { picture.events.number(of: $0) }
    }

    // MARK: Selection

    /// The line that the pane below the list shows: the selected one or else the newest, or the last error of the selected group.
    private var shown: EventLine? {
        self.isGrouped ? self.groups.selected?.last : self.lines.selected ?? self.lines.newest
    }

    func subject(_ context: ScreenContext) -> Subject {
        guard let line = self.isGrouped ? self.groups.selected?.last : self.lines.selected else { return Subject() }
        return Subject(scope: line.scopeID, resource: line.resource, event: line)
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        guard let line = self.shown else { return .nowhere(self.isGrouped ? "there is no error" : "there is no event") }
        if self.isGrouped {
            _ = self.reveal(.event(line), context)
            return .here
        }
        if let destination = context.destination(resource: line.resource, scope: line.scopeID) { return destination }
        guard line.event != nil else { return .nowhere("this line is about no resource or scope") }
        return context.endedSubject(of: line).map { .ended($0) } ?? .nowhere("\(line.who) no longer exists")
    }

    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool {
        guard case .event(let line) = destination else { return false }
        self.isGrouped = false
        if !self.lines.filter.filter.passes(line) { self.perform(.filter(TextField()), in: .events) }
        self.lines.select(line, in: context.picture.events)
        return true
    }

    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? {
        guard command == .groupErrors else { return nil }
        self.isGrouped.toggle()
        return .refresh
    }

    mutating func back() -> Bool {
        // A filter is innermost.
        guard self.lines.filter.isEmpty else { return false }
        if self.isGrouped {
            self.isGrouped = false
            return true
        }
        guard !self.lines.isFollowing else { return false }
        self.lines.follow()
        return true
    }

    func text(_ context: ScreenContext) -> String? {
        if self.isGrouped { return self.groups.selected.map { Self.text($0, context) } }
        return self.shown.map { context.eventText($0) }
    }

    private static func text(_ group: ErrorGroup, _ context: ScreenContext) -> String {
        let (first, last) = (context.clock.time(group.first.time), context.clock.time(group.last.time))
        return "\(group.id.what) \(group.id.subject): \(group.id.message), \(Format.times(group.count)), first \(first), last \(last)"
    }

    func describe(_ model: inout ViewModel, _ context: ScreenContext) {
        model.events = self.lines.suffix(context.size.height).map { context.eventModel($0) }
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        let count = self.isGrouped ? self.groups.count : self.lines.count
        guard !context.isSmall, rect.height >= 14, count > 0 else { return [(.events, rect)] }
        var below = 6
        // While the list follows the newest line, the panes keep their places.
        if self.isGrouped || !self.lines.isFollowing, let pane = self.selectedPane {
            below = max(below, min(pane.texts(context.clock).lines(width: rect.width - 4).count + 2, rect.height / 2))
        }
        let parts = rect.rows([
            .content(count + 3, minimum: 6), Extent(minimum: below, ideal: below, weight: 1, priority: 1),
        ])
        return zip(Pane.allCases, parts).compactMap { pane, place in place.map { (pane: pane, rect: $0) } }
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .events:
            let inside = self.frame(pane, self.title(context.picture), trailing: self.hint(context), &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .selected:
            self.drawSelected(context, &painter, rect)
        }
    }

    private func title(_ picture: Picture) -> String {
        guard self.isGrouped else { return "Events \(Format.count(self.lines.total)) stored" }
        // The other errors are older than the oldest stored event or belong to missed events.
        let all = picture.totals.books.errors
        let stored = Format.count(self.errorCount)
        guard self.errorCount < all else { return "Errors \(stored), grouped by cause" }
        let window = picture.events.first.map { ", stored from the last \(Format.age(picture.time - $0.time))" } ?? ""
        return "Errors \(stored) of \(Format.count(all))\(window), grouped by cause"
    }

    private func hint(_ context: ScreenContext) -> String {
        let keys = context.keys
        if self.isGrouped { return "\(keys.key(.groupErrors)) shows the events, \(keys.key(.open)) the last one" }
        let count = self.lines.count
        let matches = self.lines.filter.isEmpty ? "" : "   \(Format.count(count)) \(count == 1 ? "match" : "matches")"
        return (self.lines.isFollowing ? "follow ON" : "follow off, \(keys.key(.last)) follows") + matches
    }

    private var selectedPane: SelectedEventPane? {
        let isGone = !self.isGrouped && self.lines.selected != nil && !self.lines.isSelectedStored
        return self.shown.map { SelectedEventPane(line: $0, isStored: !isGone) }
    }

    private func drawSelected(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let title = self.isGrouped ? "Latest" : self.lines.selected == nil ? "Newest" : "Selected"
        let pane = self.selectedPane
        let open = context.keys.key(.open)
        let noun = pane.flatMap { context.destination(resource: $0.line.resource, scope: $0.line.scopeID)?.noun }
        let hint = self.isGrouped ? "\(open) shows it among the events" : noun.map { "\(open) jumps to its \($0)" } ?? ""
        let inside = self.frame(.selected, title, trailing: pane == nil ? "" : hint, &painter, rect).padded()
        painter.texts(pane?.texts(context.clock) ?? [LabeledText("", "nothing to show", .textDim)], in: inside)
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        guard pane == .events else { return nil }
        return self.isGrouped ? self.groupTable(context, glyphs) : self.lineTable(context, glyphs)
    }

    private func lineTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("TIME", "the time of day"),
            TableColumn("DELTA", "the seconds since the line above", alignment: .right, priority: 5),
            TableColumn("SOURCE", "the part that reported the event", priority: 4),
            TableColumn("LEVEL", "info, warn or error", priority: 3),
            TableColumn("WHAT", "the kind of event"),
            TableColumn("SUBJECT", "the resource or scope concerned", .content(minimum: 18)),
            TableColumn("SCOPE", "the scope in which it happened", priority: 2),
            TableColumn("MESSAGE", "the details", .flexible(minimum: 24)),
        ]
        let lines = self.lines
        return Table(columns, count: lines.count, empty: "no events are stored") { row in
            let line = lines.line(at: row)
            let level = Mark(line.level)
            let delta = row > 0 ? "+\(Format.decimal((line.time - lines.line(at: row - 1).time).inSeconds, digits: 3))s" : glyphs[.dash]
            return [
                .text(context.clock.preciseTime(line.time), .textDim), .text(delta, .textDim), .text(line.source, .textDim),
                .text(level.word, level.role), .text("\(glyphs[line.glyph]) \(line.what)", line.role), .label(line.who),
                .text(line.scope, .textDim), .text(line.message, line.level == .error ? .stateFailed : .text),
            ]
        }
    }

    private func groupTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("COUNT", "the number of stored errors", alignment: .right),
            TableColumn("FIRST", "the time of the first of them", priority: 4),
            TableColumn("LAST", "the time of the last of them", priority: 3),
            TableColumn("OLD \(glyphs[.right]) NEW", "the errors over the time that the stored events span", priority: 5, appearsFrom: 90),
            TableColumn("WHAT", "the kind of event", priority: 2),
            TableColumn("SUBJECT", "the binding, or another subject", .content(minimum: 14)),
            TableColumn("CAUSE", "the error", .flexible(minimum: 24)),
        ]
        let groups = self.groups.rows
        return Table(columns, count: groups.count, empty: "no error among the stored events") { row in
            let group = groups[row]
            let course = group.course.map { $0 == 0 ? nil as Double? : Double($0) }
            return [
                .text(Format.brief(group.count)), .text(context.clock.time(group.first.time), .textDim),
                .text(context.clock.time(group.last.time), .textDim),
                .drawing(width: Picture.errorColumns, text: { group.course.map { String($0) }.joined(separator: " ") }) { painter, rect in
                    let style = painter.theme.style(.chart3)
                    painter.canvas.drawSparkline(course, x: rect.x, y: rect.y, width: rect.width, style: style)
                },
                .text(group.id.what, .stateFailed), .label(group.id.subject), .text(group.id.message),
            ]
        }
    }
}
