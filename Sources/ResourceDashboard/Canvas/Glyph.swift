/// Every sign of the interface itself. All are one cell wide and none has an emoji form, so every terminal agrees on them.
public enum Glyph: CaseIterable, Sendable {
    // States.
    /// ● ready, healthy
    case full
    /// ○ disposed
    case hollow
    /// ◌ initialising, opening
    case pending
    /// ▲ a serious finding
    case alarm
    /// ! a warning, degraded
    case warning
    /// x failed, unhealthy
    case failure
    /// · unknown, nothing to say
    case none
    // Lists and trees.
    /// ▸
    case folded
    /// ▾
    case unfolded
    /// ▌ the selected row
    case selection
    /// ◂ "this one"
    case pointer
    /// ╰ the last child
    case lastChild
    // Text.
    /// … something was left out
    case ellipsis
    /// ▏ where typing goes
    case cursor
    /// × gone, or "times"
    case times
    /// – no figure
    case dash
    // Arrows.
    /// →
    case right
    /// ←
    case left
    /// ↑
    case up
    /// ↓
    case down
    /// ► live
    case playing
    /// ‖ paused
    case paused
    // Lines.
    /// ─
    case horizontal
    /// │
    case vertical
    /// ╭
    case topLeft
    /// ╮
    case topRight
    /// ╰
    case bottomLeft
    /// ╯
    case bottomRight
    /// ├
    case teeRight
    /// ┤
    case teeLeft
    /// ┬
    case teeDown
    /// ┴
    case teeUp
    /// ┼
    case cross
    /// ╌ a limit in a chart
    case dashed
    /// ┊ a moment, or "before"
    case dotted
    /// ═ a span of time
    case span
    // Gauges.
    /// █
    case used
    /// ▒
    case idle
    /// ░
    case free
    /// ▓
    case over

    /// The sign, and what stands for it where only ASCII can be shown.
    private var signs: (unicode: String, ascii: String) {
        switch self {
        case .full: ("●", "*")
        case .hollow: ("○", "o")
        case .pending: ("◌", ":")
        case .alarm: ("▲", "^")
        case .warning: ("!", "!")
        case .failure: ("x", "x")
        case .none: ("·", ".")
        case .folded: ("▸", ">")
        case .unfolded: ("▾", "v")
        case .selection: ("▌", ">")
        case .pointer: ("◂", "<")
        case .lastChild: ("╰", "+")
        case .ellipsis: ("…", "~")
        case .cursor: ("▏", "|")
        case .times: ("×", "x")
        case .dash: ("–", "-")
        case .right: ("→", ">")
        case .left: ("←", "<")
        case .up: ("↑", "^")
        case .down: ("↓", "v")
        case .playing: ("►", ">")
        case .paused: ("‖", "=")
        case .horizontal: ("─", "-")
        case .vertical: ("│", "|")
        case .topLeft: ("╭", "+")
        case .topRight: ("╮", "+")
        case .bottomLeft: ("╰", "+")
        case .bottomRight: ("╯", "+")
        case .teeRight: ("├", "+")
        case .teeLeft: ("┤", "+")
        case .teeDown: ("┬", "+")
        case .teeUp: ("┴", "+")
        case .cross: ("┼", "+")
        case .dashed: ("╌", "-")
        case .dotted: ("┊", ":")
        case .span: ("═", "=")
        case .used: ("█", "#")
        case .idle: ("▒", "=")
        case .free: ("░", ".")
        case .over: ("▓", "X")
        }
    }

    var unicode: String { self.signs.unicode }
    var ascii: String { self.signs.ascii }
}
