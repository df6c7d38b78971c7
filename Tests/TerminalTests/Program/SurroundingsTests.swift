import Foundation
import Testing

extension TerminalTests {
    /// Checks limited terminals and scarce descriptors.
    @Suite("Environment of the program")
    struct SurroundingsTests {
        @Test("Without enough descriptors, every command reports too many open files.")
        func descriptors() async throws {
            try await TmuxSession.with(environment: ["SWIFT_BACKTRACE": "enable=no"]) { terminal in
                let before = try await terminal.terminalSettings()
                for limit in [4, 5, 6, 8, 10, 13, 16, 20] {
                    try await terminal.run("clear; (ulimit -n \(limit); exec \(ResmonProgram.path) demo checkout); echo ended-with-$?.")
                    let screen = try await terminal.waitFor(ResmonProgram.ended(2))
                    #expect(screen.contains("too many open files"), "\(limit)")
                }
                #expect(try await terminal.terminalSettings() == before)
            }
            for limit in [4, 5, 6] {
                let snapshot = try await Self.snapshot(descriptors: limit)
                #expect(snapshot.status == 2, "\(limit)")
                #expect(snapshot.errors.contains("too many open files"), "\(limit)")
            }
            #expect(try await Self.snapshot(descriptors: 12).status == 0)
        }

        private static func snapshot(descriptors: Int) async throws -> ChildProcess {
            // Descriptors that other tests of this process have open at the moment would count.
            let close = "for open in /proc/$$/fd/*; do if [ ${open##*/} -gt 2 ]; then eval \"exec ${open##*/}>&-\"; fi; done"
            return try await ChildProcess.run(
                "/bin/bash",
                ["-c", "\(close); ulimit -n \(descriptors); exec \(ResmonProgram.path) snapshot quiet"]
            )
        }

        @Test("Keys are read from the terminal if standard input is something else.")
        func otherInput() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.run("echo qQ | \(ResmonProgram.path) demo quiet; printf 'ended-with-%d.\\n' $?")
                try await terminal.waitUntil("the screen") { screen in
                    let isUp = try await terminal.value("alternate_on") == "1"
                    return isUp && screen.contains("Overview")
                }
                try await terminal.press("2")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test("Without an alternate screen, the closing text appears below the last frame.", arguments: ["vt220", "linux", "ansi"])
        func lastFrameStays(type: String) async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("export TERM=\(type)")
                try await terminal.enterResmon("demo quiet --ascii")
                try await terminal.waitFor("Needs attention")
                try await terminal.press("q")
                let screen = try await terminal.waitFor(ResmonProgram.ended(0))
                let rows = screen.split(separator: "\n").map(String.init)
                let keys = try #require(rows.firstIndex { $0.contains("Tab pane") })
                #expect(rows[keys + 1] == "closed app: 0 disposed")
            }
        }

        @Test(
            "24-bit colors are used if the terminal announces them or the user requests them.",
            arguments: [
                ("xterm-256color", "truecolor", "", true), ("tmux-256color", "24bit", "", true), ("unheard-of", "truecolor", "", true),
                ("xterm-256color", "", "--color rgb", true), ("xterm-256color", "", "", false),
                ("xterm-256color", "truecolor", "--color 256", false),
            ]
        )
        func directColor(type: String, promise: String, option: String, isDirect: Bool) async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("export TERM=\(type) COLORTERM=\(promise)")
                try await terminal.startResmon("demo quiet \(option)")
                let screen = try await terminal.tmux(["capture-pane", "-p", "-e"])
                #expect(screen.contains("38;2;213;220;230") == isDirect)
                #expect(screen.contains("38;5;253") == !isDirect)
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("With eight colors, unhealthy is red and healthy is green.", arguments: ["screen", "xterm"])
        func eightColors(type: String) async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("export TERM=\(type)")
                try await terminal.startResmon("demo outage --simulated --at 26s --view health")
                let screen = try await terminal.waitUntil("the color red") { _ in
                    try await terminal.tmux(["capture-pane", "-p", "-e"]).contains("[31m")
                }
                let colored = try await terminal.tmux(["capture-pane", "-p", "-e"])
                #expect(screen.contains("x unhealthy"))
                #expect(colored.contains(#/\[31m[^\u{1B}]*x unhealthy/#))
                #expect(colored.contains(#/\[32m[^\u{1B}]*● healthy/#))
                #expect(!colored.contains(#/\[36m[^\u{1B}]*● healthy/#))
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("Esc followed closely by a key takes effect, and so does the key.")
        func escapeAndKey() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout --view resources")
                try await terminal.waitFor("ReceiptFolder")
                try await terminal.press("/")
                try await terminal.type("type:PriceCache")
                try await terminal.press("Enter")
                try await terminal.waitUntil("filtered rows") { $0.contains("PriceCache") && !$0.contains("ReceiptFolder") }
                try await terminal.press("Escape", "8")
                try await terminal.waitFor(" Graph ▸ ")
                try await terminal.press("3")
                try await terminal.waitFor("ReceiptFolder")
                try await terminal.press("Q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A window that is too small opens no scope, and q quits.")
        func tooSmall() async throws {
            try await TmuxSession.with(width: 39, height: 9) { terminal in
                try await terminal.startResmon("demo quiet", showing: "needs 40x10")
                try await terminal.press("o")
                try await terminal.press("q")
                let screen = try await terminal.waitFor(ResmonProgram.ended(0))
                #expect(!screen.contains("closed scope"))
            }
        }

        @Test("Local time follows every form of TZ.", arguments: ["JST-9", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45", "UTC"])
        func timeZones(zone: String) async throws {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-zone-\(UUID().uuidString).jsonl").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            let recorded = try await ResmonProgram.run(
                "record",
                "quiet",
                "--for",
                "50ms",
                "--output",
                path,
                environment: ["TZ": zone]
            )
            #expect(recorded.status == 0)
            let date = try await ChildProcess.run("/bin/date", ["+%z"], environment: ["TZ": zone])
            let digits = try #require(Int(date.output.trimmingCharacters(in: .whitespacesAndNewlines)))
            let offset = digits / 100 * 3600 + digits % 100 * 60
            let header = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
            #expect(header.contains("\"clockOffsetSeconds\":\(offset),"), "\(header)")
        }
    }
}
