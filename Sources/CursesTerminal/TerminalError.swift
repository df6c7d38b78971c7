#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An error that reports why the terminal cannot be used for a dashboard, and the remedy.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line with the reason and the remedy.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The error for a failed system call; `what` describes the failed operation.
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
            "a terminal of type TERM=\(term) cannot position its cursor, so there is no live screen; set TERM, such as to xterm-256color"
        )
    }
}
