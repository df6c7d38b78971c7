/// The help: the columns of the view, and all commands by group. Text that is typed reduces both to what it is about.
struct HelpDialog: Dialog {
    /// A row of the help that can be selected.
    enum Entry {
        /// A column of the table that the view shows, and the index of its pane.
        case column(TableColumn, pane: Int, order: Order?, isHidden: Bool)
        case command(CommandInfo)
    }

    /// The direction in which the rows are sorted by a column.
    enum Order {
        case ascending, descending
    }

    private(set) var query = TextField()
    /// The index of the selected entry.
    private(set) var selected = 0
    /// The reason why the selected command was refused; nil after another key.
    private(set) var refusal: String?

    var overlay: Overlay { .help(self) }
    var isList: Bool { true }
    var survivesReset: Bool { true }

    var field: TextField? {
        get { self.query }
        set { self.query = newValue ?? TextField() }
    }

    // MARK: Entries

    /// Returns the columns of the view and the commands that the typed text is about: the column by which the rows are sorted, the other
    /// columns, and the commands.
    func entries(_ state: DashboardState) -> [Entry] {
        let commands = CommandInfo.Group.allCases.flatMap { group in
            state.keys.commands.filter { $0.group == group }.map { Entry.command($0) }
        }
        let all = Self.columns(state) + commands
        guard !self.query.text.isEmpty else { return all }
        return all.filter { Filter.contains($0.searchedText, self.query.text) }
    }

    private static func columns(_ state: DashboardState) -> [Entry] {
        let screen = state.screen
        guard let (pane, table) = screen.focusedTable(state.context, state.glyphs) else { return [] }
        let sorting = screen.list(at: pane)?.sorting
        let hidden = state.hiddenColumns[state.view] ?? []
        var (sorted, others): ([Entry], [Entry]) = ([], [])
        for column in table.columns where !column.title.isEmpty && !column.help.isEmpty {
            let isHidden = hidden.contains(column.title)
            if let sorting, column.sort == sorting.column {
                sorted.append(.column(column, pane: pane, order: sorting.isDescending ? .descending : .ascending, isHidden: isHidden))
            } else {
                others.append(.column(column, pane: pane, order: nil, isHidden: isHidden))
            }
        }
        return sorted + others
    }

    // MARK: Input

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        self.refusal = nil
        let entries = self.entries(state)
        switch key.code {
        case .escape: return .closes
        case .enter: return self.run(entries, &state)
        case .pageDown, .pageUp:
            let sheet = self.sheet(entries, state.body)
            self.selected = sheet.entry(after: self.selected, lines: key.code == .pageDown ? sheet.capacity : -sheet.capacity)
        default:
            if let index = key.moved(from: self.selected, count: entries.count, page: 1, letters: false) {
                self.selected = index
            } else if self.query.take(key) {
                self.selected = 0
            }
        }
        return .stays
    }

    mutating func fieldChanged(_ state: inout DashboardState) {
        self.selected = 0
        self.refusal = nil
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        guard self.selected == index else {
            (self.selected, self.refusal) = (index, nil)
            return .stays
        }
        return self.run(self.entries(state), &state)
    }

    /// Runs the selected command, or sorts by the selected column. If that is refused, the help stays open with the reason.
    private mutating func run(_ entries: [Entry], _ state: inout DashboardState) -> DialogResult {
        guard entries.indices.contains(self.selected) else { return .stays }
        switch entries[self.selected] {
        case .column(let column, let pane, _, _):
            guard let sort = column.sort else {
                self.refusal = "rows cannot be sorted by \(column.title)"
                return .stays
            }
            state.sort(.sort(by: sort), at: pane)
            return .closes
        case .command(let info):
            switch state.runAnywhere(info) {
            case .done(let effects): return .closes(effects)
            case .refused(let reason):
                self.refusal = reason
                return .stays
            }
        }
    }
}

extension HelpDialog.Entry {
    /// The text that the search looks at.
    fileprivate var searchedText: String {
        switch self {
        case .column(let column, _, _, _): "\(column.title) \(column.help)"
        case .command(let info): "\(info.command.rawValue) \(info.alias ?? "") \(info.help) \(info.label)"
        }
    }
}
