/// An element over the view that receives the keys: a dialog, a list to choose from, or a line of input.
///
/// A dialog is a value. Its functions change it and the dashboard's state, in which no dialog is open while they run. A dialog that opens
/// another one sets ``DashboardState/overlay`` and closes.
protocol Dialog: Sendable {
    /// The dialog as the overlay of the state.
    var overlay: Overlay { get }
    /// The text field that takes pasted text; nil if there is none.
    var field: TextField? { get set }
    /// Whether the dialog has a list with a selection, which the wheel moves.
    var isList: Bool { get }
    /// Whether the dialog stays open when the picture becomes that of another container.
    var survivesReset: Bool { get }

    /// Handles a key.
    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult
    /// Handles pasted text after it was inserted into the field.
    mutating func fieldChanged(_ state: inout DashboardState)
    /// Handles a click on the row at an index of the dialog's list.
    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult
    /// Handles a click on a button.
    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult
    /// Draws the dialog over the view, whose body is `body`.
    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect)
}

extension Dialog {
    var field: TextField? {
        get { nil }
        set {}
    }

    var isList: Bool { false }
    var survivesReset: Bool { false }
    mutating func fieldChanged(_ state: inout DashboardState) {}
    mutating func choose(_ index: Int, _ state: inout DashboardState) -> DialogResult { .stays }
    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult { .stays }
}

/// The result of an input to a dialog: whether it stays open.
enum DialogResult: Sendable {
    /// It stays open.
    case stays
    /// It closes, and the effects are performed.
    case closes([Effect])

    static var closes: DialogResult { .closes([]) }
}

/// A button of a dialog.
package enum DialogButton: CaseIterable, Hashable, Sendable {
    case cancel
    /// Does what the dialog asks about.
    case confirm
    /// Closes by force.
    case force
}

extension DashboardState {
    /// Handles a key while an overlay is open.
    mutating func take(_ key: Key, over overlay: Overlay) -> [Effect] {
        if self.keys.command(for: key, in: self.view)?.command == .redraw { return [.redraw] }
        if self.keys.command(for: key, in: self.view)?.command == .suspend { return [.suspend] }
        return self.change(overlay) { dialog, state in dialog.take(key, &state) }
    }

    /// Handles a click on the row at an index of the open dialog's list.
    mutating func choose(_ index: Int) -> [Effect] {
        guard let overlay = self.overlay else { return [] }
        return self.change(overlay) { dialog, state in dialog.choose(index, &state) }
    }

    /// Handles a click on a button of the open dialog.
    mutating func press(_ button: DialogButton) -> [Effect] {
        guard let overlay = self.overlay else { return [] }
        return self.change(overlay) { dialog, state in dialog.press(button, &state) }
    }

    /// Inserts pasted text into the field of the open dialog. Returns false if there is none.
    mutating func paste(_ text: String) -> Bool {
        guard let overlay = self.overlay, overlay.dialog.field != nil else { return false }
        _ = self.change(overlay) { dialog, state in
            dialog.field?.paste(text)
            dialog.fieldChanged(&state)
            return .stays
        }
        return true
    }

    private mutating func change(
        _ overlay: Overlay,
        _ input: (inout any Dialog, inout DashboardState) -> DialogResult
    ) -> [Effect] {
        var dialog = overlay.dialog
        self.overlay = nil
        switch input(&dialog, &self) {
        case .stays:
            self.overlay = dialog.overlay
            return []
        case .closes(let effects):
            return effects
        }
    }
}
