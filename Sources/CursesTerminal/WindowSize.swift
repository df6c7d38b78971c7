import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The size of a terminal, and the part of it that is drawn.
enum WindowSize {
    /// The assumed size of a terminal that does not report one.
    static let standard = Size(width: 80, height: 24)

    /// The drawn part of a window of `columns` x `rows` cells; nil if the terminal does not know its size.
    ///
    /// The part is limited, because a terminal may report 65,535 in both directions, which exceeds the memory.
    static func drawn(columns: Int, rows: Int) -> Size? {
        guard columns > 0, rows > 0 else { return nil }
        return Size(width: min(columns, Size.longestSide), height: min(rows, Size.longestSide))
    }

    /// The drawn part of the terminal `descriptor`, and whether it is the whole window; nil if the terminal does not know its size.
    static func ofTerminal(_ descriptor: Int32) -> (drawn: Size, isWhole: Bool)? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 else { return nil }
        let (columns, rows) = (Int(window.ws_col), Int(window.ws_row))
        return self.drawn(columns: columns, rows: rows).map { ($0, $0 == Size(width: columns, height: rows)) }
    }

    /// The size in `COLUMNS` and `LINES`, for a terminal that does not know its size.
    static func ofVariables(_ variable: (String) -> String?) -> Size? {
        guard let columns = variable("COLUMNS").flatMap({ Int($0) }), let rows = variable("LINES").flatMap({ Int($0) }) else { return nil }
        return self.drawn(columns: columns, rows: rows)
    }
}
