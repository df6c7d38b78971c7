/// A dialog that consists of one text field: Enter or its button confirms the text, and Esc cancels.
protocol InputDialog: Dialog {
    /// The text.
    var name: TextField { get set }

    /// Uses the text. The dialog stays open if the text must be corrected.
    func confirm(_ state: inout DashboardState) -> DialogResult
}

extension InputDialog {
    var field: TextField? {
        get { self.name }
        set { self.name = newValue ?? TextField() }
    }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        switch key.code {
        case .escape: return .closes
        case .enter: return self.confirm(&state)
        default:
            _ = self.name.take(key)
            return .stays
        }
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        button == .cancel ? .closes : self.confirm(&state)
    }
}
