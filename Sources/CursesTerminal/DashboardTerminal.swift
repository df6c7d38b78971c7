import ResourceDashboard

/// What the dashboard's loop needs of a screen and a keyboard; ``CursesTerminal`` is one, tests bring their own.
public protocol DashboardTerminal: Sendable {
    /// The size of the screen, at least 1×1.
    var size: Size { get }
    /// How many colours it shows.
    var colorDepth: ColorDepth { get }

    /// What happened since the last call, oldest first; waits until something has. Empty when the terminal was closed or the task
    /// cancelled. One caller at a time.
    func nextEvents() async -> [TerminalEvent]

    /// Shows `canvas`, which need not be of the screen's size, and returns how long that took.
    @discardableResult
    func draw(_ canvas: Canvas) async -> Duration

    /// Sends the whole screen again, whatever the terminal is thought to show.
    func redraw() async

    /// Turns mouse reports on or off.
    func setMouse(_ enabled: Bool) async

    /// Gives a text to the terminal, to be put on the person's clipboard (OSC 52). Terminals that do not allow it ignore it.
    func copy(_ text: String) async

    /// Gives the terminal to the shell and stops the process; returns when it was continued and shows the last canvas again.
    func suspend() async

    /// Restores the terminal and prints the last of what was captured. Signals still arrive as events until ``release()``.
    func close() async

    /// Gives the signals back to whoever had them. After it there are no more events.
    func release() async
}

/// Something that came from the terminal or its surroundings.
public enum TerminalEvent: Hashable, Sendable {
    /// A person did something, or the size changed.
    case input(InputEvent)
    /// The process was asked to end by this signal: TERM, INT or HUP. A second one ends it at once.
    case signal(Int32)
    /// The terminal has gone.
    case hangUp
    /// The process printed a line while the screen was up.
    case captured(line: String, isError: Bool)
    /// The process was stopped and goes on.
    case resumed
}
