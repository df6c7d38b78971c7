import Foundation
import ResourceDashboard
import Testing

extension TerminalTests {
    /// Uses time travel and commands in the real program.
    @Suite("Time travel, marks and commands")
    struct TimeKeyTests {
        private static func quit(_ terminal: TmuxSession) async throws {
            try await terminal.press("Q")
            try await terminal.waitFor(ResmonProgram.ended(0))
        }

        @Test("The keys , . < > move through the timeline, and 0 and Space return to live.")
        func time() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout --simulated --at 60s")
                try await terminal.waitFor("PAUSED")
                try await terminal.press(",")
                try await terminal.waitFor("PAST -0:00")
                try await terminal.press("<", "<")
                try await terminal.waitFor("PAST -0:20")
                try await terminal.press(">")
                try await terminal.waitFor("PAST -0:10")
                try await terminal.press(".", ".")
                try await terminal.waitFor("PAST -0:09")
                try await terminal.press("o")
                try await terminal.waitFor("this is the past")
                try await terminal.press("0")
                try await terminal.waitFor("LIVE")
                try await terminal.press("Space")
                try await terminal.waitFor("PAUSED")
                let before = try await terminal.screen()
                try await terminal.press(".")
                try await terminal.waitUntil("a step") { $0 != before && $0.contains("PAUSED") }
                try await Self.quit(terminal)
            }
        }

        @Test("In the leak scenario, m a, m b and d list what leaked in between, and ' returns to a mark.")
        func differences() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo leak --simulated --view scopes")
                try await terminal.waitFor("upload-2")
                try await terminal.press("m", "a")
                try await terminal.waitFor("mark a at")
                try await terminal.waitFor("upload-21")
                try await terminal.press("m", "b")
                try await terminal.waitFor("mark b at")
                try await terminal.press("d")
                try await terminal.waitUntil("the lens") { $0.contains("created are live") && $0.contains("UploadSession") }
                try await terminal.press("Enter")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("'", "a")
                try await terminal.waitFor("PAST -")
                try await terminal.press("Space")
                try await terminal.waitFor("LIVE")
                try await Self.quit(terminal)
            }
        }

        @Test("X, t, f, a, ! and E act on scopes, inject a fault and show its error.")
        func acting() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet --view scopes")
                try await terminal.press("O")
                try await terminal.type("by-hand")
                try await terminal.press("Enter")
                try await terminal.waitFor("· by-hand")
                try await terminal.press("a")
                try await terminal.type("Cart")
                try await terminal.press("Enter")
                try await terminal.waitFor("· Cart#")
                try await terminal.press("t")
                try await terminal.waitFor("If by-hand were closed now")
                try await terminal.press("Escape")
                try await terminal.waitForNo("If by-hand were closed now")
                try await terminal.press("3", "g", "Enter")
                try await terminal.waitFor("disposal ")
                try await terminal.press("f")
                try await terminal.waitFor("Inject a fault into Cart")
                try await terminal.press("Enter")
                try await terminal.waitFor("injected: the next initialize fails")
                try await terminal.press("Enter")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("g", "o")
                try await terminal.waitFor("opened a scope")
                try await terminal.press("a")
                try await terminal.type("Cart")
                try await terminal.press("Enter")
                try await terminal.waitFor("injected initialize failure")
                try await terminal.press("!")
                try await terminal.waitFor(" Events ▸ ")
                try await terminal.press("E")
                try await terminal.waitFor("grouped by cause")
                try await terminal.press("E", "2", "g", "j")
                try await terminal.press("X")
                try await terminal.waitFor("Close by force: scope by-hand?")
                try await terminal.press("y")
                try await terminal.waitFor("Closed by-hand")
                try await terminal.press("Escape")
                try await terminal.waitForNo("Closed by-hand")
                try await Self.quit(terminal)
            }
        }

        @Test(":lease, :release and :load work by name, and D starts another scenario.")
        func palette() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo exhaustion --view pools")
                try await terminal.waitFor("ConnectionPool")
                try await terminal.press(":")
                try await terminal.type("load 0")
                try await terminal.press("Enter")
                try await terminal.waitFor("load 0%")
                try await terminal.press(":")
                try await terminal.type("lease")
                try await terminal.press("Enter")
                try await terminal.waitFor("leased from ConnectionPool")
                try await terminal.press(":")
                try await terminal.type("release")
                try await terminal.press("Enter")
                try await terminal.waitFor("released to ConnectionPool")
                try await terminal.press(":")
                try await terminal.type("finding allow lease-held-too-long")
                try await terminal.press("Enter")
                try await terminal.waitFor("is suppressed from now on")
                try await terminal.press("D")
                try await terminal.waitFor("one upload in seven never closes its scope")
                try await terminal.press("j", "j", "j", "Enter")
                try await terminal.press("2")
                try await terminal.waitFor("upload-")
                try await Self.quit(terminal)
            }
        }

        @Test("y and Y copy by OSC 52, w writes the frame or reports the reason, and M releases the mouse.")
        func output() async throws {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            try await TmuxSession.with { terminal in
                try await terminal.tmux(["set-option", "-s", "set-clipboard", "on"])
                try await terminal.startResmon("demo checkout --simulated --at 12s --view findings")
                try await terminal.press("y")
                try await terminal.waitFor("was sent to the terminal's clipboard")
                try await terminal.waitUntil("the clipboard") { _ in
                    try await terminal.tmux(["show-buffer"]).contains(".swift:")
                }
                try await terminal.press("Y")
                try await terminal.waitUntil("the table on the clipboard") { _ in
                    try await terminal.tmux(["show-buffer"]).contains("KIND")
                }
                for name in ["frame.txt", "frame.svg"] {
                    try await terminal.press("w", "C-u")
                    try await terminal.type(directory.path + "/" + name)
                    try await terminal.press("Enter")
                    try await terminal.waitFor("wrote ")
                    try await terminal.press("g")
                }
                let text = try String(contentsOf: directory.appendingPathComponent("frame.txt"), encoding: .utf8)
                #expect(text.contains("KIND"))
                #expect(text.split(separator: "\n").count == 36)
                try await terminal.press("w", "C-u")
                try await terminal.type("/nowhere/frame.txt")
                try await terminal.press("Enter")
                try await terminal.waitFor("cannot be written: there is no directory '/nowhere'")
                #expect(try await terminal.value("mouse_any_flag") == "1")
                try await terminal.press("M")
                try await terminal.waitFor("mouse: terminal")
                try await terminal.waitUntil("no mouse reports") { _ in try await terminal.value("mouse_any_flag") == "0" }
                try await Self.quit(terminal)
            }
        }

        @Test("The list keys sort, hold the order, choose columns, hide ended items and change the time span.")
        func lists() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout --simulated --at 12s --view resources")
                try await terminal.press("s")
                try await terminal.waitFor("sorted by TYPE")
                try await terminal.press("S")
                try await terminal.waitFor("sorted by TYPE, descending")
                try await terminal.press("F")
                try await terminal.waitFor("sorted again")
                try await terminal.press("z")
                try await terminal.waitFor("rows keep their order until z")
                try await terminal.press("z")
                try await terminal.waitFor("rows are sorted continuously")
                try await terminal.press("=")
                try await terminal.waitFor("▌Columns")
                try await terminal.press("Enter", "Escape")
                try await terminal.waitForNo("▌Columns")
                try await terminal.press("c")
                try await terminal.waitFor("ended items are hidden")
                try await terminal.press("p")
                try await terminal.waitForNo("╭─ Peek")
                try await terminal.press("/")
                try await terminal.type("type:Price*")
                try await terminal.press("Enter", "n", "N")
                try await terminal.waitUntil("two rows at most") { $0.contains("PriceCache") && !$0.contains("PaymentGateway") }
                try await terminal.press("Escape", "1")
                try await terminal.press("-")
                try await terminal.waitFor("charts show 2m")
                try await terminal.press("+")
                try await terminal.waitFor("charts show 60s")
                try await Self.quit(terminal)
            }
        }

        @Test("A configured key works and is shown in the footer, and a fault in the file is reported.")
        func configuration() async throws {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).yaml")
            defer { try? FileManager.default.removeItem(at: file) }
            try "keys:\n  scope.open: F5\n  no.such: F6\n".write(to: file, atomically: true, encoding: .utf8)
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet --config \(file.path)", showing: "unknown command 'no.such'")
                try await terminal.press("F5")
                try await terminal.waitFor("opened a scope")
                try await terminal.waitFor("F5 open-scope")
                try await Self.quit(terminal)
            }
        }

        @Test("An edited theme file is reloaded, and a broken one is reported and changes nothing.")
        func themeReload() async throws {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            func write(_ ground: String) throws {
                let colors = (1..<16).map { "  base0\(String($0, radix: 16, uppercase: true)): \"a0a0a0\"\n" }.joined()
                let text = "system: base16\nname: Mine\nvariant: dark\npalette:\n  base00: \"\(ground)\"\n\(colors)"
                try text.write(to: directory.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
            }
            try write("101010")
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout --themes-dir \(directory.path) --theme mine")
                try write("202020")
                try await terminal.waitFor("theme mine was reloaded")
                try write("no color")
                try await terminal.waitFor("hexadecimal")
                try await Self.quit(terminal)
            }
        }

        @Test("Clicks on a tab and on a dialog's button take effect.")
        func mouse() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                // The press and release of the left button as a terminal reports them, with column and row counted from 1.
                func click(_ column: Int, _ row: Int) async throws {
                    for end in ["M", "m"] {
                        try await terminal.tmux(["send-keys", "-l", "\u{1B}[<0;\(column);\(row)\(end)"])
                    }
                }
                try await click(16, 2)
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("o")
                try await terminal.waitFor("· manual-1")
                try await terminal.press("x")
                let screen = try await terminal.waitFor("[ Cancel ]")
                let rows = screen.split(separator: "\n", omittingEmptySubsequences: false)
                let row = try #require(rows.firstIndex { $0.contains("[ Cancel ]") })
                let column = rows[row].distance(from: rows[row].startIndex, to: try #require(rows[row].range(of: "[ Cancel ]")).lowerBound)
                try await click(column + 3, row + 1)
                try await terminal.waitFor("manual-1 stays open")
                try await Self.quit(terminal)
            }
        }
    }
}
