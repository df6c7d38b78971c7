import Foundation
import LoopbackServers

/// A command in a terminal of 120 columns and 36 rows, by tmux.
struct TerminalScreen {
    private let server = "resmon-fleet-\(UUID().uuidString)"
    private let file: String

    /// Starts a command in a terminal.
    ///
    /// - Parameter folder: The folder for the text of the screen.
    init(_ command: String, folder: String) async throws {
        self.file = "\(folder)/screen"
        try await self.tmux("new-session", "-d", "-x", "120", "-y", "36", "/bin/sh", "-c", "\(command); sleep 60")
    }

    /// The text of the screen, once `isExpected` returns true for it. The terminal ends.
    func text(where isExpected: (String) -> Bool) async throws -> String {
        var text = ""
        for _ in 0..<100 where !isExpected(text) {
            try await Task.sleep(for: .milliseconds(200))
            try await ServerProcess.run("/bin/sh", ["-c", #"tmux -L "$0" capture-pane -p >"$1""#, self.server, self.file])
            text = try String(contentsOfFile: self.file, encoding: .utf8)
        }
        try await self.tmux("kill-server")
        guard isExpected(text) else { throw LoopbackServerError("the screen shows:\n\(text)") }
        return text
    }

    private func tmux(_ words: String...) async throws {
        try await ServerProcess.run("tmux", ["-L", self.server, "-f", "/dev/null"] + words, environment: ["TERM": "xterm-256color"])
    }
}
