/// What a person did at the terminal.
public enum InputEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted as a whole; it never runs commands.
    case paste(String)
    /// The mouse did something.
    case mouse(Mouse)
    /// The terminal has another size.
    case resize(Size)
    /// The terminal's window was given the focus (true) or lost it.
    case focus(Bool)
}

/// A key with its modifiers.
public struct Key: Hashable, Sendable {
    /// Which key.
    public enum Code: Hashable, Sendable {
        /// A key that stands for text. With control held it is the lower-case letter.
        case character(Character)
        case up, down, left, right, home, end, pageUp, pageDown, insert, delete
        case enter, tab, backspace, escape
        case function(Int)
    }

    /// Which modifiers.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let shift = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let control = Modifiers(rawValue: 4)
    }

    public var code: Code
    /// Shift is set only where the code does not already show it: for Tab and the named keys, not for letters.
    public var modifiers: Modifiers

    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// The key that types `character`.
    public init(_ character: Character) {
        self.init(.character(character))
    }
}

/// A mouse report.
public struct Mouse: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        case press, release, drag, wheelUp, wheelDown
    }

    public var action: Action
    /// 0 left, 1 middle, 2 right.
    public var button: Int
    /// From 0 at the top left.
    public var x: Int
    public var y: Int
    public var modifiers: Key.Modifiers

    public init(_ action: Action, button: Int = 0, x: Int, y: Int, modifiers: Key.Modifiers = []) {
        self.action = action
        self.button = button
        self.x = x
        self.y = y
        self.modifiers = modifiers
    }
}
