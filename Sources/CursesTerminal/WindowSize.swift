import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How large a terminal is, and how much of it is drawn.
enum WindowSize {
    /// What a terminal is taken for that does not say.
    static let standard = Size(width: 80, height: 24)

    /// What is drawn of a window of `columns` x `rows` cells; nil if the terminal does not know its size.
    ///
    /// A terminal may claim 65,535 in both directions, for which no machine has the memory.
    static func drawn(columns: Int, rows: Int) -> Size? {
        guard columns > 0, rows > 0 else { return nil }
        return Size(width: min(columns, Size.longestSide), height: min(rows, Size.longestSide))
    }

    /// What is drawn of the terminal that `descriptor` is, and whether that is all of it; nil if it does not know its size.
    static func ofTerminal(_ descriptor: Int32) -> (drawn: Size, isWhole: Bool)? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 else { return nil }
        let (columns, rows) = (Int(window.ws_col), Int(window.ws_row))
        return self.drawn(columns: columns, rows: rows).map { ($0, $0 == Size(width: columns, height: rows)) }
    }

    /// What `COLUMNS` and `LINES` say, for a terminal that does not know its size.
    static func ofVariables(_ variable: (String) -> String?) -> Size? {
        guard let columns = variable("COLUMNS").flatMap({ Int($0) }), let rows = variable("LINES").flatMap({ Int($0) }) else { return nil }
        return self.drawn(columns: columns, rows: rows)
    }
}
