/// Input of the letter of a mark. It takes one key, and its question takes the place of the footer, so that the view stays visible.
struct MarkDialog: Dialog {
    /// Whether the mark is set. Otherwise, its moment is shown.
    let sets: Bool

    var overlay: Overlay { .mark(sets: self.sets) }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        .closes(state.takeMark(key, sets: self.sets))
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let footer = Rect(x: 0, y: painter.canvas.size.height - 2, width: painter.canvas.size.width, height: 2)
        painter.canvas.fill(footer, style: painter.theme.style(.text))
        painter.lines(painter.wrapped(self.question(state, footer), .title, width: footer.width - 2), in: footer.padded())
    }

    /// Returns the question, with the times of the marks if there is room for them.
    private func question(_ state: DashboardState, _ footer: Rect) -> String {
        if self.sets { return "mark this moment with a letter or a digit, Esc cancels" }
        let times = state.marks.map { "\($0.letter) \(state.configuration.clock.time($0.time))" }.joined(separator: ", ")
        let letters = state.marks.map { String($0.letter) }.joined(separator: " ")
        let full = "go to a mark: \(times.isEmpty ? "none set" : times), Esc cancels"
        let fits = DisplayText.wrap(full, width: footer.width - 2).count <= footer.height
        return fits ? full : "go to a mark: \(letters), Esc cancels"
    }
}
