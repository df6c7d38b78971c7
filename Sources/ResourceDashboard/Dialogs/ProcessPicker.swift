/// The list of the attached processes, of which one is shown next.
struct ProcessPicker: Dialog {
    /// The selected process. It is kept by identity, because processes come and go while the list is open.
    private var selected: ProcessID?

    init(selected: ProcessID?) {
        self.selected = selected
    }

    var overlay: Overlay { .processes(self) }
    var isList: Bool { true }
    var survivesReset: Bool { true }

    // MARK: Input

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape, .character("q"): return .closes
        case .enter, .character(" "): return self.press(.confirm, &state)
        default:
            let rows = state.processes ?? []
            let place = self.parts(state, state.body).place
            if let index = key.moved(from: self.index(rows), count: rows.count, page: place.content.height), rows.indices.contains(index) {
                self.selected = rows[index].id
            }
            return .stays
        }
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        let rows = state.processes ?? []
        guard rows.indices.contains(index) else { return .stays }
        if self.selected == rows[index].id { return self.press(.confirm, &state) }
        self.selected = rows[index].id
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        let rows = state.processes ?? []
        guard button != .cancel, !rows.isEmpty else { return .closes }
        return .closes(state.show(process: rows[self.index(rows)].id, nil))
    }

    private func index(_ rows: [ProcessRow]) -> Int {
        rows.firstIndex { $0.id == self.selected } ?? 0
    }

    // MARK: Drawing

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, table, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        let index = self.index(state.processes ?? [])
        let shown = painter.choices(table, selected: index, in: place.content)
        if shown.count < table.count { painter.position("\(index + 1) of \(table.count)", at: place) }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, table: Table, place: DialogPlace) {
        let (rows, glyphs, clock) = (state.processes ?? [], state.glyphs, state.configuration.clock)
        let columns = [
            TableColumn("PROC", "the number of the process"), TableColumn("NAME", "the container", .content(minimum: 6)),
            TableColumn("HOST", "the host of the process", .content(minimum: 6), priority: 1),
            TableColumn("STATE", "the state of the connection", .flexible(minimum: 10)),
        ]
        let table = Table(columns, count: rows.count, empty: "no attached process") { index in
            let row = rows[index]
            return [
                .text(row.id.text), .text(row.name), .text(row.host, .textDim), .span(Mark(row.status, row.clock ?? clock).span(glyphs)),
            ]
        }
        var frame = DialogFrame(title: "Processes", width: max(40, DialogList.width(of: table)))
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Go in")]
        frame.hint = "Enter goes in, Esc cancels"
        return (frame, table, frame.place(rows: rows.count + 1, in: body))
    }
}
