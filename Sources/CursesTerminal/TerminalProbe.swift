import CNCurses
import CTerminal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What can be known of the surroundings without touching the terminal.
public struct TerminalProbe: Hashable, Sendable {
    /// Whether standard input is a terminal. If not, keys are read from the controlling terminal all the same.
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
    /// Whether `COLORTERM` promises 24-bit colors.
    public var promisesDirectColor: Bool
    /// How many more files the process may open, counted up to ``neededDescriptors``.
    public var spareDescriptors: Int

    /// What a live screen and the program around it open: the terminal twice, pipes for signals and for what is printed, and the few of the
    /// runtime when its first task sleeps. Without those the runtime ends the process.
    public static let neededDescriptors = 16

    /// Looks at the process as it is.
    public init() {
        self.inputIsTerminal = isatty(STDIN_FILENO) == 1
        self.outputIsTerminal = isatty(STDOUT_FILENO) == 1
        self.errorIsTerminal = isatty(STDERR_FILENO) == 1
        self.term = Self.variable("TERM") ?? ""
        self.isUTF8 = Self.localeIsUTF8()
        self.noColor = !(Self.variable("NO_COLOR") ?? "").isEmpty
        self.promisesDirectColor = ["truecolor", "24bit"].contains(Self.variable("COLORTERM")?.lowercased())
        self.spareDescriptors = Self.spareDescriptors(upTo: Self.neededDescriptors)
    }

    /// Why no live screen can be had; nil if it is worth trying.
    public var obstacle: TerminalError? {
        if !self.outputIsTerminal { return TerminalError("standard output is not a terminal") }
        if self.term.isEmpty { return TerminalError("TERM is not set; set it, such as TERM=xterm-256color") }
        if self.term == "dumb" { return .unfit(term: self.term) }
        if self.spareDescriptors < Self.neededDescriptors {
            return .system("a live screen needs \(Self.neededDescriptors) descriptors and there are \(self.spareDescriptors)", EMFILE)
        }
        return nil
    }

    /// How many more files this process may open, counted up to `wanted`.
    public static func spareDescriptors(upTo wanted: Int) -> Int {
        Int(ct_spare_descriptors(Int32(clamping: wanted)))
    }

    /// How many colors a screen uses on this terminal for a person who asks for `choice`, and why. Not to be asked by two threads at once.
    public func colorMode(_ choice: ColorChoice) -> ColorMode {
        self.colorMode(choice, takesOwnEntry: DirectColorEntry.isTaken)
    }

    func colorMode(_ choice: ColorChoice, takesOwnEntry: Bool) -> ColorMode {
        let known = self.candidates.lazy.map { ($0, cn_look_up($0)) }.first { $0.1.is_known }
        return ColorMode(
            choice,
            ColorMode.Offer(
                term: known?.0 ?? self.term,
                colors: known.map { Int($0.1.colors) },
                hasDirectColor: known?.1.has_direct_color ?? false,
                promisesDirectColor: self.promisesDirectColor,
                noColor: self.noColor,
                takesOwnEntry: takesOwnEntry
            )
        )
    }

    /// The terminal types to try, in this order: what the person has, and what is most like it.
    var candidates: [String] {
        let stem = self.term.split(separator: "-").first.map(String.init) ?? self.term
        return [self.term, "\(stem)-256color", "\(stem)-color", "xterm-256color", "xterm"]
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Asks without changing the locale of the process.
    private static func localeIsUTF8() -> Bool {
        guard let locale = newlocale(1 << LC_CTYPE, "", nil) else { return false }
        defer { freelocale(locale) }
        guard let codeset = nl_langinfo_l(Int32(CODESET), locale) else { return false }
        return String(cString: codeset).uppercased() == "UTF-8"
    }
}
