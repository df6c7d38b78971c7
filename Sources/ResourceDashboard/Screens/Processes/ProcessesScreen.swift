import ResourceContainer
import ResourceMonitoring

/// An attached process as a row, with its place among the others: those that have ended come last.
struct ProcessItem: Identifiable, Sendable {
    var row: ProcessRow
    var position: Int
    var id: ProcessID { self.row.id }
}

/// The attached processes, and what needs attention in all of them.
struct ProcessesScreen: Screen {
    enum Pane: String, ScreenPane {
        case processes = "Processes"
        case attention = "Needs attention"

        var title: String { self.rawValue }
    }

    static let view = DashboardView.processes
    var focus = Pane.processes
    private(set) var rows = ListState<ProcessItem, ProcessColumn>(sortedBy: .process, fields: [.name, .id, .state, .health, .life])
    private(set) var attention = ListState<ProcessAttention, Unsorted>(fields: [.name, .id])

    /// The rows are of no container, so that figures of another process are current while those of the picture are not.
    var showsPicture: Bool { false }

    mutating func refresh(_ context: ScreenContext) {
        let processes = context.processes ?? []
        let ordered = processes.filter { !$0.status.hasEnded } + processes.filter(\.status.hasEnded)
        self.rows.show(
            ordered.enumerated().map { ProcessItem(row: $0.element, position: $0.offset) },
            holdsOrder: context.holdsOrder,
            passes: { $1.passes($0.row, context) },
            key: { $1.key(of: $0) }
        )
        self.attention.show(ProcessAttention.all(in: processes, context.clock), passes: { $1.passes($0) })
    }

    func list(in pane: Pane) -> (any ListStatus)? {
        switch pane {
        case .processes: return self.rows
        case .attention: return self.attention
        }
    }

    mutating func perform(_ action: ListAction, in pane: Pane) {
        switch pane {
        case .processes: self.rows.perform(action)
        case .attention: self.attention.perform(action)
        }
    }

    /// Keeps the selection: the processes are the same, whichever container is shown.
    mutating func reset() {}

    // MARK: Selection

    func badge(_ context: ScreenContext) -> Int {
        context.processes?.count ?? 0
    }

    func subject(_ context: ScreenContext) -> Subject {
        switch self.focus {
        case .processes: Subject(process: self.rows.selected?.id)
        case .attention: Subject(process: self.attention.selected?.id.process)
        }
    }

    mutating func open(_ context: ScreenContext) -> Destination {
        switch self.focus {
        case .processes:
            guard let row = self.rows.selected?.row else { return .nowhere("select a process") }
            if row.status.hasEnded, let successor = context.processes?.successor(of: row.id) { return .process(successor) }
            return row.isUnseen ? .nowhere("\(row.words) ended before anything was seen of it") : .process(row.id)
        case .attention:
            guard let row = self.attention.selected else { return .nowhere("nothing needs attention") }
            return .process(row.id.process, view: .findings)
        }
    }

    func text(_ context: ScreenContext) -> String? {
        switch self.focus {
        case .processes:
            guard let row = self.rows.selected?.row else { return nil }
            return "\(row.words): \(Mark(row.status, row.clock ?? context.clock).word), \(ProcessesTable.permission(row))"
        case .attention:
            return self.attention.selected.map { "\($0.id.process) \($0.name): \($0.text)" }
        }
    }

    // MARK: Drawing

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] {
        guard !context.isSmall, rect.height >= 10 else { return [(.processes, rect)] }
        let parts = rect.rows([.content(max(1, self.rows.count) + 3, minimum: 5), .flexible(5, priority: 1)])
        return zip(Pane.allCases, parts).compactMap { pane, place in place.map { (pane: pane, rect: $0) } }
    }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        switch pane {
        case .processes:
            let inside = self.frame(pane, "Processes \(Format.count(self.rows.total))", trailing: context.order(self.rows), &painter, rect)
            self.drawTable(pane, context, &painter, inside)
        case .attention:
            let inside = self.frame(pane, "Needs attention \(Format.count(self.attention.total))", &painter, rect)
            let (glyphs, isFocused) = (painter.glyphs, self.focus == pane)
            painter.draw(self.attention, empty: "nothing needs attention", pane: 1, isFocused: isFocused, in: inside) { index in
                self.attention.rows[index].sentence(glyphs)
            }
        }
    }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        switch pane {
        case .processes:
            return Table(ProcessesTable.columns(), count: self.rows.count, empty: "no attached process") { index in
                ProcessesTable.cells(self.rows.rows[index].row, context, glyphs)
            }
        case .attention:
            let columns = [
                TableColumn("PROC", "the process"), TableColumn("NAME", "the container of the process", .content(minimum: 6)),
                TableColumn("ATTENTION", "what needs attention", .flexible(minimum: 20)),
            ]
            return Table(columns, count: self.attention.count, empty: "nothing needs attention") { index in
                let row = self.attention.rows[index]
                return [.text(row.id.process.text), .text(row.name), .sentence(row.text, row.role)]
            }
        }
    }
}

extension Filter {
    /// Whether an attached process passes.
    fileprivate func passes(_ row: ProcessRow, _ context: ScreenContext) -> Bool {
        let state = Mark(row.status, row.clock ?? context.clock).word
        return self.passes(text: "\(row.id) \(row.name) \(row.host) \(state)") { field in
            switch field {
            case .name: .texts([row.name, row.host])
            case .id: .texts([row.id.text, "\(row.pid)"])
            case .state: .texts([state])
            case .health: .texts([row.health?.rawValue ?? ""])
            case .life: row.uptime.map { .number($0.inSeconds) }
            case .type, .scope, .err, .tag, .uses, .level, .what, .outcome: nil
            }
        }
    }

    /// Whether a sentence about a process passes.
    fileprivate func passes(_ row: ProcessAttention) -> Bool {
        self.passes(text: "\(row.id.process) \(row.name) \(row.text)") { field in
            switch field {
            case .name: .texts([row.name])
            case .id: .texts([row.id.process.text])
            default: nil
            }
        }
    }
}
