import Testing

@testable import ResourceDashboard

@Suite("Command table")
struct CommandTableTests {
    @Test("every command stands in the table once")
    func complete() {
        #expect(CommandInfo.all.map(\.command.rawValue).sorted() == Command.allCases.map(\.rawValue).sorted())
    }

    @Test("no key means two things in a view", arguments: DashboardView.allCases)
    func unambiguous(_ view: DashboardView) {
        var owners: [Key: [Command]] = [:]
        for info in CommandInfo.all where info.views?.contains(view) ?? true {
            for key in info.keys { owners[key, default: []].append(info.command) }
        }
        #expect(owners.filter { $0.value.count > 1 }.isEmpty)
    }

    @Test("every command has a key or is one of the palette's, a label and words")
    func described() {
        for info in CommandInfo.all {
            #expect(
                (!info.keys.isEmpty || info.label == ":\(info.command.rawValue)") && !info.label.isEmpty && !info.help.isEmpty,
                "\(info.command)"
            )
        }
    }

    @Test("the number of a view is the key that shows it", arguments: DashboardView.allCases)
    func numbers(_ view: DashboardView) {
        var state = DashboardState.fixture(view == .overview ? .events : .overview)
        _ = state.type("\(view.number)")
        #expect(state.view == view)
    }

    @Test("moving keys never act")
    func movingNeverActs() {
        for character in "hjklgG" {
            for view in DashboardView.allCases {
                #expect(KeyMap.standard.command(for: Key(character), in: view)?.acts != true)
            }
        }
    }
}
