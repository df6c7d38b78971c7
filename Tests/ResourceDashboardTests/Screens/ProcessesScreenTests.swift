import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("View of the processes")
struct ProcessesScreenTests {
    // MARK: Existence

    @Test("Without attached processes there is neither a tab, nor a key, nor a name in the palette or the help.")
    func absent() {
        var state = DashboardState.fixture(.overview)
        #expect(!state.lines[1].contains("9 "))
        for key in "9P()R" { #expect(state.type(String(key)).isEmpty, "\(key)") }
        #expect(state.view == .overview)
        #expect(state.overlay == nil)
        #expect(!state.keys.commands.contains { $0.existence != .always })
        _ = state.type(":view processes")
        #expect(state.palette?.commands.contains { $0.info.command == .processes } == false)
        #expect(DashboardView.allCases.count == 8)
    }

    @Test("With attached processes, the key 9 and the tab show them, and the palette and the help name them.")
    func present() {
        var state = DashboardState.attached()
        #expect(state.lines[1].contains("9 Proc"))
        _ = state.type("9")
        #expect(state.view == .processes)
        _ = state.type("1:view processes")
        #expect(state.palette?.selectedCommand?.info.command == .processes)
        _ = state.press(.enter)
        #expect(state.view == .processes)
        _ = state.type("?process")
        #expect(state.text.contains("attached processes"))
    }

    @Test("The keys of processes exist in every view, and the number of the view is its key.")
    func keys() {
        for view in DashboardView.allCases + [.processes] {
            #expect(KeyMap.standard.command(for: Key("P"), in: view)?.command == .pickProcess)
        }
        #expect(DashboardView.processes.number == 9)
        #expect(DashboardView(rawValue: "processes") == nil)
    }

    // MARK: Table

    private func row(_ state: DashboardState, _ text: String) throws -> String {
        try #require(state.lines.dropFirst(2).first { $0.contains(text) })
    }

    @Test("A row has the figures of its process, and the process that is shown is marked.")
    func figures() throws {
        let state = DashboardState.attached(in: .processes)
        let titles = try self.row(state, "NAME")
        let expected = ["PROC", "NAME", "HOST", "UP", "SCOPES", "ACTIVE", "POOL WORST", "WAIT", "FIND", "HEALTH", "MAY", "HISTORY"]
        for title in expected { #expect(titles.contains(title), "\(title)") }
        let shop = try self.row(state, "4711")
        for figure in ["4711 ◂", "shop", "web1", "12:41", " 9 ", "37", "db 18/20 ▲", " 6 ", "▲ 5", "! degraded", "look, act", "10:00"] {
            #expect(shop.contains(figure), "\(figure)")
        }
        let mail = try self.row(state, "4823")
        for figure in ["mail", "0:12", "–", "● healthy", "look "] { #expect(mail.contains(figure), "\(figure)") }
        #expect(!mail.contains("act"))
    }

    @Test("The row of a process that has ended has the time, the manner, and the effect of Enter.")
    func ended() throws {
        let row = try self.row(.attached(in: .processes), "4600")
        #expect(row.contains("x 4600"))
        #expect(row.contains("ended 12:04:31, without goodbye"))
        #expect(row.contains("Enter: what was last seen"))
    }

    @Test("A process that is back names its successor, and Enter goes there.")
    func successor() throws {
        var state = DashboardState.attached([.ended(successor: ProcessID("4711")), .shop()], to: "4600", in: .processes)
        #expect(try self.row(state, "x 4600").contains("shop is back as 4711: Enter"))
        _ = state.type("G")
        #expect(state.press(.enter) == [.showProcess(ProcessID("4711"))])
    }

    @Test(
        "A process without current figures has the state of its connection in their place.",
        arguments: [
            (ConnectionStatus.connecting, "◌ 4711", "connecting"), (.silent(for: .seconds(4)), "! 4711", "silent for 0:04"),
            (.reconnecting(in: .milliseconds(1_200)), "◌ 4711", "reconnecting, next in 2s"),
            (.reconnecting(in: .zero), "◌ 4711", "reconnecting "), (.refused("too many clients"), "x 4711", "refused: too many clients"),
        ]
    )
    func notLive(_ status: ConnectionStatus, _ sign: String, _ words: String) throws {
        let row = try self.row(.attached([.shop(status), .mail()], to: "4823", in: .processes), "4711")
        #expect(row.contains(sign))
        #expect(row.contains(words))
        #expect(!row.contains("18/20"))
    }

    @Test("Processes that have ended come last, and a click on a title sorts by it.")
    func order() throws {
        var state = DashboardState.attached([.ended(), .mail(), .shop()], in: .processes)
        func names() -> [Int] { ["4823", "4711", "4600"].map { name in state.lines.firstIndex { $0.contains(" \(name) ") } ?? -1 } }
        #expect(names() == names().sorted())
        _ = state.click("ACTIVE")
        let sorted = try (self.line(state, "4711"), self.line(state, "4823"), self.line(state, "4600"))
        #expect(sorted.0 < sorted.1)
        #expect(sorted.1 < sorted.2)
    }

    private func line(_ state: DashboardState, _ text: String) throws -> Int {
        try #require(state.lines.dropFirst(2).firstIndex { $0.contains(text) })
    }

    @Test("A filter reduces the rows, and an unknown field is refused.")
    func filter() {
        var state = DashboardState.attached(in: .processes)
        _ = state.type("/state:ended")
        _ = state.press(.enter)
        #expect(state.list?.count == 1)
        #expect(!state.text.contains("4823"))
        state = DashboardState.attached(in: .processes)
        _ = state.type("/health:healthy")
        _ = state.press(.enter)
        #expect(state.list?.count == 1)
    }

    // MARK: Attention

    /// The process `mail` with a finding of medium severity.
    private static func ailing(_ status: ConnectionStatus = .live(lag: nil)) -> ProcessRow {
        var mail = ProcessRow.mail(status)
        mail.attention = [AttentionLine(severity: .medium, text: "smtp: checked unhealthy 3 times")]
        return mail
    }

    @Test("Everything that needs attention in all processes is listed below, the most severe first, whichever process it is in.")
    func attention() throws {
        var ended = ProcessRow.ended()
        ended.attention = [AttentionLine(severity: .high, text: "over: and gone")]
        let state = DashboardState.attached([Self.ailing(), .shop(), ended], in: .processes)
        #expect(state.text.contains("Needs attention 3"))
        let lines = try ["6 acquisitions wait", "checked unhealthy", "never used"].map { try self.line(state, $0) }
        #expect(lines == lines.sorted())
        #expect(state.lines[lines[0]].contains("▲ 4711  shop  db: 6 acquisitions"))
        #expect(state.lines[lines[1]].contains("! 4823  mail  smtp"))
        #expect(state.lines[lines[2]].contains("4711  shop  Cache"))
        #expect(!state.text.contains("and gone"))
    }

    @Test(
        "A sentence about a process from which nothing arrives is marked with the state of the connection, and dim.",
        arguments: [
            (ConnectionStatus.silent(for: .seconds(4)), "silent for 0:04"), (.reconnecting(in: .seconds(2)), "reconnecting, next in 2s"),
            (.refused("too many clients"), "refused: too many clients"),
        ]
    )
    func oldAttention(_ status: ConnectionStatus, _ words: String) throws {
        let state = DashboardState.attached([Self.ailing(status), .shop()], in: .processes)
        let (old, current) = try (self.line(state, "smtp"), self.line(state, "db: 6"))
        #expect(state.lines[old].contains("smtp: checked unhealthy 3 times (last seen; \(words))"))
        #expect(!state.lines[current].contains("last seen"))
        let dim = state.theme.style(.textDim).foreground
        let colors = Set(state.render().row(old).filter { $0.text != " " && $0.text != "│" }.map(\.style.foreground))
        #expect(colors == [dim])
        #expect(DashboardState.attached([Self.ailing(), .shop()], in: .processes).text.contains("last seen") == false)
    }

    @Test("Enter on a sentence goes to the findings of its process.")
    func openAttention() {
        var state = DashboardState.attached(to: "4823", in: .processes)
        _ = state.press(.tab)
        #expect(state.press(.enter) == [.showProcess(ProcessID("4711"), view: .findings)])
        state = DashboardState.attached(in: .processes)
        _ = state.press(.tab)
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .findings)
    }

    // MARK: Going in

    @Test("Enter goes into the selected process, and a second click on a row does, too.")
    func open() {
        var state = DashboardState.attached(in: .processes)
        _ = state.type("Gk")
        #expect(state.press(.enter) == [.showProcess(ProcessID("4823"))])
        #expect(state.click("4600")?.isEmpty == true)
        #expect(state.click("4600") == [.showProcess(ProcessID("4600"))])
    }

    @Test("Enter on the process that is shown returns to the view from which one came.")
    func openShown() {
        var state = DashboardState.attached(in: .pools)
        _ = state.type("9")
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .pools)
    }

    @Test("The selection stays on its process while rows come and go.")
    func selection() {
        var state = DashboardState.attached(in: .processes)
        _ = state.type("Gk")
        _ = state.update(.processes([.ended(), .mail()]))
        #expect(state.subject.process == ProcessID("4823"))
        #expect(state.list?.total == 2)
    }

    // MARK: Sizes

    @Test("The view draws at any size with any names.")
    func anySize() {
        let names = ["", "\u{1B}[31mred\u{7}", "日本語の名前がとても長い", String(repeating: "long", count: 75)]
        let rows = names.enumerated().map { index, name in
            var row = index == 0 ? ProcessRow.ended() : ProcessRow.shop(index == 2 ? .silent(for: .seconds(4)) : .live(lag: nil))
            row.id = ProcessID("\(index)\(name)")
            (row.name, row.host, row.attention) = (name, name, [AttentionLine(severity: .medium, text: name)])
            return row
        }
        for keys in ["", "P", "\t", "?", "Z", "/x"] {
            var state = DashboardState.attached(rows, to: rows[2].id.text, in: .processes)
            for key in keys { _ = key == "\t" ? state.press(.tab) : state.type(String(key)) }
            for width in [0, 1, 2, 39, 40, 59, 60, 80, 100, 120, 300] {
                for height in [0, 1, 9, 10, 12, 16, 24, 36, 80] {
                    let size = Size(width: width, height: height)
                    _ = state.update(.input(.resize(size)))
                    #expect(state.render().size == size)
                }
            }
        }
    }
}
