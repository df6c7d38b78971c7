import Foundation
import Testing

extension TerminalTests {
    /// Measures what the program does while idle. The tests count wake-ups, which do not depend on the machine's speed.
    @Suite("Idle program")
    struct IdleTests {
        /// Returns how often the threads of the process have gone to sleep.
        private static func sleeps(of process: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").reduce(0) { sum, thread in
                // A thread may end between listing and reading.
                guard let status = try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8) else {
                    return sum
                }
                let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
                return sum + (try #require(line?.split(separator: "\t").last.flatMap { Int($0) }))
            }
        }

        @Test("An idle dashboard wakes up once a second, and a paused one does not wake up.")
        func quiet() async throws {
            // The flight recorder of a served container wakes up as often as a dashboard.
            try await TmuxSession.with(environment: ["RESMON_ATTACH": "off"]) { terminal in
                try await terminal.startResmon("demo quiet")
                let process = try await terminal.resmonProcess()
                try await Task.sleep(for: .seconds(2))
                var before = try Self.sleeps(of: process)
                try await Task.sleep(for: .seconds(5))
                // One wake-up passes through the timer, two or three tasks and the terminal's thread.
                #expect(try Self.sleeps(of: process) - before <= 5 * 12)

                try await terminal.press(" ")
                try await terminal.waitFor("PAUSED")
                try await Task.sleep(for: .seconds(2))
                before = try Self.sleeps(of: process)
                try await Task.sleep(for: .seconds(5))
                #expect(try Self.sleeps(of: process) - before <= 2)
            }
        }

        @Test("A served container to which no client is attached costs a paused dashboard the wake-ups of its flight recorder.")
        func served() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { terminal in
                try await terminal.startResmon("demo quiet")
                try await terminal.press(" ")
                try await terminal.waitFor("PAUSED")
                try await Task.sleep(for: .seconds(2))
                let process = try await terminal.resmonProcess()
                let before = try Self.sleeps(of: process)
                try await Task.sleep(for: .seconds(5))
                #expect(try Self.sleeps(of: process) - before <= 5 * 12)
            }
        }
    }
}
