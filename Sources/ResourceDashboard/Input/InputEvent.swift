/// An input event from the terminal.
public enum InputEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted. It is inserted as one piece and never runs commands.
    case paste(String)
    /// A mouse event.
    case mouse(Mouse)
    /// The terminal was resized, in cells.
    case resize(Size)
    /// The terminal's window gained (true) or lost (false) the focus.
    case focus(Bool)
}

/// A key with its modifiers.
public struct Key: Hashable, Sendable {
    /// The identity of a key, without modifiers.
    public enum Code: Hashable, Sendable {
        /// A key that produces text. With Control held, the letter is lower case.
        case character(Character)
        /// The Up arrow.
        case up
        /// The Down arrow.
        case down
        /// The Left arrow.
        case left
        /// The Right arrow.
        case right
        /// Home.
        case home
        /// End.
        case end
        /// Page Up.
        case pageUp
        /// Page Down.
        case pageDown
        /// Insert.
        case insert
        /// Delete.
        case delete
        /// Enter.
        case enter
        /// Tab.
        case tab
        /// Backspace.
        case backspace
        /// Escape.
        case escape
        /// A function key, by its number from 1.
        case function(Int)
    }

    /// The modifier keys held with a key.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// The bits of the modifiers in the set.
        public let rawValue: UInt8
        /// Creates a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Shift.
        public static let shift = Modifiers(rawValue: 1)
        /// Alt or Meta.
        public static let alt = Modifiers(rawValue: 2)
        /// Control.
        public static let control = Modifiers(rawValue: 4)
    }

    /// The key, without modifiers.
    public var code: Code
    /// The modifiers. Shift is included only if the code does not imply it: for Tab and the named keys, not for letters.
    public var modifiers: Modifiers

    /// Creates a key.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// Creates the key that types `character`.
    public init(_ character: Character) {
        self.init(.character(character))
    }
}

/// A mouse event at a cell.
public struct Mouse: Hashable, Sendable {
    /// The kind of mouse event.
    public enum Action: Hashable, Sendable {
        /// A button was pressed.
        case press
        /// A button was released.
        case release
        /// The mouse moved with a button held.
        case drag
        /// The wheel turned up.
        case wheelUp
        /// The wheel turned down.
        case wheelDown
    }

    /// The kind of event.
    public var action: Action
    /// The button: 0 left, 1 middle, 2 right.
    public var button: Int
    /// The column, from 0 at the left.
    public var x: Int
    /// The row, from 0 at the top.
    public var y: Int
    /// The modifiers held.
    public var modifiers: Key.Modifiers

    /// Creates a mouse event.
    public init(_ action: Action, button: Int = 0, x: Int, y: Int, modifiers: Key.Modifiers = []) {
        self.action = action
        self.button = button
        self.x = x
        self.y = y
        self.modifiers = modifiers
    }
}
