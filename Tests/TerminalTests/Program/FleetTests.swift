import Foundation
import Testing

extension TerminalTests {
    /// Shows simulated fleets in the real program.
    @Suite("Fleet")
    struct FleetTests {
        private static let fleet = "fleet --simulated --processes 40 --seed 7"

        @Test("A simulated fleet is sorted and filtered by keys, and q quits.")
        func keys() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon(Self.fleet, showing: "Processes 40")
                try await terminal.waitFor("simulated, seed 7")
                try await terminal.press("s")
                try await terminal.waitFor("sorted by NAME")
                try await terminal.press("/")
                try await terminal.type("id:web2")
                try await terminal.waitFor("20 of 40")
                try await terminal.press("Escape")
                try await terminal.waitForNo("20 of 40")
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("A command that does not connect is reported, and the table is shown again.")
        func refused() async throws {
            try await TmuxSession.with { terminal in
                try await terminal.startResmon("\(Self.fleet) --command 'false {host}'", showing: "Processes 40")
                try await terminal.press("Enter")
                try await terminal.waitUntil("the reason") { $0.contains("Processes 40") && $0.contains("! ") && $0.contains("web") }
                try await terminal.press("q")
                try await terminal.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("Enter shows the dashboard of the process that the command connects to, and q returns to the table.")
        func opened() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { first in
                try await first.startResmon("demo quiet")
                let process = try await first.resmonProcess()
                let second = try await first.anotherPane(environment: sockets.environment)
                try await second.startResmon("\(Self.fleet) --command '\(ResmonProgram.path) dial \(process)'", showing: "Processes 40")
                try await second.press("Enter")
                try await second.waitFor(" Overview ▸ ")
                try await second.press("q")
                try await second.waitUntil("the table") { $0.contains("Processes 40") && $0.contains("was left") }
                try await second.press("q")
                try await second.waitFor(ResmonProgram.ended(0))
                try await first.press("Q")
                try await first.waitFor(ResmonProgram.ended(0))
            }
        }

        @Test("Without a terminal, the table is printed, as text or as JSON, and a missing server is an error of the arguments.")
        func printed() async throws {
            let text = try await ResmonProgram.run("fleet", "--simulated", "--processes", "3", "--seed", "7")
            #expect(text.status == 0)
            #expect(text.output.split(separator: "\n").count == 4)
            let json = try await ResmonProgram.run("fleet", "--simulated", "--processes", "3", "--seed", "7", "--json")
            #expect(json.status == 0)
            let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect((document?["processes"] as? [Any])?.count == 3)
            let none = try await ResmonProgram.run("fleet")
            #expect(none.status == 2)
            #expect(none.errors.contains("--prometheus"))
            let refused = try await ResmonProgram.run("fleet", "--prometheus", "http://127.0.0.1:1", "--once")
            #expect(refused.status == 1)
            #expect(refused.errors.split(separator: "\n").count == 1)
        }
    }
}
