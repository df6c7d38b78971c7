import Foundation
import Testing

extension TerminalTests {
    /// Every signal that ends a process by default restores the terminal first.
    @Suite("Signals")
    struct SignalTests {
        /// A signal by its number, and whether the crash reporter of the Swift runtime is on.
        private struct Ending: Sendable {
            let signal: Int32
            var hasReporter = false
        }

        /// What ends a process on Linux, but for those that other tests send and KILL; 34 to 64 are the real-time signals.
        private static let endings =
            [SIGUSR1, SIGUSR2, SIGALRM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR, SIGSYS, SIGQUIT, 34, 64]
            .map { Ending(signal: $0) }
            + [SIGQUIT, SIGSEGV, SIGTRAP].map { Ending(signal: $0, hasReporter: true) }

        @Test("every other signal that ends a process restores the terminal, and the parent sees death by that signal")
        func endings() async throws {
            try await TmuxSession.with { first in
                // Each in a terminal of one server: what takes long is starting, and they start side by side.
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
            let before = try await terminal.manners()
            try await terminal.startResmon("demo quiet")
            try await terminal.signalResmon(ending.signal)
            // What is typed to ask for it has no digits there.
            let screen = try await terminal.waitUntil("the end by \(ending)") { $0.contains(#/ended-with-\d/#) }
            #expect(screen.contains(ResmonProgram.ended(128 + Int(ending.signal))), "\(ending)")
            #expect(try await terminal.manners() == before, "\(ending)")
        }

        @Test("PIPE and XFSZ do not end it: they tell of a write that fails by itself")
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

        @Test("what was started to ignore a signal goes on ignoring it")
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

        @Test("a job in the background stops until it is in the foreground, however it came there")
        func background() async throws {
            try await TmuxSession.with { terminal in
                let before = try await terminal.manners()
                try await terminal.run("\(ResmonProgram.path) demo quiet &")
                try await Self.waitForStop(terminal, 1)
                #expect(try await terminal.manners() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.press("C-z")
                try await Self.waitForStop(terminal, 2)
                // Continued without the terminal it stops again and leaves the shell alone.
                try await terminal.run("clear; bg")
                try await Self.waitForStop(terminal, 1)
                #expect(try await terminal.manners() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.signalResmon(SIGTTIN)
                try await terminal.waitUntil("the shell") { _ in try await terminal.value("alternate_on") == "0" }
                #expect(try await terminal.manners() == before)
                try await terminal.run("fg")
                try await Self.waitForScreen(terminal)
                try await terminal.press("q")
                try await terminal.waitFor("closed app")
                #expect(try await terminal.manners() == before)
            }
        }

        private static func waitForStop(_ terminal: TmuxSession, _ count: Int) async throws {
            try await terminal.waitUntil("the shell telling of the stopped job") { screen in
                // A shell tells of its jobs with the next prompt.
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
