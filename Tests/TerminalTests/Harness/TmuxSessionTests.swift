import Testing

extension TerminalTests {
    /// Tests the harness itself with programs of known behavior.
    @Suite("Terminal harness")
    struct TmuxSessionTests {
        @Test("The terminal shows a program's output at the requested size.")
        func prints() async throws {
            try await TmuxSession.with(width: 50, height: 10) { terminal in
                try await terminal.run("stty size")
                try await terminal.waitFor("10 50")
                #expect(try await terminal.value("alternate_on") == "0")
            }
        }

        @Test("The terminal passes keys to its programs, can be resized, and ends its programs with it.")
        func keysAndSizes() async throws {
            let process = try await TmuxSession.with(width: 40, height: 8, environment: ["RESMON_MARK": "here"]) { terminal in
                try await terminal.run("echo $RESMON_MARK-$TERM-$LC_ALL; cat")
                try await terminal.waitFor("here-tmux-256color-C.UTF-8")
                try await terminal.run("─ wide 漢")
                try await terminal.waitUntil("the echo of cat") { $0.components(separatedBy: "─ wide 漢").count == 3 }
                try await terminal.press("C-c")
                try await terminal.resize(width: 61, height: 9)
                try await terminal.run("stty size")
                try await terminal.waitFor("9 61")
                return try await terminal.value("pane_pid")
            }
            try await ChildProcess.waitForEnd(of: process)
        }

        @Test("A wait that times out reports the screen.")
        func timesOut() async throws {
            try await TmuxSession.with(width: 40, height: 8) { terminal in
                let error = await #expect(throws: TmuxSession.TimedOut.self) {
                    try await terminal.waitFor("never", timeout: .milliseconds(100))
                }
                #expect(error?.description.contains(TmuxSession.prompt) == true)
            }
        }
    }
}
