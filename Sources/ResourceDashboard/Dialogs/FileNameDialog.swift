/// Input of the file name for a frame.
struct FileNameDialog: Dialog {
    private var name: TextField

    init(_ name: String) {
        self.name = TextField(name)
    }

    var overlay: Overlay { .write(self) }
    var survivesReset: Bool { true }

    var field: TextField? {
        get { self.name }
        set { self.name = newValue ?? TextField() }
    }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape: return .closes
        case .enter: return self.write(&state)
        default:
            _ = self.name.take(key)
            return .stays
        }
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : self.write(&state)
    }

    private func write(_ state: inout DashboardState) -> DialogResult {
        guard !self.name.text.isEmpty else { return .closes }
        let effects = state.write(to: self.name.text)
        // An invalid name stays in the field, to be corrected.
        return effects.isEmpty ? .stays : .closes(effects)
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        var frame = DialogFrame(title: "Write the frame", width: 72)
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Write")]
        frame.hint = "Enter writes it, Esc cancels; .svg and .ansi keep colors, .json has the data"
        painter.draw(frame, TextLine(label: "file ", field: self.name), in: body)
    }
}
