/// The list of themes. The selected theme is applied as a preview, so the screen below is not dimmed.
struct ThemePicker: Dialog {
    /// The theme in use before, which Esc restores.
    private let original: Theme
    private var selected: Int

    init(original: Theme, selected: Int) {
        self.original = original
        self.selected = selected
    }

    var overlay: Overlay { .themes(self) }
    var isList: Bool { true }
    var survivesReset: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape: return self.press(.cancel, &state)
        case .enter: return self.press(.confirm, &state)
        default:
            let place = self.parts(state, state.body).place
            if let index = key.moved(from: self.selected, count: state.themes.count, page: place.content.height) {
                self.show(index, &state)
            }
            return .stays
        }
    }

    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult {
        if index == self.selected { return self.press(.confirm, &state) }
        self.show(index, &state)
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        if button == .cancel { state.theme = self.original } else { state.say("theme: \(state.theme.name)") }
        return .closes
    }

    private mutating func show(_ index: Int, _ state: inout DashboardState) {
        guard state.themes.indices.contains(index) else { return }
        self.selected = index
        state.theme = state.themes[index]
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, table, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        let shown = painter.choices(table, selected: self.selected, in: place.content)
        if shown.count < table.count { painter.position("\(self.selected + 1) of \(table.count)", at: place) }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, table: Table, place: DialogPlace) {
        let themes = state.themes
        let columns = [TableColumn("", "the name of the theme", .flexible(minimum: 10)), TableColumn("", "the kind of its background")]
        let table = Table(columns, count: themes.count, empty: "") { index in
            [.text(themes[index].name), .text(themes[index].variant.rawValue, .textDim)]
        }
        var frame = DialogFrame(title: "Theme", width: max(52, DialogList.width(of: table)))
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Keep")]
        frame.hint = "Enter keeps, Esc reverts"
        frame.dimsScreen = false
        return (frame, table, frame.place(rows: table.count, in: body))
    }
}
