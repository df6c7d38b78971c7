import ResourceDashboard

/// A foreground and a background color as curses color numbers. -1 is the terminal's default color.
struct ColorPair: Hashable {
    var foreground: Int32
    var background: Int32

    /// The colors of `style` at depth `depth`.
    ///
    /// - Parameter hasDefaults: whether curses supports the terminal's default colors; if not, white on black is used.
    init(_ style: TerminalStyle, depth: ColorDepth, hasDefaults: Bool) {
        self.foreground = Self.number(style.foreground, depth: depth) ?? (hasDefaults ? -1 : 7)
        self.background = Self.number(style.background, depth: depth) ?? (hasDefaults ? -1 : 0)
    }

    /// Whether both colors are the terminal's defaults.
    var isDefault: Bool {
        self.foreground == -1 && self.background == -1
    }

    private static func number(_ color: TerminalColor, depth: ColorDepth) -> Int32? {
        switch color {
        case .default:
            return nil
        case .indexed(let index):
            // With 24-bit color numbers, only numbers 0 to 7 are palette colors.
            if depth == .direct, index >= 8 { return Self.bright[Int(index) % 8] }
            return Int32(index)
        case .rgb(let red, let green, let blue):
            // Numbers 0 to 7 are palette colors, so a darker color becomes the darkest blue beyond them.
            return max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }

    /// The bright eight of the 16 colors, with xterm's values.
    private static let bright: [Int32] = [0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF]
}
