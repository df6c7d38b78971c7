/// The settings that the options of a live dashboard and the configuration of a dashboard's state have in common.
///
/// Both types contain one value of this type, and its properties are available as properties of both.
public struct DashboardSettings: Sendable {
    /// The initial theme.
    public var theme: Theme
    /// The themes that the user can choose from, with the command `T`.
    public var themes: [Theme]
    /// The initial view.
    public var view: DashboardView
    /// The maximum rate at which data are drawn, in frames a second, shown in the header.
    public var framesPerSecond: Int
    /// Whether commands that act on the container are refused.
    public var isReadonly: Bool
    /// Whether the dashboard starts paused.
    public var isPaused: Bool
    /// The assignment of keys to commands.
    public var keys: KeyMap
    /// The notices shown at the start, one line each.
    public var notices: [String]
    /// The initial playback speed of a recording, as a factor of real time.
    public var speed: Double

    package init(
        theme: Theme,
        themes: [Theme],
        view: DashboardView,
        framesPerSecond: Int,
        isReadonly: Bool,
        isPaused: Bool,
        keys: KeyMap,
        notices: [String],
        speed: Double
    ) {
        self.theme = theme
        self.themes = themes
        self.view = view
        self.framesPerSecond = framesPerSecond
        self.isReadonly = isReadonly
        self.isPaused = isPaused
        self.keys = keys
        self.notices = notices
        self.speed = speed
    }
}
