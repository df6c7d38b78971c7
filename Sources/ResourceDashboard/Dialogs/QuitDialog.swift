/// The confirmation before quitting while scopes that the user opened are open.
struct QuitDialog: Dialog {
    private var buttons = DialogButtons([.cancel, .confirm])
    /// The index of the first visible line.
    private var top = 0

    init() {}

    var overlay: Overlay { .quit(self) }
    var isList: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if let button = self.buttons.take(key) { return self.press(button, &state) }
        let (_, lines, place) = self.parts(state, state.body)
        self.top = place.top(after: key, from: self.top, of: lines.count)
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : .closes([.quit])
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, lines, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        painter.scroll(lines.count, top: self.top, at: place) { [Span(lines[$0])] }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, lines: [String], place: DialogPlace) {
        let names = state.openedHere.map { "  \($0)" } + state.openedElsewhere.map { "  \($0)" }
        var frame = DialogFrame(title: "Quit?", width: names.reduce(60) { max($0, DisplayText.width(of: $1)) })
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Quit")]
        frame.focused = self.buttons.focused
        frame.hint = "y quits, n cancels"
        let question = "\(names.count) scope\(names.count == 1 ? "" : "s") that you opened will be closed:"
        let lines = DisplayText.wrap(question, width: frame.contentWidth(in: body)) + names
        return (frame, lines, frame.place(rows: lines.count, in: body))
    }
}
