/// Input of the file name for a frame.
struct FileNameDialog: InputDialog {
    var name: TextField

    init(_ name: String) {
        self.name = TextField(name)
    }

    var overlay: Overlay { .write(self) }
    var survivesReset: Bool { true }

    func confirm(_ state: inout DashboardState) -> DialogResult {
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
