import Foundation
import ResourceDashboard
import Testing

extension TerminalTests {
    /// Checks sizes, colors and kinds of terminals.
    @Suite("Program screen")
    struct ScreenTests {
        @Test("The first frame is the live overview of checkout with its workers.")
        func firstFrame() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon()
                let screen = try await terminal.waitFor("worker-*")
                #expect(screen.contains("1 Overview  2 Scopes  3 Resources"))
                #expect(screen.contains("LIVE"))
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("The program's screen equals the snapshot of the same moment, in every view.", arguments: DashboardView.allCases)
        func equalsSnapshot(view: DashboardView) async throws {
            let snapshot = try await ResmonProgram.run("snapshot", "checkout", "--at", "12s", "--view", view.rawValue)
            func trimmed(_ text: String) -> [String] {
                text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
                    String(row.reversed().drop { $0 == " " }.reversed())
                }
            }
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout --simulated --at 12s --view \(view.rawValue)")
                try await terminal.waitUntil("the snapshot") { trimmed($0).prefix(36) == trimmed(snapshot.output).prefix(36) }
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("The screen follows the terminal's size, from 1x1 to 300x80.")
        func resizes() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                for (width, height) in [(80, 24), (40, 10), (300, 80), (1, 1), (120, 36)] {
                    try await terminal.resize(width: width, height: height)
                    try await terminal.waitUntil("a frame of \(width)x\(height)") { screen in
                        let rows = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                        if width == 1 { return rows.count == 1 && rows[0].count <= 1 }
                        return rows.count == height && rows[height - 2].hasPrefix(" Overview ▸")
                    }
                }
                try await terminal.resize(width: 30, height: 5)
                try await terminal.waitFor("resmon: 30x5")
                try await terminal.press("q")
                try await terminal.waitUntil("the end") { _ in try await terminal.value("alternate_on") == "0" }
            }
        }

        @Test("A terminal without color shows the screen with attributes only.")
        func withoutColor() async throws {
            try await TmuxSession.with { terminal in
                // This terminal has no alternate screen either.
                try await terminal.run("export TERM=vt100")
                try await terminal.enterResmon("demo quiet")
                try await terminal.waitFor("Needs attention")
                #expect(try await Self.colors(terminal) == [])
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("NO_COLOR and --color never disable all colors.", arguments: [("NO_COLOR=1", ""), ("NO_COLOR=", "--color never")])
        func noColor(variable: String, option: String) async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("export \(variable)")
                try await terminal.startResmon("demo quiet \(option)")
                #expect(try await Self.colors(terminal) == [])
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A terminal that cannot position its cursor is rejected with one line and status 2, unchanged.")
        func dumb() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.run("export TERM=dumb")
                try await terminal.enterResmon("demo quiet")
                let screen = try await terminal.waitFor(ResmonProgram.ended(2))
                #expect(screen.contains("resmon: a terminal of type TERM=dumb cannot position its cursor"))
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test("An unknown TERM shows the screen, or reports what to set and exits with 2.")
        func unknownTerm() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.run("export TERM=nonsense")
                try await terminal.enterResmon("demo quiet")
                let screen = try await terminal.waitUntil("a screen or a sentence") {
                    $0.contains(ResmonProgram.ended(2)) || $0.contains("Needs attention")
                }
                if screen.contains("Needs attention") {
                    try await terminal.press("q")
                    try await terminal.waitFor(ResmonProgram.ended(0))
                } else {
                    #expect(screen.contains("resmon: the terminal type TERM=nonsense is not known here"))
                }
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test("Without a UTF-8 locale and with --ascii, the screen is ASCII.", arguments: [("C", ""), ("C.UTF-8", "--ascii")])
        func ascii(locale: String, option: String) async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("export LC_ALL=\(locale)")
                try await terminal.startResmon("demo quiet \(option)")
                let screen = try await terminal.screen()
                #expect(screen.utf8.allSatisfy { $0 < 0x80 })
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("In a pipe, the program prints one plain frame and a hint, and exits with 0.")
        func piped() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("\(ResmonProgram.path) demo quiet | tail -n 1; printf 'ended-with-%d.\\n' ${PIPESTATUS[0]}")
                let screen = try await terminal.waitFor(ResmonProgram.ended(0))
                #expect(screen.contains("run 'resmon demo quiet' in a terminal for the live screen"))
                #expect(try await terminal.value("alternate_on") == "0")
            }
        }

        /// Returns the colors on the screen as SGR parameters.
        private static func colors(_ terminal: TmuxSession) async throws -> [Int] {
            let screen = try await terminal.tmux(["capture-pane", "-p", "-e"])
            let sequences = screen.components(separatedBy: "\u{1B}[").dropFirst().map { $0.prefix { $0 != "m" } }
            let parameters = sequences.flatMap { $0.split(separator: ";").compactMap { Int($0) } }
            return parameters.filter { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
        }
    }
}
