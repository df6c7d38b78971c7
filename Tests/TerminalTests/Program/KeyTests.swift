import ResourceDashboard
import Testing

extension TerminalTests {
    /// Types keys in the real program and checks its screen.
    @Suite("Keys")
    struct KeyTests {
        @Test("Every view has a key, and ` returns to the previous view.")
        func views() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout")
                try await terminal.waitFor("worker-*")
                for view in DashboardView.allCases.reversed() {
                    try await terminal.press("\(view.number)")
                    try await terminal.waitFor(" \(view.title) ▸ ")
                }
                try await terminal.press("2")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("`")
                try await terminal.waitFor(" Overview ▸ ")
                try await terminal.press("[")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("]")
                try await terminal.waitFor(" Overview ▸ ")
                try await terminal.press("Tab")
                try await terminal.waitFor(" Overview ▸ Pools")
                try await terminal.press("BTab")
                try await terminal.waitFor(" Overview ▸ Needs attention")
                try await Self.quit(terminal)
            }
        }

        @Test("A scope is opened, named, given a resource and closed by keyboard, and Events lists it.")
        func scopeByHand() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                try await terminal.press("2")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("O")
                try await terminal.type("by-hand")
                try await terminal.waitFor("by-hand")
                try await terminal.press("Enter")
                try await terminal.waitFor("opened by-hand")
                try await terminal.waitFor("· by-hand")
                try await terminal.press("a")
                try await terminal.type("Cart")
                try await terminal.press("Enter")
                try await terminal.waitFor("got ")
                try await terminal.waitFor("· Cart#")
                try await terminal.press("x")
                try await terminal.waitFor("Close scope by-hand")
                try await terminal.press("y")
                // The report lists the disposed resources in order. Esc followed at once by a key would arrive as that key with Alt.
                try await terminal.waitUntil("the report") { $0.contains("Closed by-hand") && $0.contains("1 ○ disposed     Cart#") }
                try await terminal.press("Escape")
                try await terminal.waitForNo("Closed by-hand")
                try await terminal.press("6")
                try await terminal.waitUntil("the scope's life in Events") { screen in
                    screen.contains("open") && screen.contains("scope by-hand") && screen.contains("closed from the keyboard")
                }
                try await Self.quit(terminal)
            }
        }

        @Test("q asks about a scope that is still open, and its close is reported after quitting.")
        func closedOnQuit() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                try await terminal.press("o")
                try await terminal.waitFor("opened a scope")
                try await terminal.press("q")
                try await terminal.waitUntil("the quit dialog") { $0.lowercased().contains("quit") && $0.contains("╭") }
                try await terminal.press("y")
                let screen = try await terminal.waitFor(ResmonProgram.ended(0))
                #expect(screen.contains("closed scope"))
                #expect(screen.contains("closed app"))
            }
        }

        @Test("The default of the close dialog is Cancel: Enter closes nothing.")
        func cancelIsDefault() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet --view scopes")
                try await terminal.press("o")
                try await terminal.waitFor("· manual-1")
                try await terminal.press("x")
                try await terminal.waitFor("Close scope")
                try await terminal.press("Enter")
                try await terminal.waitForNo("Close scope ")
                try await terminal.waitFor("manual-1 stays open")
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("The keys for pause, help, filter, theme, glyphs and health checks work, and Esc returns.")
        func viewing() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout")
                try await terminal.waitFor("worker-*")
                try await terminal.press("Space")
                try await terminal.waitFor("PAUSED")
                try await terminal.press("Space")
                try await terminal.waitFor("LIVE")
                try await terminal.press("?")
                try await terminal.waitFor("Columns of this view")
                try await terminal.press("Escape")
                try await terminal.waitForNo("Columns of this view")
                try await terminal.press("3")
                try await terminal.press("/")
                try await terminal.type("type:PriceCache")
                try await terminal.press("Enter")
                try await terminal.waitUntil("filtered rows") { $0.contains("PriceCache") && !$0.contains("ReceiptFolder") }
                try await terminal.press("Escape")
                try await terminal.waitFor("ReceiptFolder")
                try await terminal.press("T")
                try await terminal.waitFor("default-light")
                try await terminal.press("Escape")
                try await terminal.waitForNo("default-light")
                try await terminal.press("A")
                try await terminal.press("A")
                try await terminal.waitUntil("ASCII") { $0.utf8.allSatisfy { $0 < 0x80 } }
                try await terminal.press("A")
                try await terminal.press("i")
                try await terminal.press("I")
                try await terminal.waitFor("checked")
                try await Self.quit(terminal)
            }
        }

        @Test("No key of the key table ends the program in any view.")
        func everyKey() async throws {
            try await TmuxSession.with(width: 100, height: 30) { terminal in
                try await terminal.startResmon("demo checkout")
                try await terminal.waitFor("worker-*")
                let commands = CommandInfo.all.filter { ![.quit, .quitNow, .suspend].contains($0.command) }
                for view in DashboardView.allCases {
                    for info in commands {
                        for key in info.keys {
                            guard let name = Self.tmuxName(key) else { continue }
                            try await terminal.press("\(view.number)", name, "Escape", "Escape")
                        }
                    }
                }
                try await terminal.press("1")
                // The header has no room for the name of the view if its figures are wide.
                try await terminal.waitFor("Needs attention")
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("Pasted text runs no keys.")
        func paste() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                try await terminal.tmux(["set-buffer", "qQ22xy"])
                try await terminal.tmux(["paste-buffer", "-p"])
                try await terminal.waitFor("pasted text is accepted only")
                #expect(try await terminal.screen().contains(" Overview ▸ "))
                try await Self.quit(terminal)
            }
        }

        @Test("--readonly refuses keys that act and reports it.")
        func readonly() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet --readonly")
                try await terminal.press("o")
                try await terminal.waitFor("read-only")
                try await Self.quit(terminal)
            }
        }

        @Test("Ctrl-C shows a hint once and quits when pressed twice.")
        func interrupt() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                try await terminal.press("C-c")
                try await terminal.waitFor("Ctrl-C again")
                try await terminal.press("C-c")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        private static func quit(_ terminal: TmuxSession) async throws {
            try await terminal.press("q")
            try await terminal.waitFor(ResmonProgram.ended(0))
        }

        /// Returns tmux's name of a key.
        private static func tmuxName(_ key: Key) -> String? {
            let name: String
            switch key.code {
            case .character(" "): name = "Space"
            case .character(let character): name = String(character)
            case .enter: name = "Enter"
            case .tab: return key.modifiers.contains(.shift) ? "BTab" : "Tab"
            case .escape: name = "Escape"
            case .up: name = "Up"
            case .down: name = "Down"
            case .left: name = "Left"
            case .right: name = "Right"
            case .home: name = "Home"
            case .end: name = "End"
            case .pageUp: name = "PageUp"
            case .pageDown: name = "PageDown"
            default: return nil
            }
            return key.modifiers.contains(.control) ? "C-" + name : name
        }
    }
}
