import ResourceContainer

/// The preview of a scope's teardown, without a question.
struct ScopePreview: Dialog {
    let scope: ScopeID
    let name: String
    /// The index of the first visible line.
    private var top = 0

    init(scope: ScopeID, name: String) {
        self.scope = scope
        self.name = name
    }

    var overlay: Overlay { .preview(self) }
    var isList: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if [.escape, .enter, .character("q"), .character("t")].contains(key.code) { return .closes }
        let (_, text, place) = self.parts(state, state.body)
        self.top = place.top(after: key, from: self.top, of: text.count)
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        .closes
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, text, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        painter.scroll(text.count, top: self.top, at: place) { text.line($0) }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, text: TeardownText, place: DialogPlace) {
        var frame = DialogFrame(title: "If \(self.name)\(state.ofProcess) were closed now", width: 0)
        frame.buttons = [DialogFrame.Button(.cancel, "Return")]
        frame.focused = .cancel
        frame.hint = "a dry run: nothing is disposed; Esc returns"
        let text = TeardownText(self.scope, state, in: &frame, over: body)
        return (frame, text, frame.place(rows: text.count, in: body))
    }
}
