import Testing

extension TerminalTests {
    /// The terminal that the other tests look at, tried on programs whose behaviour is known.
    @Suite("The tests' terminal")
    struct TmuxSessionTests {
        @Test("shows what a program prints, at the size it was asked for")
        func prints() async throws {
            try await TmuxSession.with(width: 50, height: 10) { terminal in
                try await terminal.run("stty size")
                try await terminal.waitFor("10 50")
                #expect(try await terminal.value("alternate_on") == "0")
            }
        }

        @Test("passes keys on, is resized, and ends its programs with it")
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

        @Test("says what the screen showed when something does not come")
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
