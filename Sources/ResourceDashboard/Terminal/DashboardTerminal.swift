/// A screen and a keyboard for the dashboard's loop. `CursesTerminal` implements it; tests provide their own.
public protocol DashboardTerminal: Sendable {
    /// The size of the screen, at least 1×1.
    var size: Size { get }
    /// The color depth of the screen.
    var colorDepth: ColorDepth { get }

    /// Waits for events and returns those since the last call, oldest first. Empty when the terminal is closed or the task is canceled.
    /// Only one caller may wait at a time.
    func nextEvents() async -> [TerminalEvent]

    /// Shows `canvas`, which need not have the screen's size, and returns the time that this took.
    @discardableResult
    func draw(_ canvas: Canvas) async -> Duration

    /// Sends the whole screen again, independent of what the terminal is believed to show.
    func redraw() async

    /// Turns mouse reports on or off.
    func setMouse(_ enabled: Bool) async

    /// Copies a text to the user's clipboard (OSC 52). Terminals that do not allow it ignore it.
    func copy(_ text: String) async

    /// Restores the terminal and stops the process (as `Ctrl-Z` does). Returns when the process is continued, with the last canvas shown
    /// again.
    func suspend() async

    /// Restores the terminal and prints the last captured lines. Signals still arrive as events until ``release()``.
    func close() async

    /// Restores the previous signal handlers. Afterward there are no more events.
    func release() async
}

/// An event of the terminal or of the process.
public enum TerminalEvent: Hashable, Sendable {
    /// Input of the user, or a change of the size.
    case input(InputEvent)
    /// This signal requested the end of the process: TERM, INT or HUP. A second one ends the process at once.
    case signal(Int32)
    /// The terminal hung up.
    case hangUp
    /// The process printed a line while the screen was up. `isError` is true for standard error.
    case captured(line: String, isError: Bool)
    /// The process was stopped and is running again.
    case resumed
}
