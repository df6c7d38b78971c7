import CNCurses
import Glibc

/// What can be known of the surroundings without touching the terminal.
public struct TerminalProbe: Hashable, Sendable {
    /// Whether standard input is a terminal.
    public var inputIsTerminal: Bool
    /// Whether standard output is a terminal.
    public var outputIsTerminal: Bool
    /// Whether standard error is a terminal.
    public var errorIsTerminal: Bool
    /// `TERM`; empty if it is not set.
    public var term: String
    /// Whether the person's locale writes UTF-8. If not, only ASCII is sure to show.
    public var isUTF8: Bool
    /// Whether `NO_COLOR` is set to something.
    public var noColor: Bool
    /// Whether `COLORTERM` promises 24-bit colours.
    public var promisesDirectColor: Bool

    /// Looks at the process as it is.
    public init() {
        self.inputIsTerminal = isatty(STDIN_FILENO) == 1
        self.outputIsTerminal = isatty(STDOUT_FILENO) == 1
        self.errorIsTerminal = isatty(STDERR_FILENO) == 1
        self.term = Self.variable("TERM")
        self.isUTF8 = Self.localeIsUTF8()
        self.noColor = !Self.variable("NO_COLOR").isEmpty
        self.promisesDirectColor = ["truecolor", "24bit"].contains(Self.variable("COLORTERM"))
    }

    /// Whether a live screen makes sense: a person sits at both ends.
    public var isInteractive: Bool {
        self.inputIsTerminal && self.outputIsTerminal
    }

    /// Why no live screen can be had; nil if it is worth trying.
    public var obstacle: TerminalError? {
        if !self.outputIsTerminal { return TerminalError("standard output is not a terminal") }
        if !self.inputIsTerminal { return TerminalError("standard input is not a terminal") }
        if self.term.isEmpty { return TerminalError("TERM is not set; set it, such as TERM=xterm-256color") }
        if self.term == "dumb" { return .unfit(term: self.term) }
        return nil
    }

    /// How many colours the terminal database says the terminal has; nil if it does not know the terminal.
    public var colorCount: Int? {
        guard !self.term.isEmpty else { return nil }
        let count = cn_colors_of(self.term)
        return count < 0 ? nil : Int(count)
    }

    private static func variable(_ name: String) -> String {
        getenv(name).map { String(cString: $0) } ?? ""
    }

    /// Asks without changing the locale of the process.
    private static func localeIsUTF8() -> Bool {
        guard let locale = newlocale(1 << LC_CTYPE, "", nil) else { return false }
        defer { freelocale(locale) }
        guard let codeset = nl_langinfo_l(Int32(CODESET), locale) else { return false }
        return String(cString: codeset).uppercased() == "UTF-8"
    }
}
