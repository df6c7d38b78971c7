import ResourceDashboard

/// Mouse reports in xterm's encoding.
enum MouseReport {
    /// A report of the form `ESC [ < code ; column ; row M`, or `m` for a release.
    static func mouse(parameters: ArraySlice<UInt8>, released: Bool) -> Mouse? {
        let numbers = KeySequence.numbers(parameters)
        guard numbers.count == 3, let code = numbers[0], let column = numbers[1], let row = numbers[2] else { return nil }
        return Self.mouse(code: code, column: column, row: row, released: released)
    }

    /// A report with its numbers; column and row are counted from 1.
    static func mouse(code: Int, column: Int, row: Int, released: Bool) -> Mouse? {
        guard code >= 0, code < 128, column >= 1, row >= 1 else { return nil }
        var modifiers: Key.Modifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        let button = code & 3
        let action: Mouse.Action
        if code & 64 != 0 {
            // 2 and 3 are horizontal wheel movements, which are ignored.
            guard button < 2 else { return nil }
            return Mouse(button == 0 ? .wheelUp : .wheelDown, x: column - 1, y: row - 1, modifiers: modifiers)
        } else if released {
            action = .release
        } else if code & 32 != 0 {
            guard button < 3 else { return nil }
            action = .drag
        } else {
            guard button < 3 else { return nil }
            action = .press
        }
        // The old form does not contain the released button.
        return Mouse(action, button: button == 3 ? 0 : button, x: column - 1, y: row - 1, modifiers: modifiers)
    }
}
