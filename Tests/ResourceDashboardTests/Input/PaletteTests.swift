import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Command palette")
struct PaletteTests {
    private func first(_ text: String) -> (Command?, String) {
        let match = KeyMap.standard.matches(text).first
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

    @Test("An alias, the last word of one name only, and a name with dots find a command with its argument.")
    func shortNames() {
        #expect(self.first("columns") == (.columns, ""))
        #expect(self.first("copy.view tsv") == (.copyView, "tsv"))
        #expect(self.first("goto 12:03:40") == (.goToTime, "12:03:40"))
        #expect(self.first("pools") == (.pools, ""))
        #expect(self.first("write out.txt") == (.writeFrame, "out.txt"))
        #expect(self.first("allow leak") == (.allowFinding, "leak"))
        // Another command begins with the word, so that it does not mean copy.view.
        #expect(self.first("view").0 != .copyView)
        #expect(self.first("view poo") == (.pools, ""))
    }

    @Test("Every command can be found by typing its name.", arguments: CommandInfo.all.map(\.command))
    func reachable(_ command: Command) {
        #expect(self.first(command.words).0 == command)
        #expect(self.first(command.rawValue).0 == command)
    }

    @Test("Tab keeps the argument that is typed after the name.")
    func completedArgument() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":allow leak")
        _ = state.press(.tab)
        guard case .palette(let palette)? = state.overlay else {
            Issue.record("the palette closed")
            return
        }
        #expect(palette.text.text == "finding allow leak")
        #expect(palette.selectedCommand?.argument == "leak")
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
        #expect(state.palette?.text.text == "view pools")
        _ = state.press(.character("u"), .control)
        _ = state.type("writ")
        _ = state.press(.tab)
        #expect(state.palette?.text.text == "frame write ")
        _ = state.press(.escape)
        #expect(state.overlay == nil)
    }

    @Test("Pasted text is inserted and runs nothing.")
    func paste() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":")
        #expect(state.update(.input(.paste("quit now\nquit now\n"))).isEmpty)
        #expect(state.palette?.text.text == "quit now")
        #expect(state.palette?.selectedCommand?.info.command == .quitNow)
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

    // MARK: Place and position

    @Test("The palette keeps its place and its height while one types, and shows what is typed.")
    func place() throws {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":")
        let (top, bottom) = try (state.row("Command"), state.row("Esc closes"))
        for letter in "xyzzy" {
            _ = state.type(String(letter))
            #expect(try state.row("Command") == top)
            #expect(try state.row("Esc closes") == bottom)
        }
        #expect(try state.row(":xyzzy") == top + 1)
    }

    @Test("Home, End, PgUp and PgDn move in the list, and the position is shown.")
    func paging() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":")
        let count = state.keys.commands.count
        _ = state.press(.end)
        #expect(state.palette?.selected == count - 1)
        #expect(TextRenderer.render(state.render()).contains("\(count) of \(count)"))
        _ = state.press(.home)
        #expect(state.palette?.selected == 0)
        _ = state.press(.pageDown)
        #expect((2..<count).contains(state.palette?.selected ?? 0))
        _ = state.press(.pageUp)
        #expect(state.palette?.selected == 0)
    }

    @Test("A click on a row of the palette runs it.")
    func click() throws {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":view poo")
        _ = state.update(.input(.mouse(Mouse(.press, x: 40, y: try state.row("view pools")))))
        #expect(state.view == .pools)
        #expect(state.overlay == nil)
    }

    // MARK: Commands of other views

    @Test("A command of another view goes there and runs.")
    func otherView() {
        var state = DashboardState.fixture(.pools)
        _ = state.type(":error group")
        #expect(TextRenderer.render(state.render()).contains("in Events"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .events)
        #expect(state.overlay == nil)
    }

    @Test("A command about a scope goes to the scopes if no scope is selected.")
    func otherViewWithRows() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.pools)
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":scope open")
        #expect(state.press(.enter) == [.openScope(in: .root, name: nil)])
        #expect(state.view == .scopes)
    }

    @Test("A command that works nowhere is dimmed with the reason, and Enter leaves the palette open.")
    func obstacles() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes, isReadonly: true)
        _ = state.update(.monitor(fixture.update()))
        for (text, reason) in [("scope open", "read-only"), ("mark differences", "no marks"), ("speed 2", "not a recording")] {
            _ = state.type(":\(text)")
            #expect(state.palette?.selectedCommand?.obstacle == reason)
            #expect(TextRenderer.render(state.render()).contains(reason))
            #expect(state.press(.enter).isEmpty)
            #expect(state.palette?.text.text == text)
            #expect(state.palette?.refusal != nil)
            _ = state.press(.escape)
        }
        state = DashboardState.fixture(.scopes)
        _ = state.update(.monitor(fixture.update(isReset: true)))
        _ = state.type(":lease")
        #expect(state.palette?.selectedCommand?.obstacle == "no pools")
    }

    @Test("A command on the container is dimmed in the past.")
    func obstacleInPast() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes)
        for _ in 0..<3 {
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.seconds(1))
        }
        _ = state.type(",")
        #expect(state.isPast)
        _ = state.type(":scope open")
        #expect(state.palette?.selectedCommand?.obstacle == "not in the past")
        #expect(state.press(.enter).isEmpty)
        #expect(state.palette?.refusal?.contains("this is the past") == true)
    }

    // MARK: Faults

    @Test(
        "A faulty argument is reported while it is typed, and the command stays in the field after Enter.",
        arguments: [
            ("load abc", "takes a percentage"), ("theme nope", "unknown theme nope"), ("goto 99:00", "is not a time of day"),
            ("copy.view pdf", "is not a format"), ("filter foo:x", "foo"),
        ]
    )
    func faults(_ text: String, _ reason: String) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":\(text)")
        #expect(state.palette?.message(state)?.contains(reason) == true)
        #expect(state.press(.enter).isEmpty)
        #expect(state.palette?.text.text == text)
        #expect(state.palette?.refusal?.contains(reason) == true)
        #expect(TextRenderer.render(state.render()).contains(reason))
    }

    @Test("A corrected argument runs.")
    func corrected() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes)
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":load abc")
        _ = state.press(.enter)
        for _ in 0..<3 { _ = state.press(.backspace) }
        #expect(state.palette?.refusal == nil)
        _ = state.type("50")
        #expect(state.press(.enter) == [.setLoad(50)])
        #expect(state.overlay == nil)
    }

    @Test("An unknown name stays in the field, and the nearest name is suggested.")
    func unknown() {
        var state = DashboardState.fixture(.overview)
        _ = state.type(":nothing like this")
        _ = state.press(.enter)
        #expect(state.palette?.text.text == "nothing like this")
        #expect(state.palette?.refusal == "'nothing like this' is no command and no name: ? lists the commands")
        _ = state.press(.escape)
        _ = state.type(":veiw pools")
        #expect(state.palette?.message(state)?.contains("the nearest is view pools") == true)
        _ = state.press(.tab)
        #expect(state.palette?.text.text == "view pools")
        _ = state.press(.enter)
        #expect(state.view == .pools)
    }

    @Test(
        "The edit distance counts inserted, removed, replaced and swapped letters.",
        arguments: [("", "", 0), ("a", "", 1), ("load", "laod", 1), ("pools", "pool", 1), ("kitten", "sitting", 3)]
    )
    func distance(_ from: String, _ to: String, _ distance: Int) {
        #expect(from.editDistance(to: to) == distance)
        #expect(to.editDistance(to: from) == distance)
    }
}

extension DashboardState {
    /// The open palette; nil if it is not open.
    var palette: PaletteDialog? {
        if case .palette(let palette) = self.overlay { palette } else { nil }
    }

    /// Returns the last row of the screen that contains a text.
    func row(_ text: String) throws -> Int {
        let lines = TextRenderer.render(self.render()).split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.lastIndex { $0.contains(text) })
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

    @Test("A command for attached processes gives way to a command that takes its key.")
    func yields() throws {
        let keys = try KeyMap(changes: ["scope.open": ["P", "9"]])
        #expect(keys.command(for: Key("P"), in: .scopes)?.command == .openScope)
        #expect(keys.info(.pickProcess)?.label == ":process.pick")
        #expect(keys.info(.processes)?.keys.isEmpty == true)
        #expect(keys.key(.nextProcess) == ")")
        #expect(try KeyMap(changes: ["process.pick": ["F9"]]).key(.pickProcess) == "F9")
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
        #expect(fault(["process.pick": ["o"]]) == .ambiguous(Key("o"), .pickProcess, .openScope))
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
