/// The description of a command: its keys, texts and the views that have it.
///
/// Key dispatch, the help, the palette, the footer and `resmon keys` all use the same table, ``all``.
package struct CommandInfo: Sendable {
    /// The section of the help that lists the command. The raw value is the section's title.
    package enum Group: String, CaseIterable, Sendable {
        /// Views, panes and navigation.
        case go = "GO"
        /// Rows, sorting and filters.
        case list = "LIST"
        /// Time travel, marks and charts.
        case time = "TIME"
        /// Actions on the container.
        case act = "SCOPES AND RESOURCES"
        /// Clipboard, files and recordings.
        case output = "OUTPUT"
        /// The screen and the program.
        case screen = "SCREEN"
    }

    /// When a command exists. At other times it has neither a key nor a name.
    package enum Existence: Sendable {
        case always
        /// While the dashboard is attached to processes.
        case attached
        /// While the source has a flight recorder, or the dashboard is attached to processes.
        case recording
    }

    /// The command.
    package let command: Command
    /// The keys of the command; empty if it is available only from the palette.
    package private(set) var keys: [Key]
    /// The keys as shown in the help, or the palette form (`:name`) if there are none.
    package private(set) var label: String
    /// The last part of the command's name in words, such as `teardown preview`.
    let shortName: String
    /// The section of the help.
    package let group: Group
    /// The effect, in a few words.
    package let help: String
    /// The label in the footer; nil if the footer does not show the command.
    package let hint: String?
    /// The views that have the command; nil for all. Its keys may have other commands in other views.
    package let views: Set<DashboardView>?
    /// Whether the command acts on the container. Such commands are refused in read-only mode.
    package let acts: Bool
    /// The name of the argument that may follow the command's name in the palette; nil if there is none.
    package let argument: String?
    /// Another name of the command in the palette; nil if there is none.
    package let alias: String?
    /// When the command exists.
    package let existence: Existence

    private init(
        _ command: Command,
        _ keys: String,
        _ group: Group,
        _ help: String,
        hint: String? = nil,
        views: Set<DashboardView>? = nil,
        acts: Bool = false,
        argument: String? = nil,
        alias: String? = nil,
        existence: Existence = .always
    ) {
        self.command = command
        self.keys = keys.split(separator: " ").compactMap { Key(named: $0) }
        self.label =
            keys.isEmpty
            ? ":\(command.rawValue)"
            : keys.replacing("Down", with: "↓").replacing("Up", with: "↑")
                .replacing("Left", with: "←").replacing("Right", with: "→").replacing("Pg↓", with: "PgDn").replacing("Pg↑", with: "PgUp")
        self.shortName = String(command.rawValue.split(separator: ".").last ?? "").replacing("-", with: " ")
        self.group = group
        self.help = help
        self.hint = hint
        self.views = views
        self.acts = acts
        self.argument = argument
        self.alias = alias
        self.existence = existence
    }

    /// Replaces the keys, and shows them by their names.
    mutating func assign(_ keys: [Key]) {
        self.keys = keys
        self.label = keys.isEmpty ? ":\(self.command.rawValue)" : keys.map(\.name).joined(separator: " ")
    }

    /// All commands, in the order of the help.
    package static let all: [CommandInfo] = [
        CommandInfo(.overview, "1", .go, "overview"),
        CommandInfo(.scopes, "2", .go, "scopes"),
        CommandInfo(.resources, "3", .go, "resources"),
        CommandInfo(.pools, "4", .go, "pools"),
        CommandInfo(.health, "5", .go, "health"),
        CommandInfo(.events, "6", .go, "events"),
        CommandInfo(.findings, "7", .go, "findings"),
        CommandInfo(.graph, "8", .go, "dependency graph"),
        CommandInfo(.processes, "9", .go, "attached processes", existence: .attached),
        CommandInfo(.pickProcess, "P", .go, "pick a process", hint: "process", existence: .attached),
        CommandInfo(.previousProcess, "(", .go, "previous process", existence: .attached),
        CommandInfo(.nextProcess, ")", .go, "next process", existence: .attached),
        CommandInfo(.reconnect, "R", .go, "reconnect now, or go to the successor", existence: .attached),
        CommandInfo(.nextPane, "Tab", .go, "next pane", hint: "pane"),
        CommandInfo(.previousPane, "S-Tab", .go, "previous pane"),
        CommandInfo(.zoom, "Z", .go, "pane over the whole body, and back"),
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
        CommandInfo(.left, "h Left", .list, "fold, column to the left"),
        CommandInfo(.right, "l Right", .list, "unfold, column to the right"),
        CommandInfo(.columns, "=", .list, "choose the columns", alias: "columns"),
        CommandInfo(.sort, "s", .list, "sort by the next column", hint: "sort"),
        CommandInfo(.reverse, "S", .list, "reverse the order"),
        CommandInfo(.sortNow, "F", .list, "sort again now"),
        CommandInfo(.holdOrder, "z", .list, "hold the order"),
        CommandInfo(.filter, "/", .list, "filter", hint: "filter", argument: "terms"),
        CommandInfo(.nextMatch, "n", .list, "next match of the filter"),
        CommandInfo(.previousMatch, "N", .list, "previous match"),
        CommandInfo(.showClosed, "c", .list, "show or hide ended items"),
        CommandInfo(.groupErrors, "E", .list, "errors, grouped by cause", hint: "errors", views: [.events]),
        CommandInfo(.nextError, "!", .list, "next error"),
        CommandInfo(.peek, "p", .list, "peek at the selected resource", hint: "peek", views: [.resources]),
        CommandInfo(.pause, "Space", .time, "pause, resume", hint: "pause"),
        CommandInfo(.stepBack, ",", .time, "one step back"),
        CommandInfo(.stepForward, ".", .time, "one step forward"),
        CommandInfo(.earlier, "<", .time, "10 s back"),
        CommandInfo(.later, ">", .time, "10 s forward"),
        CommandInfo(.goToTime, "", .time, "go to a time of day: goto 12:03:40", argument: "time"),
        CommandInfo(.live, "0", .time, "back to live"),
        CommandInfo(.setMark, "m", .time, "set a mark: m and a letter", hint: "mark"),
        CommandInfo(.goToMark, "'", .time, "go to a mark: ' and its letter"),
        CommandInfo(.differences, "d", .time, "live resources created between two marks"),
        CommandInfo(.zoomIn, "+", .time, "shorter time span in charts"),
        CommandInfo(.zoomOut, "-", .time, "longer time span in charts"),
        CommandInfo(.speed, "", .time, "play a recording faster or slower", argument: "factor"),
        CommandInfo(.openScope, "o", .act, "open a child scope", hint: "open-scope", acts: true),
        CommandInfo(.openScopeNamed, "O", .act, "open a named child scope", acts: true, argument: "name"),
        CommandInfo(.getResource, "a", .act, "resolve a resource in the scope", hint: "get", acts: true),
        CommandInfo(.teardownPreview, "t", .act, "preview the teardown of the scope"),
        CommandInfo(.closeScope, "x", .act, "close the scope (asks)", hint: "close-scope", acts: true),
        CommandInfo(.forceClose, "X", .act, "close the scope by force (asks)", acts: true),
        CommandInfo(.injectFault, "f", .act, "inject a fault into new instances", acts: true),
        CommandInfo(.lease, "", .act, "lease an item of the selected pool", acts: true),
        CommandInfo(.release, "", .act, "release the newest manual lease", acts: true),
        CommandInfo(.checkHealth, "i", .act, "check the selected resource", hint: "check", acts: true),
        CommandInfo(.checkAllHealth, "I", .act, "check all resources", acts: true),
        CommandInfo(.explain, "e", .act, "explain the finding", hint: "explain"),
        CommandInfo(.allowFinding, "", .act, "suppress findings by kind, or kind and label", acts: true, argument: "name"),
        CommandInfo(.scenario, "D", .act, "choose another scenario", acts: true, argument: "name"),
        CommandInfo(.load, "", .act, "set the scenario's load", acts: true, argument: "percent"),
        CommandInfo(.copyRow, "y", .output, "copy the row (OSC 52)"),
        CommandInfo(.copyView, "Y", .output, "copy the table (OSC 52)", argument: "tsv"),
        CommandInfo(.writeFrame, "w", .output, "write the frame to a file", argument: "file"),
        CommandInfo(.record, "r", .output, "start or stop recording", argument: "file"),
        CommandInfo(.save, "", .output, "save the past that the flight recorder keeps", argument: "time file", existence: .recording),
        CommandInfo(.palette, ":", .screen, "commands by name"),
        CommandInfo(.theme, "T", .screen, "choose a theme", argument: "name"),
        CommandInfo(.glyphs, "A", .screen, "glyphs: braille, block, ASCII"),
        CommandInfo(.mouse, "M", .screen, "mouse: resmon or the terminal"),
        CommandInfo(.redraw, "C-l", .screen, "redraw the screen"),
        CommandInfo(.suspend, "C-z", .screen, "suspend; fg resumes"),
        CommandInfo(.help, "?", .screen, "this help", hint: "help"),
        CommandInfo(.quit, "q", .screen, "quit", hint: "quit"),
        CommandInfo(.quitNow, "Q", .screen, "quit without asking"),
    ]
}
