/// Everything a person can ask of the dashboard. The raw value is the command's name in the help, the documentation and `resmon keys`.
public enum Command: String, CaseIterable, Sendable {
    case overview = "view.overview"
    case scopes = "view.scopes"
    case resources = "view.resources"
    case pools = "view.pools"
    case health = "view.health"
    case events = "view.events"
    case findings = "view.findings"
    case graph = "view.graph"
    case nextPane = "pane.next"
    case previousPane = "pane.previous"
    case open = "item.open"
    case back = "back"
    case viewBack = "view.back"
    case viewForward = "view.forward"
    case lastView = "view.last"
    case down = "row.down"
    case up = "row.up"
    case first = "row.first"
    case last = "row.last"
    case pageDown = "row.page-down"
    case pageUp = "row.page-up"
    case left = "column.left"
    case right = "column.right"
    case sort = "sort.next"
    case reverse = "sort.reverse"
    case filter = "filter"
    case nextMatch = "match.next"
    case previousMatch = "match.previous"
    case showClosed = "closed.show"
    case pause = "time.pause"
    case peek = "peek"
    case openScope = "scope.open"
    case openScopeNamed = "scope.open-named"
    case getResource = "resource.get"
    case closeScope = "scope.close"
    case checkHealth = "health.check"
    case checkAllHealth = "health.check-all"
    case explain = "finding.explain"
    case theme = "screen.theme"
    case glyphs = "screen.glyphs"
    case redraw = "screen.redraw"
    case suspend = "screen.suspend"
    case help = "help"
    case quit = "quit"
    case quitNow = "quit.now"
}

/// One row of the table from which keys are dispatched and the help, the footer and `resmon keys` are made.
public struct CommandInfo: Sendable {
    /// Where the help lists it.
    public enum Group: String, CaseIterable, Sendable {
        case go = "GO"
        case list = "LIST"
        case act = "SCOPES AND RESOURCES"
        case screen = "SCREEN"
    }

    public let command: Command
    public let keys: [Key]
    /// The keys as people write them.
    public let label: String
    public let group: Group
    /// What it does, in a few words.
    public let help: String
    /// What the footer calls it; nil if it is not shown there.
    public let hint: String?
    /// The views it works in; nil for all.
    public let views: Set<DashboardView>?
    /// Whether it does something to the container.
    public let acts: Bool

    private init(
        _ command: Command,
        _ keys: [Key],
        _ label: String,
        _ group: Group,
        _ help: String,
        hint: String? = nil,
        views: Set<DashboardView>? = nil,
        acts: Bool = false
    ) {
        self.command = command
        self.keys = keys
        self.label = label
        self.group = group
        self.help = help
        self.hint = hint
        self.views = views
        self.acts = acts
    }

    private static func control(_ character: Character) -> Key {
        Key(.character(character), .control)
    }

