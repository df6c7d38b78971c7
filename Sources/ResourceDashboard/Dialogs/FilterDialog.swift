/// Input of the filter of the view's list. The list has the text, and the row of the filter shows it.
struct FilterDialog: Dialog {
    /// The pasted text that is not yet part of the filter.
    private var pasted = TextField()

    init() {}

    var overlay: Overlay { .filter }
    var survivesReset: Bool { true }

    var field: TextField? {
        get { self.pasted }
        set { self.pasted = newValue ?? TextField() }
    }

    mutating func fieldChanged(_ state: inout DashboardState) {
        var text = self.text(state)
        text.paste(self.pasted.text)
        state.filter(text)
        self.pasted = TextField()
    }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape:
            state.filter(TextField())
            return .closes
        case .enter:
            state.endFilterInput()
            state.confirmFilter()
            return .closes
        case .up:
            if let earlier = state.filterHistory.earlier() { state.filter(TextField(earlier)) }
        case .down:
            if let later = state.filterHistory.later() { state.filter(TextField(later)) }
        case .pageUp: state.movePage(by: -1)
        case .pageDown: state.movePage(by: 1)
        default:
            var text = self.text(state)
            if text.take(key) { state.filter(text) }
        }
        return .stays
    }

    private func text(_ state: DashboardState) -> TextField {
        state.list?.filter.text ?? TextField()
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {}
}
