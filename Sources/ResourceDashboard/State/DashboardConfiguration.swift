import ResourceContainer

/// The screens that are built, in the order of their tabs.
public enum DashboardView: String, CaseIterable, Hashable, Sendable, Codable {
    case overview, scopes, resources, pools, health, events, findings, graph

    /// The key that shows it.
    public var number: Int {
        switch self {
        case .overview: 1
        case .scopes: 2
        case .resources: 3
        case .pools: 4
        case .health: 5
        case .events: 6
        case .findings: 7
        case .graph: 8
        }
    }

    /// The name on its tab.
    public var title: String {
        switch self {
        case .overview: "Overview"
        case .scopes: "Scopes"
        case .resources: "Resources"
        case .pools: "Pools"
        case .health: "Health"
        case .events: "Events"
        case .findings: "Findings"
        case .graph: "Graph"
        }
    }

    /// The panes one can go through with Tab, first the one that has the focus.
    var panes: [String] {
        switch self {
        case .overview: ["Open scopes", "Events", "Needs attention"]
        case .scopes: ["Scopes", "Scope", "If closed now"]
        case .resources: ["Resources", "Peek"]
        case .pools: ["Pools", "Waits", "Holders", "Waiters"]
        case .health: ["Health", "Changes", "Verdict"]
        case .events: ["Events", "Selected"]
        case .findings: ["Findings", "Explained"]
        case .graph: ["Graph"]
        }
    }
}

/// What a dashboard starts with.
public struct DashboardConfiguration: Sendable {
    /// Where the picture comes from: `in-process`, `simulated seed 7`.
    public var origin: String
    /// How instants are shown as times of day.
    public var clock: WallClock
    public var size: Size
    public var theme: Theme
    /// The themes that `T` offers.
    public var themes: [Theme]
    public var glyphs: GlyphSet
    /// Whether every key that does something to the container is refused.
    public var isReadonly: Bool
    /// The view shown first.
    public var view: DashboardView
    /// Whether the dashboard starts paused.
    public var isPaused: Bool
    /// How often data are drawn at most, for the header.
    public var framesPerSecond: Int
    /// Which key asks for what.
    public var keys: KeyMap
    /// What `D` offers; none if the container is no scenario.
    public var scenarios: [ScenarioChoice]
    /// Whether the terminal reports the mouse at first.
    public var usesMouse: Bool
    /// What the person is told first, a line each.
    public var notices: [String]
    /// From when to when the recording goes that is shown; nil if none is.
    public var recordedSpan: ClosedRange<TimeSource.Instant>?
    /// How many times as fast as it happened it is played.
    public var speed: Double

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
        speed: Double = 1
    ) {
        self.origin = origin
        self.clock = clock
        self.size = size
        self.theme = theme
        self.themes = themes
        self.glyphs = glyphs
        self.isReadonly = isReadonly
        self.view = view
        self.isPaused = isPaused
        self.framesPerSecond = framesPerSecond
        self.keys = keys
        self.scenarios = scenarios
        self.usesMouse = usesMouse
        self.notices = notices
        self.recordedSpan = recordedSpan
        self.speed = speed
    }
}
