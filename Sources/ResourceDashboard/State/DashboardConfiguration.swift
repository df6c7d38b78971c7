import ResourceContainer

/// The initial settings of a dashboard, and the facts about its source and its screen.
@dynamicMemberLookup
public struct DashboardConfiguration: Sendable {
    package var settings: DashboardSettings
    /// The origin of the data, shown in the header: `in-process`, `simulated seed 7`.
    public var origin: String
    /// The clock that converts instants to times of day.
    public var clock: WallClock
    /// The size of the screen, in cells.
    public var size: Size
    /// The initial glyph set.
    public var glyphs: GlyphSet
    /// The scenarios that the user can switch to; empty if there are none.
    public var scenarios: [ScenarioChoice]
    /// Whether mouse reports are on initially.
    public var usesMouse: Bool
    /// The time span of the recording that is shown; nil if none is.
    public var recordedSpan: ClosedRange<TimeSource.Instant>?
    /// The attached processes; nil if the dashboard is not attached. With them, the dashboard has the view Processes.
    public var processes: [ProcessRow]?
    /// The attached process that is shown; nil if none is.
    public var process: ProcessID?
    /// How far back the source's flight recorder reaches; nil without one.
    public var reach: Duration?

    /// Creates a configuration.
    public init(
        origin: String = "in-process",
        clock: WallClock,
        size: Size,
        theme: Theme = .defaultDark,
        themes: [Theme] = Theme.builtIn,
        glyphs: GlyphSet = .braille,
        isReadonly: Bool = false,
        view: DashboardView = .overview,
        isPaused: Bool = false,
        framesPerSecond: Int = 4,
        keys: KeyMap = .standard,
        scenarios: [ScenarioChoice] = [],
        usesMouse: Bool = true,
        notices: [String] = [],
        recordedSpan: ClosedRange<TimeSource.Instant>? = nil,
        speed: Double = 1,
        processes: [ProcessRow]? = nil,
        process: ProcessID? = nil,
        reach: Duration? = nil
    ) {
        self.init(
            DashboardSettings(
                theme: theme,
                themes: themes,
                view: view,
                framesPerSecond: framesPerSecond,
                isReadonly: isReadonly,
                isPaused: isPaused,
                keys: keys,
                notices: notices,
                speed: speed
            ),
            origin: origin,
            clock: clock,
            size: size,
            glyphs: glyphs,
            scenarios: scenarios,
            usesMouse: usesMouse,
            recordedSpan: recordedSpan,
            processes: processes,
            process: process,
            reach: reach
        )
    }

    package init(
        _ settings: DashboardSettings,
        origin: String,
        clock: WallClock,
        size: Size,
        glyphs: GlyphSet,
        scenarios: [ScenarioChoice],
        usesMouse: Bool,
        recordedSpan: ClosedRange<TimeSource.Instant>?,
        processes: [ProcessRow]? = nil,
        process: ProcessID? = nil,
        reach: Duration? = nil
    ) {
        self.settings = settings
        self.origin = origin
        self.clock = clock
        self.size = size
        self.glyphs = glyphs
        self.scenarios = scenarios
        self.usesMouse = usesMouse
        self.recordedSpan = recordedSpan
        self.processes = processes
        self.process = process
        self.reach = reach
    }

    /// A property of the configuration's ``DashboardSettings``.
    public subscript<Value>(dynamicMember path: WritableKeyPath<DashboardSettings, Value>) -> Value {
        get { self.settings[keyPath: path] }
        set { self.settings[keyPath: path] = newValue }
    }
}
