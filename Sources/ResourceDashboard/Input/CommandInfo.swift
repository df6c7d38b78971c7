/// One row of the table from which keys are dispatched and the help, the palette, the footer and `resmon keys` are made.
public struct CommandInfo: Sendable {
    /// Where the help lists it.
    public enum Group: String, CaseIterable, Sendable {
        case go = "GO"
        case list = "LIST"
        case time = "TIME"
        case act = "SCOPES AND RESOURCES"
        case output = "OUTPUT"
        case screen = "SCREEN"
    }

    public let command: Command
    /// The keys that ask for it; none if only the palette does.
    public internal(set) var keys: [Key]
    /// The keys as people write them.
    public internal(set) var label: String
    public let group: Group
    /// What it does, in a few words.
    public let help: String
    /// What the footer calls it; nil if it is not shown there.
    public let hint: String?
    /// The views it works in; nil for all.
    public let views: Set<DashboardView>?
    /// Whether it does something to the container.
    public let acts: Bool
    /// What may follow its name in the palette.
    public let argument: String?

    private init(
        _ command: Command,
        _ keys: String,
        _ group: Group,
        _ help: String,
        hint: String? = nil,
        views: Set<DashboardView>? = nil,
        acts: Bool = false,
        argument: String? = nil
    ) {
        self.command = command
        self.keys = keys.split(separator: " ").compactMap { Key(named: $0) }
        self.label =
            keys.isEmpty
            ? ":\(command.rawValue)"
            : keys.replacing("Down", with: "↓").replacing("Up", with: "↑")
                .replacing("Left", with: "←").replacing("Right", with: "→").replacing("Pg↓", with: "PgDn").replacing("Pg↑", with: "PgUp")
        self.group = group
        self.help = help
        self.hint = hint
        self.views = views
        self.acts = acts
        self.argument = argument
    }

    private static let filtered: Set<DashboardView> = [.scopes, .resources, .pools, .health, .events, .findings]
    private static let sorted: Set<DashboardView> = [.resources, .pools, .health]
    private static let sideways: Set<DashboardView> = [.overview, .scopes, .resources, .pools, .health, .graph]

