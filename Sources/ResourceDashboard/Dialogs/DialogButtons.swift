/// The buttons of a confirmation, the first of which is Cancel: which one has the focus, and which one a key presses.
struct DialogButtons: Sendable {
    private let buttons: [DialogButton]
    private(set) var focused: DialogButton

    /// Creates the buttons with the focus on the first. `y` presses the second.
    init(_ buttons: [DialogButton]) {
        self.buttons = buttons
        self.focused = buttons[0]
    }

    /// Handles a key: moves the focus, or returns the button that the key presses. Keys with modifiers press none.
    mutating func take(_ key: Key) -> DialogButton? {
        switch (key.code, key.modifiers) {
        case (.character("y"), []): return self.buttons.dropFirst().first
        case (.character("n"), []), (.escape, _): return .cancel
        case (.enter, []): return self.focused
        case (.tab, .shift), (.left, _): self.move(by: -1)
        case (.tab, _), (.right, _): self.move(by: 1)
        default: break
        }
        return nil
    }

    private mutating func move(by step: Int) {
        let index = self.buttons.firstIndex(of: self.focused) ?? 0
        self.focused = self.buttons[(index + step + self.buttons.count) % self.buttons.count]
    }
}
