import ResourceContainer

/// Input of a name for a new scope.
struct NameDialog: InputDialog {
    let parent: ScopeID
    var name = TextField()

    init(parent: ScopeID) {
        self.parent = parent
    }

    var overlay: Overlay { .name(self) }

    func confirm(_ state: inout DashboardState) -> DialogResult {
        guard state.picture.scopes[self.parent] != nil else {
            state.say("the parent scope no longer exists", .warn)
            return .closes
        }
        let name = self.name.text
        guard name.isEmpty || name.contains(where: { !$0.isWhitespace }) else {
            state.say("a name of blanks only is invisible: type a name, or none", .warn)
            return .stays
        }
        let chosen = name.isEmpty ? nil : name
        return .closes(state.start(.openScope(in: self.parent, name: chosen), "opening \(chosen ?? "a scope")"))
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        var frame = DialogFrame(title: "Open a scope in \(state.picture.scopeName(self.parent))\(state.ofProcess)", width: 66)
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Open")]
        frame.hint = "Enter opens it, Esc cancels; without a name, it is called manual-1, manual-2 and so on"
        painter.draw(frame, TextLine(label: "name ", field: self.name), in: body)
    }
}
