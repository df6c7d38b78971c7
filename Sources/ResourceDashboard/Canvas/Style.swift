/// A color that a theme specifies. A renderer maps it to the nearest color that its terminal can show.
public enum Color: Hashable, Sendable {
    /// The terminal's default foreground or background.
    case `default`
    /// One of the sixteen ANSI colors, 0 to 15.
    case ansi(UInt8)
    /// A 24-bit color.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// The colors and attributes of a cell.
public struct Style: Hashable, Sendable {
    /// Text attributes that a terminal can show without color.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// The bits of the attributes in the set.
        public let rawValue: UInt8
        /// Creates a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Bold.
        public static let bold = Attributes(rawValue: 1)
        /// Dim.
        public static let dim = Attributes(rawValue: 2)
        /// Italic.
        public static let italic = Attributes(rawValue: 4)
        /// Underlined.
        public static let underline = Attributes(rawValue: 8)
        /// Foreground and background exchanged.
        public static let reverse = Attributes(rawValue: 16)
    }

    /// The color of the text.
    public var foreground: Color
    /// The color behind the text.
    public var background: Color
    /// The attributes of the text.
    public var attributes: Attributes

    /// Creates a style; by default the terminal's colors without attributes.
    public init(foreground: Color = .default, background: Color = .default, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's default colors without attributes.
    public static let plain = Style()
}

/// The meaning of a part of the screen. A theme assigns a style to each role. The raw value is the role's name in theme files.
public enum Role: String, CaseIterable, Sendable {
    /// Text.
    case text
    /// The borders of panes.
    case border
    /// The titles of panes.
    case title
    /// The selected row.
    case selected
    /// Text of less importance.
    case textDim = "text-dim"
    /// The border of the focused pane.
    case borderFocus = "border-focus"
    /// An instance that is ready.
    case stateReady = "state-ready"
    /// An instance that is initializing.
    case stateInitializing = "state-initializing"
    /// An instance that is disposing.
    case stateDisposing = "state-disposing"
    /// An instance that was disposed.
    case stateDisposed = "state-disposed"
    /// An instance that failed.
    case stateFailed = "state-failed"
    /// The health status healthy.
    case healthHealthy = "health-healthy"
    /// The health status degraded.
    case healthDegraded = "health-degraded"
    /// The health status unhealthy.
    case healthUnhealthy = "health-unhealthy"
    /// The health status unknown.
    case healthUnknown = "health-unknown"
    /// The leased part of a gauge.
    case gaugeUsed = "gauge-used"
    /// The idle part of a gauge.
    case gaugeIdle = "gauge-idle"
    /// The free part of a gauge.
    case gaugeFree = "gauge-free"
    /// The part of a gauge above its limit.
    case gaugeOver = "gauge-over"
    /// The first series of a chart.
    case chart0 = "chart-0"
    /// The second series of a chart.
    case chart1 = "chart-1"
    /// The third series of a chart.
    case chart2 = "chart-2"
    /// The fourth series of a chart.
    case chart3 = "chart-3"
}
