/// How many colours can be shown.
public enum ColorDepth: String, CaseIterable, Hashable, Sendable {
    /// None; attributes only.
    case monochrome
    /// The eight of the first terminals.
    case ansi8
    /// Those and their bright twins.
    case ansi16
    /// The palette of xterm.
    case indexed256
    /// 24-bit.
    case direct
}

extension ColorDepth: Comparable {
    /// Whether fewer colors can be shown.
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

/// A colour that a terminal of some depth can be told to show.
public enum TerminalColor: Hashable, Sendable {
    /// The terminal's own.
    case `default`
    /// An entry of the terminal's palette.
    case indexed(UInt8)
    /// 24-bit; only at depth ``ColorDepth/direct``.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// A style that a terminal of some depth can be told to show.
public struct TerminalStyle: Hashable, Sendable {
    public var foreground: TerminalColor
    public var background: TerminalColor
    public var attributes: Style.Attributes

    public init(foreground: TerminalColor, background: TerminalColor, attributes: Style.Attributes) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

extension ColorDepth {
    /// The colour nearest to `color` at this depth. O(1).
    public func nearest(_ color: Color) -> TerminalColor {
        switch (self, color) {
        case (.monochrome, _), (_, .default): .default
        // Bright black is a grey; black itself would vanish on most terminals' own background.
        case (.ansi8, .ansi(8)): .indexed(7)
        case (.ansi8, .ansi(let index)): .indexed(index % 8)
        case (.ansi16, .ansi(let index)), (.indexed256, .ansi(let index)), (.direct, .ansi(let index)): .indexed(index % 16)
        case (.direct, .rgb(let red, let green, let blue)): .rgb(red: red, green: green, blue: blue)
        case (.ansi8, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOfEight)
        case (.ansi16, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOfSixteen)
        case (.indexed256, .rgb(let red, let green, let blue)): .indexed(RGB(red, green, blue).nearestOf256)
        }
    }

    /// The style nearest to `style` at this depth.
    ///
    /// If two different colours fall together, the foreground becomes black or white, whichever stands out: text never vanishes.
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