    /// All commands, in the order of the help.
    public static let all: [CommandInfo] = [
        CommandInfo(.overview, [Key("1")], "1", .go, "overview"),
        CommandInfo(.scopes, [Key("2")], "2", .go, "scopes"),
        CommandInfo(.resources, [Key("3")], "3", .go, "resources"),
        CommandInfo(.pools, [Key("4")], "4", .go, "pools"),
        CommandInfo(.health, [Key("5")], "5", .go, "health"),
        CommandInfo(.events, [Key("6")], "6", .go, "events"),
        CommandInfo(.findings, [Key("7")], "7", .go, "findings"),
        CommandInfo(.graph, [Key("8")], "8", .go, "graph of what was made with what"),
        CommandInfo(.nextPane, [Key(.tab)], "Tab", .go, "next pane", hint: "pane"),
        CommandInfo(.previousPane, [Key(.tab, .shift)], "S-Tab", .go, "previous pane"),
        CommandInfo(.open, [Key(.enter)], "Enter", .go, "open, jump to", hint: "open"),
        CommandInfo(.back, [Key(.escape)], "Esc", .go, "back, clear"),
        CommandInfo(.viewBack, [Key("[")], "[", .go, "earlier view"),
        CommandInfo(.viewForward, [Key("]")], "]", .go, "later view"),
        CommandInfo(.lastView, [Key("`")], "`", .go, "last view"),
        CommandInfo(.down, [Key("j"), Key(.down)], "j ↓", .list, "down"),
        CommandInfo(.up, [Key("k"), Key(.up)], "k ↑", .list, "up"),
        CommandInfo(.first, [Key("g"), Key(.home)], "g Home", .list, "first"),
        CommandInfo(.last, [Key("G"), Key(.end)], "G End", .list, "last, follow"),
        CommandInfo(.pageDown, [Self.control("d"), Key(.pageDown)], "C-d PgDn", .list, "half a page down"),
        CommandInfo(.pageUp, [Self.control("u"), Key(.pageUp)], "C-u PgUp", .list, "half a page up"),
        CommandInfo(.left, [Key("h"), Key(.left)], "h ←", .list, "fold, column to the left", views: [.scopes, .resources]),
        CommandInfo(.right, [Key("l"), Key(.right)], "l →", .list, "unfold, column to the right", views: [.scopes, .resources]),
        CommandInfo(.sort, [Key("s")], "s", .list, "sort by the next column", hint: "sort", views: [.resources]),
        CommandInfo(.reverse, [Key("S")], "S", .list, "reverse the order", views: [.resources]),
        CommandInfo(.filter, [Key("/")], "/", .list, "filter", hint: "filter", views: [.scopes, .resources, .health, .events, .findings]),
        CommandInfo(.nextMatch, [Key("n")], "n", .list, "next match of the filter", views: [.scopes]),
        CommandInfo(.previousMatch, [Key("N")], "N", .list, "previous match", views: [.scopes]),
        CommandInfo(.showClosed, [Key("c")], "c", .list, "show and hide what has ended", views: [.scopes, .resources, .findings]),
        CommandInfo(.peek, [Key("p")], "p", .list, "peek at the selected resource", hint: "peek", views: [.resources]),
        CommandInfo(.openScope, [Key("o")], "o", .act, "open a child scope", hint: "open-scope", acts: true),
        CommandInfo(.openScopeNamed, [Key("O")], "O", .act, "open one with a name", acts: true),
        CommandInfo(.getResource, [Key("a")], "a", .act, "get a resource into the scope", hint: "get", acts: true),
        CommandInfo(.closeScope, [Key("x")], "x", .act, "close the scope (asks)", hint: "close-scope", acts: true),
        CommandInfo(.checkHealth, [Key("i")], "i", .act, "check the selected resource", hint: "check", acts: true),
        CommandInfo(.checkAllHealth, [Key("I")], "I", .act, "check all resources", acts: true),
        CommandInfo(
            .explain,
            [Key("e")],
            "e",
            .act,
            "explain what was found about it",
            hint: "explain",
            views: [.overview, .scopes, .resources, .pools, .health, .graph]
        ),
        CommandInfo(.pause, [Key(" ")], "Space", .screen, "pause, go on", hint: "pause"),
        CommandInfo(.theme, [Key("T")], "T", .screen, "choose a theme"),
        CommandInfo(.glyphs, [Key("A")], "A", .screen, "glyphs: braille, block, ASCII"),
        CommandInfo(.redraw, [Self.control("l")], "C-l", .screen, "draw the screen anew"),
        CommandInfo(.suspend, [Self.control("z")], "C-z", .screen, "suspend; fg comes back"),
        CommandInfo(.help, [Key("?")], "?", .screen, "this help", hint: "help"),
        CommandInfo(.quit, [Key("q")], "q", .screen, "quit", hint: "quit"),
        CommandInfo(.quitNow, [Key("Q")], "Q", .screen, "quit without asking"),
    ]

    private static let byKey: [Key: [CommandInfo]] = Dictionary(
        grouping: Self.all.flatMap { info in info.keys.map { ($0, info) } },
        by: \.0
    ).mapValues { $0.map(\.1) }

    /// What `key` asks for in `view`.
    static func command(for key: Key, in view: DashboardView) -> CommandInfo? {
        self.byKey[key]?.first { $0.views?.contains(view) ?? true }
    }
}
