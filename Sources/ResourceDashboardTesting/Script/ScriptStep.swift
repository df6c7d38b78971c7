import ResourceDashboard

/// One step of a scripted session.
public enum ScriptStep: Hashable, Sendable, CustomStringConvertible {
    /// A key is pressed.
    case key(Key)
    /// A text is typed, key by key.
    case type(String)
    /// A text is pasted in one piece.
    case paste(String)
    /// The mouse is pressed at a cell, counted from 0 at the top left.
    case click(x: Int, y: Int)
    /// The screen is resized.
    case resize(Size)
    /// Time passes.
    case wait(Duration)

    /// The step as written in a script.
    public var description: String {
        switch self {
        case .key(let key): key.name
        case .type(let text): Self.quoted(text)
        case .paste(let text): "paste \(Self.quoted(text))"
        case .click(let x, let y): "click \(x),\(y)"
        case .resize(let size): "resize \(size.width)x\(size.height)"
        case .wait(let duration): "wait \(duration.scripted)"
        }
    }

    private static func quoted(_ text: String) -> String {
        text.contains("'") || text.first == " " ? "\"\(text)\"" : "'\(text)'"
    }

    /// The terminal input of the step; empty for a wait.
    var input: [InputEvent] {
        switch self {
        case .key(let key): [.key(key)]
        case .type(let text): text.map { .key(Key($0)) }
        case .paste(let text): [.paste(text)]
        case .click(let x, let y): [.mouse(Mouse(.press, x: x, y: y)), .mouse(Mouse(.release, x: x, y: y))]
        case .resize(let size): [.resize(size)]
        case .wait: []
        }
    }
}
