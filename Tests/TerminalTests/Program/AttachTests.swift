import Foundation
import Testing

extension TerminalTests {
    /// Attaches from one terminal to the program in another one.
    @Suite("Attach")
    struct AttachTests {
        /// The books on the screen of the overview, by their names.
        private static func books(_ screen: String) -> [String: String] {
            let matches = screen.matches(of: #/│ (created|disposed|active|init-failed|abandoned) +([0-9,]+) /#)
            return Dictionary(matches.map { (String($0.1), String($0.2)) }) { first, _ in first }
        }

        /// Ends the load of the scenario in `terminal`, so that its figures come to rest.
        private static func endLoad(in terminal: TmuxSession) async throws {
            try await terminal.press(":")
            try await terminal.type("load 0")
            try await terminal.press("Enter")
            try await terminal.waitFor("load set to 0 %")
        }

        private static func quit(_ terminal: TmuxSession) async throws {
            try await terminal.press("Q")
            try await terminal.waitFor(ResmonProgram.ended(0))
        }

        @Test("A second terminal shows the same figures and acts, and the first one's events name the user and the process that acted.")
        func twoTerminals() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            // Wide enough for the whole line of an act.
            try await TmuxSession.with(width: 200, height: 50, environment: sockets.environment) { first in
                try await first.startResmon("demo checkout")
                try await first.waitFor("worker-*")
                let process = try await first.resmonProcess()
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(process) --act")
                try await second.waitFor("worker-*")
                #expect(try await second.screen().contains("app \(process)@"))

                try await Self.endLoad(in: first)
                let shown = try await second.waitUntil("the figures of the first terminal") { screen in
                    let figures = Self.books(try await first.screen())
                    return figures.count == 5 && figures == Self.books(screen)
                }
                #expect(Self.books(shown)["created"] != "0")

                let client = try await second.resmonProcess()
                try await second.press("2")
                try await second.waitFor(" Scopes ▸ ")
                try await second.press("O")
                try await second.type("from-outside")
                try await second.press("Enter")
                try await second.waitFor("· from-outside")
                try await second.press("a")
                try await second.type("Cart")
                try await second.press("Enter")
                try await second.waitFor("· Cart#")
                try await first.press("2")
                try await first.waitUntil("the scope and its instance") { $0.contains("from-outside") && $0.contains("Cart#") }
                try await second.press("x")
                try await second.waitFor("Close scope from-outside")
                try await second.press("y")
                try await second.waitUntil("the report") { $0.contains("Closed from-outside") && $0.contains("disposed     Cart#") }
                try await second.press("Escape")
                try await second.waitForNo("Closed from-outside")

                try await first.press("6")
                try await first.waitUntil("the acts in Events") { screen in
                    let acts = ["openScope", "get", "closeScope"]
                    return acts.allSatisfy { screen.contains($0) } && screen.contains("by uid \(getuid()) pid \(client) through attach")
                }
                try await Self.quit(second)
                // The program in the first terminal does not depend on its watchers.
                try await first.press("1")
                try await first.waitFor(" Overview ▸ ")
                try await Self.quit(first)
            }
        }

        @Test("Without --act, a key that acts is refused with the option that would allow it.")
        func lookOnly() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo quiet")
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(try await first.resmonProcess())")
                try await second.waitFor("look-only")
                try await second.press("o")
                try await second.waitFor("--act")
                try await Self.quit(second)
                try await Self.quit(first)
            }
        }

        @Test("What a client opened is closed after the client is killed.")
        func killedClient() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo quiet --view scopes")
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(try await first.resmonProcess()) --act --view scopes", showing: " Scopes ▸ ")
                try await second.press("O")
                try await second.type("orphan")
                try await second.press("Enter")
                try await first.waitFor("· orphan")
                try await second.signalResmon(SIGKILL)
                try await first.press("6")
                try await first.waitUntil("the close in Events") { $0.contains("closed") && $0.contains("scope orphan") }
                try await Self.quit(first)
            }
        }

        @Test("After the end of the process, its last figures stay readable and the header states the end.")
        func processEnds() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo checkout")
                try await first.waitFor("worker-*")
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(try await first.resmonProcess())")
                try await second.waitFor("worker-*")
                try await Self.quit(first)
                let screen = try await second.waitFor("ended")
                #expect(Self.books(screen).count == 5)
                try await Self.quit(second)
            }
        }

        @Test("A dashboard that follows continues with the next scenario of the first terminal.")
        func follows() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo quiet")
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(try await first.resmonProcess()) --follow")
                try await first.press(":")
                try await first.type("scenario leak")
                try await first.press("Enter")
                try await first.waitFor("upload-")
                try await second.waitFor("upload-")
                try await Self.quit(second)
                try await Self.quit(first)
            }
        }

        @Test("The view Processes is the first one on request, with a row for each process.")
        func processes() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo quiet")
                let other = try await first.anotherPane(environment: sockets.environment)
                try await other.startResmon("demo leak")
                let processes = [try await first.resmonProcess(), try await other.resmonProcess()]
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach \(processes.joined(separator: " ")) --view processes", showing: "Processes")
                try await second.waitUntil("both processes") { screen in processes.allSatisfy { screen.contains($0) } }
                try await Self.quit(second)
                try await Self.quit(other)
                try await Self.quit(first)
            }
        }
    }
}

/// Runs the commands for running processes without a terminal.
@Suite("Commands for running processes")
struct AttachCommandTests {
    @Test(
        "Without a process, the commands state what to do, with status 2.",
        arguments: ["save shop", "check --attach shop --for 1s", "dial shop"]
    )
    func noProcess(command: String) async throws {
        let sockets = try SocketDirectory()
        defer { sockets.remove() }
        let script = "RESMON_SOCKET_DIR=\(sockets.path) exec \(ResmonProgram.path) \(command) </dev/null"
        let result = try await ChildProcess.run("/bin/sh", ["-c", script])
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("shop"))
        #expect(result.errors.contains("resmon ps"))
    }
}
