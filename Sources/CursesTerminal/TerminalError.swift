#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why the dashboard cannot have a terminal, and what to do about it.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: what is wrong, and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A call of the system failed with `code`; `what` says what could not be done by it.
    static func system(_ what: String, _ code: Int32) -> TerminalError {
        switch code {
        case EMFILE: TerminalError("\(what): too many open files: raise the limit with 'ulimit -n', or close some")
        case ENFILE: TerminalError("\(what): too many open files on this machine: close some")
        case ENXIO: TerminalError("\(what): this process has no controlling terminal: start it from a shell in one")
        default: TerminalError("\(what): \(String(cString: strerror(code)))")
        }
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
