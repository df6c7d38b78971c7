import Testing

@testable import ResourceDashboard

@Suite("Command table")
struct CommandTableTests {
    @Test("The table lists every command once.")
    func complete() {
        #expect(CommandInfo.all.map(\.command.rawValue).sorted() == Command.allCases.map(\.rawValue).sorted())
    }

    @Test("No key has two commands in a view.", arguments: DashboardView.allCases)
    func unambiguous(_ view: DashboardView) {
        var owners: [Key: [Command]] = [:]
        for info in CommandInfo.all where info.views?.contains(view) ?? true {
            for key in info.keys { owners[key, default: []].append(info.command) }
        }
        #expect(owners.filter { $0.value.count > 1 }.isEmpty)
    }

    @Test("Every command has a key or is in the palette, and has a label and a help text.")
    func described() {
        for info in CommandInfo.all {
            #expect(
                (!info.keys.isEmpty || info.label == ":\(info.command.rawValue)") && !info.label.isEmpty && !info.help.isEmpty,
                "\(info.command)"
            )
        }
    }

    @Test("Aliases are names of no other command.")
    func aliases() {
        let names = CommandInfo.all.map(\.command.rawValue) + CommandInfo.all.compactMap(\.alias)
        #expect(Set(names).count == names.count)
        #expect(CommandInfo.all.first { $0.alias == "columns" }?.command == .columns)
    }

    @Test("A key for rows in an order of choice reports that the rows of a view have a fixed order.")
    func fixedOrder() {
        var state = DashboardState.fixture(.events)
        _ = state.type("s")
        #expect(state.notice?.text == "these rows have a fixed order")
    }

    @Test("The number of a view is the key that shows it.", arguments: DashboardView.allCases)
    func numbers(_ view: DashboardView) {
        var state = DashboardState.fixture(view == .overview ? .events : .overview)
        _ = state.type("\(view.number)")
        #expect(state.view == view)
    }

    @Test("Movement keys never perform an action.")
    func movingNeverActs() {
        for character in "hjklgG" {
            for view in DashboardView.allCases {
                #expect(KeyMap.standard.command(for: Key(character), in: view)?.acts != true)
            }
        }
    }
}
