/// A colour as a theme names it; a renderer takes it down to what its terminal can show.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case `default`
    /// One of the sixteen ANSI colours.
    case ansi(UInt8)
    /// 24-bit.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// How a cell looks.
public struct Style: Hashable, Sendable {
    /// Attributes a terminal has without colour.
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let italic = Attributes(rawValue: 4)
        public static let underline = Attributes(rawValue: 8)
        public static let reverse = Attributes(rawValue: 16)
    }

    public var foreground: Color
    public var background: Color
    public var attributes: Attributes

    public init(foreground: Color = .default, background: Color = .default, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, no attributes.
    public static let plain = Style()
}

/// What a piece of the screen means; a theme gives each role its style. The raw value is the role's name in a theme file.
public enum Role: String, CaseIterable, Sendable {
    case text, border, title, selected
    case textDim = "text-dim"
    case borderFocus = "border-focus"
    case stateReady = "state-ready"
    case stateInitialising = "state-initialising"
    case stateDisposing = "state-disposing"
    case stateDisposed = "state-disposed"
    case stateFailed = "state-failed"
    case healthHealthy = "health-healthy"
    case healthDegraded = "health-degraded"
    case healthUnhealthy = "health-unhealthy"
    case healthUnknown = "health-unknown"
    case gaugeUsed = "gauge-used"
    case gaugeIdle = "gauge-idle"
    case gaugeFree = "gauge-free"
    case gaugeOver = "gauge-over"
    case chart0 = "chart-0"
    case chart1 = "chart-1"
    case chart2 = "chart-2"
    case chart3 = "chart-3"
}
