import CNCurses
import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The properties of the environment that can be read without changing the terminal.
package struct TerminalProbe: Hashable, Sendable {
    /// Whether standard input is a terminal. If not, keys are read from the controlling terminal.
    package var inputIsTerminal: Bool
    /// Whether standard output is a terminal.
    package var outputIsTerminal: Bool
    /// Whether standard error is a terminal.
    package var errorIsTerminal: Bool
    /// The value of `TERM`; empty if it is not set.
    package var term: String
    /// Whether the locale's encoding is UTF-8. If not, only ASCII is displayed reliably.
    package var isUTF8: Bool
    /// Whether `NO_COLOR` is set and not empty.
    package var noColor: Bool
    /// Whether `COLORTERM` announces 24-bit colors.
    package var promisesDirectColor: Bool
    /// The number of files that the process can still open, counted up to ``neededDescriptors``.
    package var spareDescriptors: Int

    /// The number of descriptors that a live screen and the runtime need: the terminal twice, pipes for signals and for captured output,
    /// and a few of the runtime when the first task sleeps. Without the latter the runtime ends the process.
    package static let neededDescriptors = 16

    /// Reads the current properties of the process.
    package init() {
        self.inputIsTerminal = isatty(STDIN_FILENO) == 1
        self.outputIsTerminal = isatty(STDOUT_FILENO) == 1
        self.errorIsTerminal = isatty(STDERR_FILENO) == 1
        self.term = Self.variable("TERM") ?? ""
        self.isUTF8 = ct_locale_is_utf8()
        self.noColor = !(Self.variable("NO_COLOR") ?? "").isEmpty
        self.promisesDirectColor = ["truecolor", "24bit"].contains(Self.variable("COLORTERM")?.lowercased())
        self.spareDescriptors = Self.spareDescriptors(upTo: Self.neededDescriptors)
    }

    /// The reason why a live screen is not possible; nil if none is known.
    package var obstacle: TerminalError? {
        if !self.outputIsTerminal { return TerminalError("standard output is not a terminal") }
        if self.term.isEmpty { return TerminalError("TERM is not set; set it, such as TERM=xterm-256color") }
        if self.term == "dumb" { return .unfit(term: self.term) }
        if self.spareDescriptors < Self.neededDescriptors {
            return .system("a live screen needs \(Self.neededDescriptors) descriptors, and only \(self.spareDescriptors) are free", EMFILE)
        }
        return nil
    }

    /// The number of files that this process can still open, counted up to `wanted`.
    package static func spareDescriptors(upTo wanted: Int) -> Int {
        Int(ct_spare_descriptors(Int32(clamping: wanted)))
    }

    /// The color mode for the choice `choice` on this terminal, and the reason for it. Not thread-safe.
    package func colorMode(_ choice: ColorChoice) -> ColorMode {
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

    /// The terminal types to try, in order: that of `TERM`, then the most similar ones.
    var candidates: [String] {
        let stem = self.term.split(separator: "-").first.map(String.init) ?? self.term
        return [self.term, "\(stem)-256color", "\(stem)-color", "xterm-256color", "xterm"]
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
