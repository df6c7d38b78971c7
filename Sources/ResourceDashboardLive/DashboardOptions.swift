import ResourceDashboard

/// The options of a live dashboard: appearance, first view, permissions and timing.
@dynamicMemberLookup
public struct DashboardOptions: Sendable {
    var settings: DashboardSettings
    /// The glyph set; nil chooses one by the locale.
    public var glyphs: GlyphSet?
    /// The clock that maps instants to times of day. Nil uses the local time zone and the system clock, which are read again while the
    /// dashboard runs.
    public var clock: WallClock?
    /// Detects changes of the theme files; nil disables it.
    public var themeWatch: ThemeWatch?
    /// The terminal's color mode and mouse support.
    public var terminal: TerminalOptions
    /// The memory for the past of all attached processes, in bytes. The process that is shown has an equal share, and at least 64 MB
    /// if that is not more than half.
    public var historyLimit: Int
    /// Whether the dashboard goes to the process that replaces an attached one after its end.
    public var followsSuccessor: Bool
    /// Called when the terminal is restored, before the dashboard closes the scopes that the user opened, which may take seconds.
    public var didLeaveScreen: @Sendable () -> Void

    /// Creates options.
    public init(
        theme: Theme = .defaultDark,
        themes: [Theme] = Theme.builtIn,
        glyphs: GlyphSet? = nil,
        view: DashboardView = .overview,
        rate: Int = 4,
        isReadonly: Bool = false,
        isPaused: Bool = false,
        clock: WallClock? = nil,
        keys: KeyMap = .standard,
        notices: [String] = [],
        themeWatch: ThemeWatch? = nil,
        speed: Double = 1,
        terminal: TerminalOptions = TerminalOptions(),
        historyLimit: Int = 256 << 20,
        followsSuccessor: Bool = false,
        didLeaveScreen: @escaping @Sendable () -> Void = {}
    ) {
        self.settings = DashboardSettings(
            theme: theme,
            themes: themes,
            view: view,
            framesPerSecond: rate,
            isReadonly: isReadonly,
            isPaused: isPaused,
            keys: keys,
            notices: notices,
            speed: speed
        )
        self.glyphs = glyphs
        self.clock = clock
        self.themeWatch = themeWatch
        self.terminal = terminal
        self.historyLimit = historyLimit
        self.followsSuccessor = followsSuccessor
        self.didLeaveScreen = didLeaveScreen
    }

    /// The largest number of data frames per second.
    public var rate: Int {
        get { self.settings.framesPerSecond }
        set { self.settings.framesPerSecond = newValue }
    }

    /// A property of the options' `DashboardSettings`.
    public subscript<Value>(dynamicMember path: WritableKeyPath<DashboardSettings, Value>) -> Value {
        get { self.settings[keyPath: path] }
        set { self.settings[keyPath: path] = newValue }
    }
}
