import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// The options of a live dashboard: appearance, first view, permissions and timing.
public struct DashboardOptions: Sendable {
    /// The theme of the first frame.
    public var theme: Theme
    /// The themes that the command `T` offers.
    public var themes: [Theme]
    /// The glyph set; nil chooses one by the locale.
    public var glyphs: GlyphSet?
    /// The first view.
    public var view: DashboardView
    /// The largest number of data frames per second.
    public var rate: Int
    /// Whether commands that act on the container are refused.
    public var isReadonly: Bool
    /// Whether the dashboard starts paused.
    public var isPaused: Bool
    /// The clock that maps instants to times of day. Nil uses the local time zone and the system clock, which are read again while the
    /// dashboard runs.
    public var clock: WallClock?
    /// The commands of the keys.
    public var keys: KeyMap
    /// Notices to show at the start, one line each.
    public var notices: [String]
    /// Detects changes of the theme files; nil disables it.
    public var themeWatch: ThemeWatch?
    /// The initial playback speed of a recording: 1 is the speed at which it was recorded.
    public var speed: Double
    /// The terminal's color mode and mouse support.
    public var terminal: TerminalOptions
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
        didLeaveScreen: @escaping @Sendable () -> Void = {}
    ) {
        self.theme = theme
        self.themes = themes
        self.glyphs = glyphs
        self.view = view
        self.rate = rate
        self.isReadonly = isReadonly
        self.isPaused = isPaused
        self.clock = clock
        self.keys = keys
        self.notices = notices
        self.themeWatch = themeWatch
        self.speed = speed
        self.terminal = terminal
        self.didLeaveScreen = didLeaveScreen
    }
}

/// A dashboard in the terminal of this process.
///
/// ```swift
/// try await Dashboard(container).run()
/// ```
public struct Dashboard: Sendable {
    private let source: any DashboardSource
    private let history: [MonitorUpdate]
    private let options: DashboardOptions

    /// Creates a dashboard of a container in this process.
    public init(_ container: Container, options: DashboardOptions = DashboardOptions()) {
        self.init(source: LiveSource(container, readonly: options.isReadonly), options: options)
    }

    /// Creates a dashboard of any source.
    ///
    /// - Parameters:
    ///   - source: the source of updates.
    ///   - history: earlier updates, oldest first, to which the user can go back.
    ///   - options: the options.
    public init(source: any DashboardSource, history: [MonitorUpdate] = [], options: DashboardOptions = DashboardOptions()) {
        self.source = source
        self.history = history
        self.options = options
    }

    /// Shows the dashboard until the user quits, a signal requests the end of the process, the terminal hangs up, or the task is canceled.
    /// Then restores the terminal and closes the scopes that the user opened, within five seconds.
    ///
    /// - Returns: why the dashboard ended, and what it closed.
    /// - Throws: `TerminalError` if there is no usable terminal.
    @discardableResult
    public func run() async throws(TerminalError) -> DashboardOutcome {
        let terminal = try CursesTerminal.open(self.options.terminal)
        var state = DashboardState(configuration: self.configuration(size: terminal.size, depth: terminal.colorDepth))
        for update in self.history { _ = state.update(.monitor(update)) }
        var loop = DashboardLoop(
            terminal: terminal,
            source: self.source,
            state: state,
            rate: self.options.rate,
            themes: self.options.themeWatch,
            localTime: self.options.clock == nil ? .system : nil,
            didLeaveScreen: self.options.didLeaveScreen
        )
        return await loop.run()
    }

    private func configuration(size: Size, depth: ColorDepth) -> DashboardConfiguration {
        DashboardConfiguration(
            origin: self.source.origin,
            clock: self.options.clock ?? .here,
            size: size,
            theme: self.options.theme.adapted(to: depth),
            themes: self.options.themes.map { $0.adapted(to: depth) },
            glyphs: self.options.glyphs ?? (TerminalProbe().isUTF8 ? .braille : .ascii),
            isReadonly: self.source.control == nil,
            view: self.options.view,
            isPaused: self.options.isPaused,
            framesPerSecond: self.options.rate,
            keys: self.options.keys,
            scenarios: self.source.control?.scenarios ?? [],
            usesMouse: self.options.terminal.mouse,
            notices: self.options.notices,
            recordedSpan: self.source.player?.extent.span,
            speed: self.options.speed
        )
    }
}
