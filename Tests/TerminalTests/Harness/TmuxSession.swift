import Foundation
import Synchronization

/// A terminal of known size that runs a shell: a separate tmux server, which ends with the test. Nothing waits for a fixed time:
/// ``waitUntil(_:timeout:_:)`` polls the screen until its condition holds.
struct TmuxSession {
    /// The condition did not hold before the timeout; the description contains the screen.
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    /// A tmux command failed; the description contains tmux's message.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// The prompt of the shell, which no other output resembles.
    static let prompt = "shell-is-ready>"

    private static let count = Atomic<Int>(0)

    private let socket: String
    /// The ID of the pane that is read and typed to; empty for the first pane.
    private let pane: String

    /// Runs `body` with a shell in a terminal of `width` x `height` cells.
    ///
    /// - Parameters:
    ///   - terminal: the value of `TERM`.
    ///   - environment: variables to set in the shell; an empty value removes the variable.
    static func with<Result>(
        width: Int = 120,
        height: Int = 36,
        terminal: String = "tmux-256color",
        environment: [String: String] = [:],
        _ body: (TmuxSession) async throws -> Result
    ) async throws -> Result {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        let session = TmuxSession(socket: "resmon-test-\(ProcessInfo.processInfo.processIdentifier)-\(number)", pane: "")
        let outcome: Swift.Result<Result, any Error>
        do {
            try await session.start(width: width, height: height, terminal: terminal, shell: Self.shell(environment))
            outcome = .success(try await body(session))
        } catch {
            outcome = .failure(error)
        }
        _ = try? await session.tmux(["kill-server"])
        return try outcome.get()
    }

    private func start(width: Int, height: Int, terminal: String, shell: [String]) async throws {
        let configuration = FileManager.default.temporaryDirectory.appendingPathComponent(self.socket + ".conf")
        try """
        set -g status off
        set -g escape-time 0
        set -g history-limit 2000
        set -g default-terminal "\(terminal)"
        """.write(to: configuration, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: configuration) }
        _ = try await self.tmux(
            ["-f", configuration.path, "new-session", "-d", "-x", "\(width)", "-y", "\(height)"] + shell
        )
        try await self.waitUntil("the shell's prompt") { $0.contains(Self.prompt) }
    }

    /// Returns the command of a shell without the machine's settings.
    private static func shell(_ environment: [String: String]) -> [String] {
        var variables = [
            "LC_ALL": "C.UTF-8", "PS1": Self.prompt + " ", "COLORTERM": "", "NO_COLOR": "", "RESMON_THEME": "", "XDG_CONFIG_HOME": "",
        ]
        variables.merge(environment) { _, given in given }
        let set = variables.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" }.sorted()
        let removed = variables.filter(\.value.isEmpty).keys.sorted().flatMap { ["-u", $0] }
        return ["env"] + removed + set + ["bash", "--noprofile", "--norc", "-i"]
    }

    /// Opens another terminal in the same server, with the same size and a separate shell.
    ///
    /// - Parameter environment: variables to set, as for ``with(width:height:terminal:environment:_:)``.
    func anotherPane(environment: [String: String] = [:]) async throws -> TmuxSession {
        let command = ["new-window", "-d", "-P", "-F", "#{pane_id}"] + Self.shell(environment)
        let other = TmuxSession(socket: self.socket, pane: try await self.tmux(command).trimmingCharacters(in: .newlines))
        try await other.waitUntil("the shell's prompt") { $0.contains(Self.prompt) }
        return other
    }

    /// The tmux arguments that select the pane.
    private var target: [String] {
        self.pane.isEmpty ? [] : ["-t", self.pane]
    }

    /// Runs a tmux command and returns its output.
    @discardableResult
    func tmux(_ arguments: [String]) async throws -> String {
        let result = try await ChildProcess.run("/usr/bin/env", ["tmux", "-L", self.socket] + arguments)
        guard result.status == 0 else {
            throw Refused(description: "tmux \(arguments.joined(separator: " ")): \(result.errors)")
        }
        return result.output
    }

    /// Types `text` literally.
    func type(_ text: String) async throws {
        try await self.tmux(["send-keys"] + self.target + ["-l", text])
    }

    /// Presses keys by tmux's names: `Enter`, `C-z`, `Up`, `x`.
    func press(_ keys: String...) async throws {
        try await self.tmux(["send-keys"] + self.target + keys)
    }

    /// Types a command and Enter.
    func run(_ command: String) async throws {
        try await self.type(command)
        try await self.press("Enter")
    }

    /// Returns the screen: its rows without trailing blanks.
    func screen() async throws -> String {
        try await self.tmux(["capture-pane", "-p"] + self.target)
    }

    /// Returns one of tmux's format variables, such as `alternate_on`, `cursor_flag` or `pane_pid`.
    func value(_ format: String) async throws -> String {
        try await self.tmux(["display-message", "-p"] + self.target + ["#{\(format)}"]).trimmingCharacters(in: .newlines)
    }

    func resize(width: Int, height: Int) async throws {
        try await self.tmux(["resize-window"] + self.target + ["-x", "\(width)", "-y", "\(height)"])
    }

    /// Polls the screen until `condition` holds, and returns the screen.
    @discardableResult
    func waitUntil(
        _ what: String,
        timeout: Duration = .seconds(60),
        _ condition: (String) async throws -> Bool
    ) async throws -> String {
        let deadline = ContinuousClock.now + timeout
        while true {
            let screen = try await self.screen()
            if try await condition(screen) { return screen }
            guard ContinuousClock.now < deadline else {
                throw TimedOut(description: "waited \(timeout) for \(what); the screen shows:\n\(screen)")
            }
            try await Task.sleep(for: .milliseconds(40))
        }
    }

    /// Polls the screen until it contains `text`, and returns the screen.
    @discardableResult
    func waitFor(_ text: String, timeout: Duration = .seconds(60)) async throws -> String {
        try await self.waitUntil("“\(text)”", timeout: timeout) { $0.contains(text) }
    }

    /// Polls the screen until it does not contain `text`, and returns the screen.
    @discardableResult
    func waitForNo(_ text: String, timeout: Duration = .seconds(60)) async throws -> String {
        try await self.waitUntil("the end of “\(text)”", timeout: timeout) { !$0.contains(text) }
    }
}
