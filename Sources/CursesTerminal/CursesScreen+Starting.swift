import CNCurses

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How curses is started, and on which kind of terminal.
extension CursesScreen {
    static func chooseLocale(_ probe: TerminalProbe) {
        // Only how characters are written: numbers and texts of the program stay as they are.
        if setlocale(LC_CTYPE, "") == nil || !probe.isUTF8 { setlocale(LC_CTYPE, "C.UTF-8") }
    }

    /// Starts curses with the program's own entry if 24-bit colors need it, or else with the first type that it knows.
    static func start(_ choice: ColorChoice, _ probe: TerminalProbe, _ files: TerminalFiles)
        -> (term: String, screen: OpaquePointer, mode: ColorMode)?
    {
        // Variables may be left over from another window. Of the system curses believes any size, and takes the memory for it.
        use_env(false)
        use_tioctl(WindowSize.ofTerminal(files.outputDescriptor)?.isWhole ?? false)
        // The database is looked at before there is a screen, which it shares its state with.
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

    /// What is said if curses was started with some other type than the person's.
    static func notice(_ probe: TerminalProbe) -> (String) -> String? {
        let isKnown = cn_look_up(probe.term).is_known
        return { term in
            if isKnown { return nil }
            let other = term == DirectColorEntry.name ? "an xterm with 24-bit colors" : term
            return "TERM=\(probe.term) is not known here; shown as on \(other)"
        }
    }
}
