import ResourceDashboard

/// Foreground and background as curses numbers them: -1 is the terminal's own.
struct ColorPair: Hashable {
    var foreground: Int32
    var background: Int32

    /// The colours of `style` on a terminal of depth `depth`.
    ///
    /// - Parameter hasDefaults: whether the terminal can be told to use its own colours; if not, they are white on black.
    init(_ style: TerminalStyle, depth: ColorDepth, hasDefaults: Bool) {
        self.foreground = Self.number(style.foreground, depth: depth) ?? (hasDefaults ? -1 : 7)
        self.background = Self.number(style.background, depth: depth) ?? (hasDefaults ? -1 : 0)
    }

    /// Whether this is what a terminal shows unasked.
    var isDefault: Bool {
        self.foreground == -1 && self.background == -1
    }

    private static func number(_ color: TerminalColor, depth: ColorDepth) -> Int32? {
        switch color {
        case .default:
            return nil
        case .indexed(let index):
            // Where numbers are 24-bit colours only the first eight are of the palette.
            if depth == .direct, index >= 8 { return Self.bright[Int(index) % 8] }
            return Int32(index)
        case .rgb(let red, let green, let blue):
            // Numbers 0 to 7 are the palette's: what is as dark as those becomes the darkest blue that is not.
            return max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }

    /// The bright eight of the sixteen, as xterm has them.
    private static let bright: [Int32] = [0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF]
}
