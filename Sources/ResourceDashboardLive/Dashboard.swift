import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// What a live dashboard looks like and may do.
public struct DashboardOptions: Sendable {
    public var theme: Theme
    /// The themes that `T` offers.
    public var themes: [Theme]
    /// Nil chooses by the locale.
    public var glyphs: GlyphSet?
    /// The view shown first.
    public var view: DashboardView
    /// How often data are drawn at most, a second.
    public var rate: Int
    /// Whether every key that does something to the container is refused.
    public var isReadonly: Bool
    /// Whether the dashboard starts paused.
    public var isPaused: Bool
    /// How instants are shown as times of day; nil for the time here, which is looked at again as long as the dashboard runs.
    public var clock: WallClock?
    /// Which key asks for what.
    public var keys: KeyMap
    /// What the person should be told first, a line each.
    public var notices: [String]
    /// Sees when the files of the themes change; nil if nobody looks.
    public var themeWatch: ThemeWatch?
    /// How many times as fast as it happened a recording is played, at first.
    public var speed: Double
    /// Colours and mouse.
    public var terminal: TerminalOptions
    /// Called once the terminal is the shell's again, and before what the person opened is closed, which may take seconds.
    public var didLeaveScreen: @Sendable () -> Void

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

/// The dashboard in the terminal of this process.
///
/// ```swift
/// try await Dashboard(container).run()
/// ```
public struct Dashboard: Sendable {
    private let source: any DashboardSource
    private let history: [MonitorUpdate]
    private let options: DashboardOptions

    /// A dashboard over a container of this program.
    public init(_ container: Container, options: DashboardOptions = DashboardOptions()) {
        self.init(source: LiveSource(container, readonly: options.isReadonly), options: options)
    }

    /// A dashboard over any source, which may bring what happened before.
    public init(source: any DashboardSource, history: [MonitorUpdate] = [], options: DashboardOptions = DashboardOptions()) {
        self.source = source
        self.history = history
        self.options = options
    }

    /// Shows the dashboard until the person quits, a signal asks the process to end, the terminal goes or the task is cancelled; closes the
    /// scopes that the person opened, within five seconds, and leaves the terminal as it was found.
    ///
    /// - Throws: ``TerminalError`` if there is no terminal to show it in.
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
