/// The confirmation before an existing file is replaced. It keeps the frame that was shown when the file was named.
struct OverwriteDialog: Dialog {
    let text: String
    let path: String
    private var buttons = DialogButtons([.cancel, .confirm])
    /// The index of the first visible line.
    private var top = 0

    init(text: String, path: String) {
        self.text = text
        self.path = path
    }

    var overlay: Overlay { .overwrite(self) }
    var isList: Bool { true }
    var survivesReset: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if let button = self.buttons.take(key) { return self.press(button, &state) }
        let (_, lines, place) = self.parts(state.body)
        self.top = place.top(after: key, from: self.top, of: lines.count)
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        guard button != .cancel else {
            state.say("\(self.path) was not replaced")
            return .closes
        }
        return .closes(state.start(.overwrite(self.text, to: self.path), "replacing \(self.path)"))
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, lines, place) = self.parts(body)
        painter.draw(frame, at: place)
        painter.scroll(lines.count, top: self.top, at: place) { [Span(lines[$0])] }
    }

    private func parts(_ body: Rect) -> (frame: DialogFrame, lines: [String], place: DialogPlace) {
        let exists = "\(self.path) exists."
        var frame = DialogFrame(title: "Replace the file?", width: max(60, DisplayText.width(of: exists)))
        frame.buttons = [DialogFrame.Button(.cancel, "Cancel"), DialogFrame.Button(.confirm, "Replace")]
        frame.focused = self.buttons.focused
        frame.hint = "y replaces, n keeps it"
        let width = frame.contentWidth(in: body)
        let lines = DisplayText.wrap(exists, width: width) + DisplayText.wrap("Its contents will be lost.", width: width)
        return (frame, lines, frame.place(rows: lines.count, in: body))
    }
}
