import ResourceDashboard

/// How the terminal is used.
public struct TerminalOptions: Hashable, Sendable {
    /// Which colours.
    public var color: ColorChoice
    /// Whether the mouse is reported.
    public var mouse: Bool

    public init(color: ColorChoice = .auto, mouse: Bool = true) {
        self.color = color
        self.mouse = mouse
    }
}

/// What a person said about colours; the raw value is how they say it.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
    /// What the terminal offers, unless `NO_COLOR` is set.
    case auto
    /// What the terminal offers.
    case always
    /// None.
    case never
    /// At most this many.
    case ansi16 = "16"
    case indexed256 = "256"
    case direct = "rgb"

    /// How many colours are used on a terminal that offers `offered`.
    ///
    /// - Parameter noColor: whether `NO_COLOR` is set to something.
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

extension ColorDepth {
    /// The depth of a terminal that says it has `colors` colours.
    static func offered(colors: Int) -> ColorDepth {
        switch colors {
        case ..<8: .monochrome
        case ..<16: .ansi8
        case ..<256: .ansi16
        case ..<(1 << 24): .indexed256
        default: .direct
        }
    }
}
