import ResourceContainer

/// A short list of options, each with a remark that is wrapped where it does not fit beside the title.
struct Chooser: Dialog {
    enum Purpose: Sendable, Hashable {
        /// Faults to inject into the next instances of a binding, or into a pool.
        case fault(BindingID, ResourceID?)
        case scenario
        /// The columns that the table of the view shows.
        case columns
    }

    private struct Option {
        var title: String
        var remark = ""
    }

    /// A line of the list, with the index of its option.
    private struct Line {
        var option: Int
        var spans: [Span]
    }

    let purpose: Purpose
    private var selected = 0

    init(_ purpose: Purpose) {
        self.purpose = purpose
    }

    var overlay: Overlay { .chooser(self) }
    var isList: Bool { true }

    // MARK: Input

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape, .character("q"): return .closes
        case .enter, .character(" "): return self.accept(&state)
        default:
            let (_, lines, place) = self.parts(state, state.body)
            let count = (lines.last?.option ?? -1) + 1
            self.selected = key.moved(from: self.selected, count: count, page: place.content.height) ?? self.selected
            return .stays
        }
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        guard self.selected != index else { return self.accept(&state) }
        self.selected = index
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : self.accept(&state)
    }

    private func accept(_ state: inout DashboardState) -> DialogResult {
        switch self.purpose {
        case .fault(let binding, let pool):
            return .closes(state.inject(self.selected, binding, pool))
        case .scenario:
            let scenarios = state.configuration.scenarios
            return .closes(scenarios.indices.contains(self.selected) ? state.startScenario(scenarios[self.selected].name) : [])
        case .columns:
            let columns = state.choosableColumns
            guard columns.indices.contains(self.selected) else { return .stays }
            let title = columns[self.selected].title
            if self.selected == 0 {
                state.say("\(title) is always shown: it names the row", .warn)
            } else if state.hiddenColumns[state.view, default: []].remove(title) == nil {
                state.hiddenColumns[state.view, default: []].insert(title)
            }
            return .stays
        }
    }

    // MARK: Drawing

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, lines, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        let (rect, last) = (place.content, lines.lastIndex { $0.option == self.selected } ?? 0)
        let shown = DialogList.window(lines.count, height: rect.height, selected: last)
        for (offset, line) in lines[shown].enumerated() {
            painter.line(line.spans, x: rect.x, y: rect.y + offset, width: rect.width)
            let isSelected = line.option == self.selected
            painter.mark(.choice(line.option), isSelected: isSelected, x: rect.x, y: rect.y + offset, width: rect.width)
        }
        if shown.count < lines.count, let final = lines.last {
            painter.position("\(self.selected + 1) of \(final.option + 1)", at: place)
        }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, lines: [Line], place: DialogPlace) {
        let options = self.options(state)
        let title = options.reduce(0) { max($0, DisplayText.width(of: $1.title)) }
        let remark = options.reduce(0) { max($0, DisplayText.width(of: $1.remark)) }
        var frame = DialogFrame(title: self.title(state), width: title + (remark > 0 ? 2 + remark : 0))
        let (cancel, confirm) = self.labels
        frame.buttons = [DialogFrame.Button(.cancel, cancel), DialogFrame.Button(.confirm, confirm)]
        frame.hint = self.purpose == .columns ? "Enter shows or hides, Esc closes" : "Enter selects, Esc cancels"
        let width = frame.contentWidth(in: body)
        let lines = options.enumerated().flatMap { index, option in
            Self.lines(option, titleWidth: title, width: width).map { Line(option: index, spans: $0) }
        }
        return (frame, lines, frame.place(rows: lines.count, in: body))
    }

    /// Returns the lines of an option: its remark beside the title if there is room for both, or else below it.
    private static func lines(_ option: Option, titleWidth: Int, width: Int) -> [[Span]] {
        let left = titleWidth + 2
        guard !option.remark.isEmpty, width - left >= 24 else {
            return DisplayText.wrap(option.title, width: width).map { [Span($0)] }
                + DisplayText.wrap(option.remark, width: width - 2).map { [Span("  \($0)", .textDim)] }
        }
        return DisplayText.wrap(option.remark, width: width - left).enumerated().map { index, line in
            [Span(DisplayText.fit(index == 0 ? option.title : "", width: left)), Span(line, .textDim)]
        }
    }

    private var labels: (cancel: String, confirm: String) {
        switch self.purpose {
        case .fault: ("Cancel", "Inject")
        case .scenario: ("Cancel", "Start")
        case .columns: ("Done", "Show or hide")
        }
    }

    private func title(_ state: DashboardState) -> String {
        switch self.purpose {
        case .fault(let binding, _): "Inject a fault into \(state.picture.bindings[binding]?.binding.label ?? "?")\(state.ofProcess)"
        case .scenario: "Scenario"
        case .columns: "Columns"
        }
    }

    private func options(_ state: DashboardState) -> [Option] {
        switch self.purpose {
        case .fault(_, let pool):
            return DashboardState.faults(pool != nil).map { Option(title: $0.text) }
        case .scenario:
            return state.configuration.scenarios.map { Option(title: $0.name, remark: $0.summary) }
        case .columns:
            let hidden = state.hiddenColumns[state.view] ?? []
            return state.choosableColumns.enumerated().map { index, column in
                let isHidden = index > 0 && hidden.contains(column.title)
                return Option(title: column.title, remark: "\(isHidden ? "hidden" : "shown"): \(column.help)")
            }
        }
    }
}

extension DashboardState {
    /// The columns of the table that list commands act on. The first always stays, because it names the row.
    var choosableColumns: [TableColumn] {
        let screen = self.screen
        return screen.table(at: screen.listIndex, self.context, self.glyphs)?.columns ?? []
    }

    /// Opens the list of the columns.
    mutating func openColumns() {
        guard !self.choosableColumns.isEmpty else { return self.say("this view has no columns to choose", .warn) }
        self.overlay = .chooser(Chooser(.columns))
    }
}
