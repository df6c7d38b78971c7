import CNCurses
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starting curses, and choosing the terminal type.
extension CursesScreen {
    /// A UTF-8 locale that every system has.
    private static let anyUTF8Locale: String = {
        #if canImport(Darwin)
            "en_US.UTF-8"
        #else
            "C.UTF-8"
        #endif
    }()

    static func chooseLocale(_ probe: TerminalProbe) {
        // Only LC_CTYPE: number formats and messages of the program are not changed.
        if setlocale(LC_CTYPE, "") == nil || !probe.isUTF8 { setlocale(LC_CTYPE, Self.anyUTF8Locale) }
    }

    /// Starts curses with the program's own entry if 24-bit colors need it, otherwise with the first terminal type that curses knows.
    static func start(_ choice: ColorChoice, _ probe: TerminalProbe, _ files: TerminalFiles)
        -> (term: String, screen: OpaquePointer, mode: ColorMode)?
    {
        // LINES and COLUMNS may be inherited from another window. Curses would accept any size of the system and allocate memory for it.
        use_env(false)
        use_tioctl(WindowSize.ofTerminal(files.outputDescriptor)?.isWhole ?? false)
        // Look up the database before there is a screen, because they share state.
        let (own, plain) = (probe.colorMode(choice, takesOwnEntry: true), probe.colorMode(choice, takesOwnEntry: false))
        if own.usesOwnEntry {
            let started = DirectColorEntry.whileKnown { newterm(DirectColorEntry.name, files.output, files.input) }
            if let started { return (DirectColorEntry.name, started, own) }
        }
        for term in probe.candidates {
            if let started = newterm(term, files.output, files.input) { return (term, started, plain) }
        }
        return nil
    }

    /// The notice for the case that curses was started with another terminal type than `TERM`.
    static func notice(_ probe: TerminalProbe) -> (String) -> String? {
        let isKnown = cn_look_up(probe.term).is_known
        return { term in
            if isKnown { return nil }
            let other = term == DirectColorEntry.name ? "an xterm with 24-bit colors" : term
            return "TERM=\(probe.term) is not known here; using \(other) instead"
        }
    }
}
