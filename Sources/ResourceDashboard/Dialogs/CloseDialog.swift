import ResourceContainer

/// The confirmation before a scope is closed. It applies only to the scope that it names.
struct CloseDialog: Dialog {
    let scope: ScopeID
    let name: String
    /// Whether a forced close was requested. Then `y` forces, and waiting is not offered.
    let isForced: Bool
    private var buttons: DialogButtons
    /// The index of the first visible line of the preview.
    private var top = 0

    init(scope: ScopeID, name: String, isForced: Bool = false) {
        self.scope = scope
        self.name = name
        self.isForced = isForced
        self.buttons = DialogButtons(isForced ? [.cancel, .force] : [.cancel, .confirm, .force])
    }

    var overlay: Overlay { .close(self) }
    var isList: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if let button = self.buttons.take(key) { return self.press(button, &state) }
        let (_, text, place) = self.parts(state, state.body)
        self.top = place.top(after: key, from: self.top, of: text.count)
        return .stays
    }

    /// Performs the action of a button on the scope that the dialog names.
    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        guard state.newest.scopes[self.scope] != nil else {
            state.say("\(self.name) has already closed; nothing was done", .warn)
            return .closes
        }
        guard button != .cancel else {
            state.say("\(self.name) stays open")
            return .closes
        }
        let isForced = button == .force
        let text = "closing \(self.name)\(isForced ? " by force" : "")"
        return .closes(state.start(.closeScope(self.scope, force: isForced), text))
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, text, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        painter.scroll(text.count, top: self.top, at: place) { text.line($0) }
    }

    private func parts(_ state: DashboardState, _ body: Rect) -> (frame: DialogFrame, text: TeardownText, place: DialogPlace) {
        var frame = DialogFrame(title: "\(self.isForced ? "Close by force:" : "Close") scope \(self.name)\(state.ofProcess)?", width: 0)
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel")]
        frame.focused = .cancel
        if state.picture.scopes[self.scope] != nil {
            if !self.isForced { frame.buttons.append(DialogFrame.Button(.confirm, "Close and wait")) }
            frame.buttons.append(DialogFrame.Button(.force, "Force"))
            frame.focused = self.buttons.focused
            frame.hint = self.isForced ? "y forces, n cancels" : "y closes, n cancels"
        }
        let text = TeardownText(self.scope, state, in: &frame, over: body)
        return (frame, text, frame.place(rows: text.count, in: body))
    }
}
