/// The range of colors that a terminal can show.
public enum ColorDepth: String, CaseIterable, Hashable, Sendable {
    /// No colors, attributes only.
    case monochrome
    /// The eight ANSI colors.
    case ansi8
    /// The eight ANSI colors and their bright variants.
    case ansi16
    /// The 256-color palette of xterm.
    case indexed256
    /// 24-bit colors.
    case direct
}

extension ColorDepth: Comparable {
    /// Whether `left` has fewer colors than `right`.
    public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .monochrome: 0
        case .ansi8: 1
        case .ansi16: 2
        case .indexed256: 3
        case .direct: 4
        }
    }
}

/// A color that a terminal of some depth can show.
public enum TerminalColor: Hashable, Sendable {
    /// The terminal's default color.
    case `default`
    /// An entry of the terminal's palette.
    case indexed(UInt8)
    /// A 24-bit color; only at depth ``ColorDepth/direct``.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// A style that a terminal of some depth can show.
public struct TerminalStyle: Hashable, Sendable {
    /// The color of the text.
    public var foreground: TerminalColor
    /// The color behind the text.
    public var background: TerminalColor
    /// The attributes of the text.
    public var attributes: Style.Attributes

    /// Creates a style.
    public init(foreground: TerminalColor, background: TerminalColor, attributes: Style.Attributes) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

extension ColorDepth {
    /// Returns the color nearest to `color` at this depth. O(1).
    public func nearest(_ color: Color) -> TerminalColor {
        switch (self, color) {
        case (.monochrome, _), (_, .default): .default
        // Bright black is a gray. Black would be invisible on most terminals' background.
        case (.ansi8, .ansi(8)): .indexed(7)
        case (.ansi8, .ansi(let index)): .indexed(index % 8)
        case (.ansi16, .ansi(let index)), (.indexed256, .ansi(let index)), (.direct, .ansi(let index)): .indexed(index % 16)
        case (.direct, .rgb(let red, let green, let blue)): .rgb(red: red, green: green, blue: blue)
        case (.ansi8, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOfEight)
        case (.ansi16, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOfSixteen)
        case (.indexed256, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOf256)
        }
    }

    /// Returns the style nearest to `style` at this depth.
    ///
    /// If two different colors map to the same one, the foreground becomes black or white, whichever contrasts, so that text stays visible.
    public func nearest(_ style: Style) -> TerminalStyle {
        var result = TerminalStyle(
            foreground: self.nearest(style.foreground),
            background: self.nearest(style.background),
            attributes: style.attributes
        )
        if result.foreground == result.background, style.foreground != style.background, case .indexed(let index) = result.background {
            result.foreground = .indexed(RGB.ofIndex(index).luminance > 0.18 ? 0 : 7)
        }
        return result
    }
}
