import Foundation
import ResourceDashboard
import Testing

extension TerminalTests {
    /// Records and replays in the real program.
    @Suite("Recordings by keyboard")
    struct RecordingKeyTests {
        private static func withDirectory(_ body: (URL) async throws -> Void) async throws {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            try await body(directory)
        }

        @Test("r starts and stops a recording; the file is private to its user and replays the session.")
        func record() async throws {
            try await Self.withDirectory { directory in
                try await TmuxSession.with { terminal in
                    try await terminal.run("export XDG_STATE_HOME=\(directory.path)")
                    try await terminal.startResmon("demo quiet --view scopes")
                    try await terminal.press("r")
                    try await terminal.waitFor("recording to ")
                    try await terminal.waitFor(" REC ")
                    try await terminal.press("O")
                    try await terminal.type("by-hand")
                    try await terminal.press("Enter")
                    try await terminal.waitFor("· by-hand")
                    try await terminal.press("r")
                    try await terminal.waitForNo(" REC ")
                    try await terminal.press("Q")
                    try await terminal.waitFor(ResmonProgram.ended(0))
                    let folder = directory.appendingPathComponent("resmon")
                    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                    let file = folder.appendingPathComponent(try #require(names.first))
                    #expect(names.count == 1)
                    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
                    #expect(mode == 0o600)
                    try await terminal.run("clear")
                    try await terminal.startResmon("replay \(file.path) --view scopes")
                    try await terminal.press("0")
                    try await terminal.waitFor("· by-hand")
                    try await terminal.press("r")
                    try await terminal.waitFor("this is a recording")
                    try await terminal.press("o")
                    try await terminal.waitFor("read-only")
                    try await terminal.press("Q")
                    try await terminal.waitFor(ResmonProgram.ended(0))
                }
            }
        }

        @Test("A replay plays, pauses, steps, seeks and changes its speed, even if its file is damaged.")
        func replay() async throws {
            try await Self.withDirectory { directory in
                let file = directory.appendingPathComponent("run.jsonl").path
                let made = try await ResmonProgram.run("record", "checkout", "--simulated", "--seed", "7", "--for", "60s", "--output", file)
                #expect(made.status == 0, "\(made.errors)")
                try await TmuxSession.with { terminal in
                    try await terminal.startResmon("replay \(file)")
                    try await terminal.waitFor("REPLAY 0:0")
                    try await terminal.press("Space")
                    try await terminal.waitFor("PAUSED 0:0")
                    try await terminal.press(">", ">", ">")
                    // The moment of the pause depends on the machine.
                    let there = try await terminal.waitUntil("thirty seconds on") {
                        $0.contains("PAUSED 0:29") || $0.contains("PAUSED 0:3")
                    }
                    try await terminal.press(".")
                    try await terminal.waitUntil("a step") { $0 != there && $0.contains("PAUSED 0:") }
                    try await terminal.press("<")
                    let earlier = try await terminal.waitUntil("ten seconds back") {
                        $0.contains("PAUSED 0:19") || $0.contains("PAUSED 0:2")
                    }
                    try await terminal.press("!")
                    try await terminal.waitUntil("the next error") { $0 != earlier && $0.contains("PAUSED 0:2") }
                    try await terminal.press(":")
                    try await terminal.type("speed 200")
                    try await terminal.press("Enter")
                    try await terminal.waitFor("×200")
                    try await terminal.press("Space")
                    try await terminal.waitFor("PAUSED 0:59 of 0:59")
                    try await terminal.waitFor("the recording ends here")
                    try await terminal.press("<")
                    try await terminal.waitFor("PAUSED 0:49")
                    try await terminal.press("Q")
                    try await terminal.waitFor(ResmonProgram.ended(0))
                }
                // The file is cut within a line, as by a full disk.
                let data = try Data(contentsOf: URL(fileURLWithPath: file))
                try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: file))
                try await TmuxSession.with { terminal in
                    try await terminal.startResmon("replay \(file) --at 5s")
                    try await terminal.waitUntil("the moment, and what is wrong with the file") {
                        $0.contains("PAUSED 0:0") && $0.contains("was cut off") && $0.contains("PaymentSession")
                    }
                    try await terminal.press("Q")
                    try await terminal.waitFor(ResmonProgram.ended(0))
                }
            }
        }
    }
}
