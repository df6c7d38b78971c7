/// A sign that the interface itself draws.
///
/// Every glyph is one cell wide and has no emoji form, so all terminals agree on its width.
package enum Glyph: CaseIterable, Sendable {
    // States.
    /// `●` ready, healthy
    case full
    /// `○` disposed
    case hollow
    /// `◌` initializing, opening
    case pending
    /// `▲` a serious finding
    case alarm
    /// `!` a warning, degraded
    case warning
    /// `x` failed, unhealthy
    case failure
    /// `·` unknown, no value
    case none
    // Lists and trees.
    /// `▸` a folded item of a tree
    case folded
    /// `▾` an unfolded item of a tree
    case unfolded
    /// `▌` the selected row, and the title of the focused pane
    case selection
    /// `◂` points at the current item
    case pointer
    /// `╰` the last child of a tree item
    case lastChild
    // Text.
    /// `…` text that was clipped
    case ellipsis
    /// `▏` the input cursor
    case cursor
    /// `×` removed, or "times"
    case times
    /// `–` no value
    case dash
    // Arrows.
    /// `→`
    case right
    /// `←`
    case left
    /// `↑`
    case up
    /// `↓`
    case down
    /// `►` live
    case playing
    /// `‖` paused
    case paused
    // Lines.
    /// `─`
    case horizontal
    /// `│`
    case vertical
    /// `╭`
    case topLeft
    /// `╮`
    case topRight
    /// `╰`
    case bottomLeft
    /// `╯`
    case bottomRight
    /// `├`
    case teeRight
    /// `┤`
    case teeLeft
    /// `┬`
    case teeDown
    /// `┴`
    case teeUp
    /// `┼`
    case cross
    /// `╌` a limit in a chart
    case dashed
    /// `┊` a moment, or "before"
    case dotted
    /// `═` a span of time
    case span
    /// `┃` the position in a list, and the position in time
    case scroll
    // Gauges.
    /// `█` leased, or a filled bar
    case used
    /// `▒` idle
    case idle
    /// `░` free capacity
    case free
    /// `▓` above the limit
    case over

    /// The glyph in Unicode, and its replacement where only ASCII can be shown.
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
        case .scroll: ("┃", "#")
        case .used: ("█", "#")
        case .idle: ("▒", "=")
        case .free: ("░", ".")
        case .over: ("▓", "X")
        }
    }

    var unicode: String { self.signs.unicode }
    var ascii: String { self.signs.ascii }
}
