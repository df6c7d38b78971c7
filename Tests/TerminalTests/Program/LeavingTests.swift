import Foundation
import Testing

extension TerminalTests {
    /// Checks that the terminal is restored after every kind of exit.
    @Suite("Leaving the program")
    struct LeavingTests {
        @Test("q quits with status 0 and restores the terminal.")
        func quits() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.startResmon("demo quiet")
                #expect(try await terminal.terminalSettings() != before)
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test(
            "A signal closes open scopes, restores the terminal and ends the program with 128 + its number.",
            arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)]
        )
        func signaled(signal: Int32, code: Int) async throws {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-signal-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            try await TmuxSession.with(environment: ["TMPDIR": directory.path]) { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.startResmon("demo checkout")
                // Wait until the scenario has files, then open a scope by hand.
                try await terminal.waitUntil("the scenario's directory") { _ in
                    try !FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty
                }
                try await terminal.press("o")
                try await terminal.waitFor("opened")
                let process = try await terminal.resmonProcess()
                try await terminal.signal(signal)
                try await terminal.waitFor(ResmonProgram.ended(code))
                let screen = try await terminal.screen()
                #expect(screen.contains("closed scope manual-1"))
                #expect(screen.contains("closed app: "))
                #expect(try await terminal.terminalSettings() == before)
                try await ChildProcess.waitForEnd(of: process)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
            }
        }

        @Test("A second signal ends the program if the first one has not yet.")
        func signaledTwice() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.startResmon("demo checkout")
                let process = try #require(pid_t(try await terminal.resmonProcess()))
                #expect(kill(process, SIGTERM) == 0)
                // The program may have ended already.
                kill(process, SIGTERM)
                try await terminal.waitFor(ResmonProgram.ended(143), timeout: .seconds(10))
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test("A crash leaves the terminal usable.", arguments: [(SIGILL, 132), (SIGSEGV, 139), (SIGABRT, 134)])
        func crashes(signal: Int32, code: Int) async throws {
            // The crash reporter of the Swift runtime is slow and prints pages.
            try await TmuxSession.with(environment: ["SWIFT_BACKTRACE": "enable=no"]) { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.startResmon("demo quiet")
                try await terminal.signal(signal)
                try await terminal.waitFor(ResmonProgram.ended(code))
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        @Test("Closing the terminal leaves no process behind.")
        func terminalCloses() async throws {
            let process = try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo checkout")
                return try await terminal.resmonProcess()
            }
            try await ChildProcess.waitForEnd(of: process)
        }

        @Test("Ctrl-Z returns the terminal to the shell, and fg restores the screen.")
        func suspends() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.startResmon("demo quiet")
                try await terminal.press("C-z")
                try await terminal.waitUntil("the shell") { screen in
                    let isGone = try await terminal.value("alternate_on") == "0"
                    return isGone && screen.contains("Stopped")
                }
                // The shell prints its notice before it prepares the terminal for its prompt.
                try await terminal.waitUntil("the settings of the prompt") { _ in try await terminal.terminalSettings() == before }
                try await terminal.run("fg")
                try await terminal.waitUntil("the screen again") { screen in
                    let isUp = try await terminal.value("alternate_on") == "1"
                    return isUp && screen.contains("Overview")
                }
                try await terminal.press("2")
                try await terminal.press("q")
                try await terminal.waitUntil("the shell's prompt") { _ in try await terminal.value("alternate_on") == "0" }
                try await terminal.waitUntil("the settings of the prompt again") { _ in try await terminal.terminalSettings() == before }
            }
        }
    }
}