    /// All commands, in the order of the help.
    public static let all: [CommandInfo] = [
        CommandInfo(.overview, "1", .go, "overview"),
        CommandInfo(.scopes, "2", .go, "scopes"),
        CommandInfo(.resources, "3", .go, "resources"),
        CommandInfo(.pools, "4", .go, "pools"),
        CommandInfo(.health, "5", .go, "health"),
        CommandInfo(.events, "6", .go, "events"),
        CommandInfo(.findings, "7", .go, "findings"),
        CommandInfo(.graph, "8", .go, "graph of what was made with what"),
        CommandInfo(.nextPane, "Tab", .go, "next pane", hint: "pane"),
        CommandInfo(.previousPane, "S-Tab", .go, "previous pane"),
        CommandInfo(.open, "Enter", .go, "open, jump to", hint: "open"),
        CommandInfo(.back, "Esc", .go, "back, clear"),
        CommandInfo(.viewBack, "[", .go, "earlier view"),
        CommandInfo(.viewForward, "]", .go, "later view"),
        CommandInfo(.lastView, "`", .go, "last view"),
        CommandInfo(.down, "j Down", .list, "down"),
        CommandInfo(.up, "k Up", .list, "up"),
        CommandInfo(.first, "g Home", .list, "first"),
        CommandInfo(.last, "G End", .list, "last, follow"),
        CommandInfo(.pageDown, "C-d PgDn", .list, "half a page down"),
        CommandInfo(.pageUp, "C-u PgUp", .list, "half a page up"),
        CommandInfo(.left, "h Left", .list, "fold, column to the left", views: Self.sideways),
        CommandInfo(.right, "l Right", .list, "unfold, column to the right", views: Self.sideways),
        CommandInfo(.columns, "=", .list, "choose the columns", views: [.resources]),
        CommandInfo(.sort, "s", .list, "sort by the next column", hint: "sort", views: Self.sorted),
        CommandInfo(.reverse, "S", .list, "reverse the order", views: Self.sorted),
        CommandInfo(.sortNow, "F", .list, "sort again now", views: Self.sorted),
        CommandInfo(.holdOrder, "z", .list, "hold the order", views: Self.sorted),
        CommandInfo(.filter, "/", .list, "filter", hint: "filter", views: Self.filtered, argument: "terms"),
        CommandInfo(.nextMatch, "n", .list, "next match of the filter", views: Self.filtered),
        CommandInfo(.previousMatch, "N", .list, "previous match", views: Self.filtered),
        CommandInfo(.showClosed, "c", .list, "show and hide what has ended", views: [.overview, .scopes, .resources, .findings]),
        CommandInfo(.groupErrors, "E", .list, "errors, grouped by cause", hint: "errors", views: [.events]),
        CommandInfo(.nextError, "!", .list, "next error"),
        CommandInfo(.peek, "p", .list, "peek at the selected resource", hint: "peek", views: [.resources]),
        CommandInfo(.pause, "Space", .time, "pause, go on", hint: "pause"),
        CommandInfo(.stepBack, ",", .time, "one step back"),
        CommandInfo(.stepForward, ".", .time, "one step on"),
        CommandInfo(.earlier, "<", .time, "10 s back"),
        CommandInfo(.later, ">", .time, "10 s on"),
        CommandInfo(.live, "0", .time, "back to live"),
        CommandInfo(.setMark, "m", .time, "set a mark: m and a letter", hint: "mark"),
        CommandInfo(.goToMark, "'", .time, "go to a mark: ' and its letter"),
        CommandInfo(.differences, "d", .time, "what came between the last two marks and stayed"),
        CommandInfo(.zoomIn, "+", .time, "a shorter time in the charts"),
        CommandInfo(.zoomOut, "-", .time, "a longer time in the charts"),
        CommandInfo(.speed, "", .time, "play a recording faster or slower", argument: "factor"),
        CommandInfo(.openScope, "o", .act, "open a child scope", hint: "open-scope", acts: true),
        CommandInfo(.openScopeNamed, "O", .act, "open one with a name", acts: true, argument: "name"),
        CommandInfo(.getResource, "a", .act, "get a resource into the scope", hint: "get", acts: true),
        CommandInfo(.teardownPreview, "t", .act, "what closing the scope would do"),
        CommandInfo(.closeScope, "x", .act, "close the scope (asks)", hint: "close-scope", acts: true),
        CommandInfo(.forceClose, "X", .act, "close it by force (asks)", acts: true),
        CommandInfo(.injectFault, "f", .act, "let its next initialise or dispose go wrong", acts: true),
        CommandInfo(.lease, "", .act, "borrow an item of the selected pool", acts: true),
        CommandInfo(.release, "", .act, "give back what was borrowed last", acts: true),
        CommandInfo(.checkHealth, "i", .act, "check the selected resource", hint: "check", acts: true),
        CommandInfo(.checkAllHealth, "I", .act, "check all resources", acts: true),
        CommandInfo(
            .explain,
            "e",
            .act,
            "explain what was found about it",
            hint: "explain",
            views: [.overview, .scopes, .resources, .pools, .health, .graph]
        ),
        CommandInfo(.allowFinding, "", .act, "allow a finding by its kind, or kind and label", acts: true, argument: "name"),
        CommandInfo(.scenario, "D", .act, "choose another scenario", acts: true, argument: "name"),
        CommandInfo(.load, "", .act, "change the scenario's load", acts: true, argument: "percent"),
        CommandInfo(.copyRow, "y", .output, "copy the row (OSC 52)"),
        CommandInfo(.copyView, "Y", .output, "copy the view (OSC 52)"),
        CommandInfo(.writeFrame, "w", .output, "write the frame to a file", argument: "file"),
        CommandInfo(.record, "r", .output, "start, stop recording", argument: "file"),
        CommandInfo(.palette, ":", .screen, "commands by name, as here"),
        CommandInfo(.theme, "T", .screen, "choose a theme", argument: "name"),
        CommandInfo(.glyphs, "A", .screen, "glyphs: braille, block, ASCII"),
        CommandInfo(.mouse, "M", .screen, "the mouse for resmon or for the terminal"),
        CommandInfo(.redraw, "C-l", .screen, "draw the screen anew"),
        CommandInfo(.suspend, "C-z", .screen, "suspend; fg comes back"),
        CommandInfo(.help, "?", .screen, "this help", hint: "help"),
        CommandInfo(.quit, "q", .screen, "quit", hint: "quit"),
        CommandInfo(.quitNow, "Q", .screen, "quit without asking"),
    ]
}
