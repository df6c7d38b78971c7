/// Why the dashboard cannot have a terminal, and what to do about it.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: what is wrong, and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    static func unknown(term: String) -> TerminalError {
        TerminalError(
            "the terminal type TERM=\(term) is not known here; set one that is, such as TERM=xterm-256color, or install ncurses-term"
        )
    }

    static func unfit(term: String) -> TerminalError {
        TerminalError(
            "a terminal of type TERM=\(term) cannot place its cursor, so there is no live screen; set TERM, such as to xterm-256color"
        )
    }
}
