import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Command palette")
struct PaletteTests {
    private func first(_ text: String) -> (Command?, String) {
        var palette = Palette()
        palette.field = TextField(text)
        let match = palette.matches(.standard).first
        return (match?.info.command, match?.argument ?? "")
    }

    @Test(
        "Letters in order find a command, and a complete name is the first match.",
        arguments: [
            ("scope open", .openScope), ("scope.open", .openScope), ("sco", .openScope), ("scopen", .openScope), ("quit", .quit),
            ("quit now", .quitNow), ("fex", .explain), ("time live", .live), ("load", .load), ("lease", .lease), ("release", .release),
            ("HELP", .help), ("zoom-in", .zoomIn),
        ] as [(String, Command)]
    )
    func finds(_ text: String, _ command: Command) {
        #expect(self.first(text).0 == command)
    }

    @Test("The text after a command that takes an argument is its argument.")
    func arguments() {
        #expect(self.first("load 50") == (.load, "50"))
        #expect(self.first("finding allow never-used:Cache*") == (.allowFinding, "never-used:Cache*"))
        #expect(self.first("filter type:Db* life>1s") == (.filter, "type:Db* life>1s"))
        #expect(self.first("xyzzy").0 == nil)
    }

    @Test("Every command can be found by typing its name.", arguments: CommandInfo.all.map(\.command))
    func reachable(_ command: Command) {
        #expect(self.first(command.rawValue.replacing(".", with: " ")).0 == command)
        #expect(self.first(command.rawValue).0 == command)
    }

    @Test("Enter runs a command, Tab completes its name, Up recalls the last one, and Esc closes the palette.")
    func keys() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":view pools")
        _ = state.press(.enter)
        #expect(state.view == .pools)
        #expect(state.overlay == nil)
        _ = state.type(":")
        _ = state.press(.up)
        guard case .palette(let palette) = state.overlay else { return #expect(Bool(false), "no palette") }
        #expect(palette.field.text == "view pools")
        _ = state.press(.character("u"), .control)
        _ = state.type("writ")
        _ = state.press(.tab)
        guard case .palette(let completed) = state.overlay else { return #expect(Bool(false), "no palette") }
        #expect(completed.field.text == "frame write ")
        _ = state.press(.escape)
        #expect(state.overlay == nil)
        _ = state.type(":nothing like this")
        _ = state.press(.enter)
        #expect(state.notice?.text.contains("unknown command") == true)
    }

    @Test("Pasted text is inserted and runs nothing.")
    func paste() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":")
        #expect(state.update(.input(.paste("quit now\nquit now\n"))).isEmpty)
        guard case .palette(let palette) = state.overlay else { return #expect(Bool(false), "no palette") }
        #expect(palette.field.text == "quit now")
    }

    @Test("A text field is edited at its cursor.")
    func field() {
        var field = TextField("type:Db")
        for key in [Key(.home), Key("!"), Key(.end), Key("*"), Key(.left), Key(.left), Key("X"), Key(.delete)] { _ = field.take(key) }
        #expect(field.text == "!type:DX*")
        _ = field.take(Key(.character("w"), .control))
        #expect(field.text == "*")
        _ = field.take(Key(.character("k"), .control))
        #expect(field.text == "")
        let isTaken = field.take(Key(.escape))
        #expect(!isTaken)
    }
}

@Suite("Key map")
struct KeyMapTests {
    @Test("The name of every standard key parses as that key.")
    func names() {
        for info in CommandInfo.all {
            for key in info.keys { #expect(Key(named: key.name) == key, "\(key.name)") }
        }
        for name in ["F5", "C-x", "A-j", "S-F1", "PgDn", "space", "ENTER", "-", "C-Left"] { #expect(Key(named: name) != nil, "\(name)") }
        for name in ["", "F13", "Ctrl-x", "jj", "C-"] { #expect(Key(named: name) == nil, "\(name)") }
    }

    @Test("A command takes its configured keys, and its standard keys become free.")
    func changed() throws {
        let keys = try KeyMap(changes: ["scope.open": ["F5", "C-o"], "quit.now": []])
        #expect(keys.command(for: Key(.function(5)), in: .scopes)?.command == .openScope)
        #expect(keys.command(for: Key("o"), in: .scopes) == nil)
        #expect(keys.command(for: Key("Q"), in: .scopes) == nil)
        #expect(keys.info(.openScope)?.label == "F5 C-o")
        #expect(keys.info(.quitNow)?.label == ":quit.now")
        #expect(try KeyMap(changes: ["scope.open": ["O"], "scope.open-named": ["o"]]).key(.openScope) == "O")
    }

    @Test("An invalid key map is rejected with the reason.")
    func faults() {
        func fault(_ changes: [String: [String]]) -> KeyMapError? {
            do throws(KeyMapError) {
                _ = try KeyMap(changes: changes)
                return nil
            } catch { return error }
        }
        #expect(fault(["scope.opn": ["o"]]) == .unknownCommand("scope.opn"))
        #expect(fault(["scope.open": ["Ctrl-o"]]) == .unknownKey("Ctrl-o", command: "scope.open"))
        #expect(fault(["scope.open": ["x"]]) == .ambiguous(Key("x"), .openScope, .closeScope))
        #expect(fault(["quit": []]) == .indispensable(.quit))
        // E exists only in Events and p only in Resources, so they may share a key.
        #expect(fault(["error.group": ["p"]]) == nil)
        for error in [fault(["a": []]), fault(["quit": []])] { #expect(error?.description.isEmpty == false) }
    }

    @Test("The footer, the help and hints name the configured keys.")
    func shown() throws {
        var configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 120, height: 36))
        configuration.keys = try KeyMap(changes: ["scope.open": ["F5"], "quit": ["C-q"]])
        var state = DashboardState(configuration: configuration)
        let text = TextRenderer.render(state.render())
        #expect(text.contains("F5 open-scope"))
        #expect(text.contains("C-q quit"))
        _ = state.press(.character("c"), .control)
        #expect(state.notice?.text.hasPrefix("C-q quits") == true)
        #expect(state.press(.character("q"), .control) == [.quit])
    }
}
