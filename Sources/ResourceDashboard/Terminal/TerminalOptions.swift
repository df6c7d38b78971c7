/// The options of a terminal.
public struct TerminalOptions: Hashable, Sendable {
    /// The color choice.
    public var color: ColorChoice
    /// Whether mouse events are reported.
    public var mouse: Bool

    /// Creates options.
    public init(color: ColorChoice = .auto, mouse: Bool = true) {
        self.color = color
        self.mouse = mouse
    }
}

/// The user's choice of colors. The raw value is the name on the command line.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
    /// The colors of the terminal, unless `NO_COLOR` is set.
    case auto
    /// The colors of the terminal, even if `NO_COLOR` is set.
    case always
    /// No colors.
    case never
    /// At most 16 colors.
    case ansi16 = "16"
    /// At most 256 colors.
    case indexed256 = "256"
    /// 24-bit colors, even if the terminal does not announce them.
    case direct = "rgb"

    /// The color depth on a terminal that supports `offered`.
    ///
    /// - Parameters:
    ///   - offered: The color depth of the terminal.
    ///   - noColor: Whether `NO_COLOR` is set and not empty.
    public func depth(offered: ColorDepth, noColor: Bool) -> ColorDepth {
        let limit: ColorDepth
        switch self {
        case .auto: limit = noColor ? .monochrome : .direct
        case .always, .direct: limit = .direct
        case .never: limit = .monochrome
        case .ansi16: limit = .ansi16
        case .indexed256: limit = .indexed256
        }
        return min(limit, offered)
    }
}
