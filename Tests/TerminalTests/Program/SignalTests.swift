import Foundation
import Testing

extension TerminalTests {
    /// Checks that every signal that ends a process by default restores the terminal first.
    @Suite("Signals")
    struct SignalTests {
        /// A signal number, and whether the crash reporter of the Swift runtime is enabled.
        private struct Ending: Sendable {
            let signal: Int32
            var hasReporter = false
        }

        /// The signals that end a process on Linux, without KILL and those sent by other tests. 34 to 64 are the real-time signals.
        private static let endings =
            [SIGUSR1, SIGUSR2, SIGALRM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR, SIGSYS, SIGQUIT, 34, 64]
            .map { Ending(signal: $0) }
            + [SIGQUIT, SIGSEGV, SIGTRAP].map { Ending(signal: $0, hasReporter: true) }

        @Test("Every other fatal signal restores the terminal, and the parent sees death by that signal.")
        func endings() async throws {
            try await TmuxSession.with { first in
                // Starting is slow, so the programs start concurrently, each in a window of one tmux server.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    var waiting = Self.endings[...]
                    func startNext() {
                        guard let ending = waiting.popFirst() else { return }
                        group.addTask { try await Self.check(ending, first) }
                    }
                    for _ in 0..<4 { startNext() }
                    while try await group.next() != nil { startNext() }
                }
            }
        }

        private static func check(_ ending: Ending, _ first: TmuxSession) async throws {
            let terminal = try await first.anotherPane(environment: ["SWIFT_BACKTRACE": ending.hasReporter ? "" : "enable=no"])
            let before = try await terminal.terminalSettings()
            try await terminal.startResmon("demo quiet")
            try await terminal.signalResmon(ending.signal)
            // The typed command line has no digits in this position.
            let screen = try await terminal.waitUntil("the end by \(ending)") { $0.contains(#/ended-with-\d/#) }
            #expect(screen.contains(ResmonProgram.ended(128 + Int(ending.signal))), "\(ending)")
            #expect(try await terminal.terminalSettings() == before, "\(ending)")
        }

        @Test("PIPE and XFSZ do not end the program, because the failed write reports its own error.")
        func failedWrites() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("demo quiet")
                for signal in [SIGPIPE, SIGXFSZ] { try await terminal.signalResmon(signal) }
                try await terminal.press("2")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A signal that is ignored when the program starts stays ignored.")
        func ignored() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.run("trap '' USR1 TERM")
                try await terminal.startResmon("demo quiet")
                for signal in [SIGUSR1, SIGTERM] { try await terminal.signalResmon(signal) }
                try await terminal.press("2")
                try await terminal.waitFor(" Scopes ▸ ")
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A background job stops until it is in the foreground, and restores the terminal each time.")
        func background() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.terminalSettings()
                try await terminal.run("\(ResmonProgram.path) demo quiet &")
                try await Self.waitForStop(terminal, 1)
                #expect(try await terminal.terminalSettings() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.press("C-z")
                try await Self.waitForStop(terminal, 2)
                // When continued in the background, the program stops again and leaves the shell alone.
                try await terminal.run("clear; bg")
                try await Self.waitForStop(terminal, 1)
                #expect(try await terminal.terminalSettings() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.signalResmon(SIGTTIN)
                try await terminal.waitUntil("the shell") { _ in try await terminal.value("alternate_on") == "0" }
                #expect(try await terminal.terminalSettings() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.press("q")
                try await terminal.waitFor("closed app")
                #expect(try await terminal.terminalSettings() == before)
            }
        }

        private static func waitForStop(_ terminal: TmuxSession, _ count: Int) async throws {
            try await terminal.waitUntil("the shell's report of the stopped job") { screen in
                // A shell reports its jobs with the next prompt.
                if !screen.contains("Stopped") { try await terminal.press("Enter") }
                return screen.components(separatedBy: "Stopped").count > count
            }
        }

        private static func waitForScreen(_ terminal: TmuxSession) async throws {
            try await terminal.waitUntil("the screen") { screen in
                let isUp = try await terminal.value("alternate_on") == "1"
                return isUp && screen.contains("Overview")
            }
        }
    }
}
