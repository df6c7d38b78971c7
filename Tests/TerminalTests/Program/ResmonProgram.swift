import Foundation

/// The program under test, built together with the tests.
enum ResmonProgram {
    /// The path of the program, beside the test bundle.
    static let path: String = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("resmon").path
    }()

    /// Returns what the shell prints after a command that ended with `code`. The typed command line does not contain this text.
    static func ended(_ code: Int) -> String {
        "ended-with-\(code)."
    }

    /// Runs the program without a terminal.
    static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> ChildProcess {
        var variables = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "COLORTERM", "RESMON_THEME", "XDG_CONFIG_HOME"] { variables[name] = nil }
        variables["LC_ALL"] = "C.UTF-8"
        variables.merge(environment) { _, given in given }
        return try await ChildProcess.run(self.path, arguments, environment: variables)
    }
}

extension TmuxSession {
    /// Starts the program in the shell, which then prints its status, and waits for the first frame.
    @discardableResult
    func startResmon(_ arguments: String = "", showing text: String = "Overview") async throws -> String {
        try await self.enterResmon(arguments)
        return try await self.waitUntil("the first frame") { screen in
            let isUp = try await self.value("alternate_on") == "1"
            return isUp && screen.contains(text)
        }
    }

    /// Starts the program in the shell, which then prints its status.
    func enterResmon(_ arguments: String = "") async throws {
        try await self.run("\(ResmonProgram.path) \(arguments); printf 'ended-with-%d.\\n' $?")
    }

    /// Returns the process ID of the program, a child of the shell.
    func resmonProcess() async throws -> String {
        let shell = try await self.value("pane_pid")
        let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
            // A process may end between listing and reading. The name is in parentheses; the fields after it are the state and the parent.
            guard entry.allSatisfy(\.isNumber), let line = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8) else {
                return false
            }
            return line.contains("(resmon)") && line.split(separator: ")").last?.split(separator: " ").dropFirst().first == Substring(shell)
        }
        guard children.count == 1 else {
            throw TimedOut(description: "the shell \(shell) has \(children.count) children called resmon")
        }
        return children[0]
    }

    /// Sends a signal to the program.
    func signal(_ number: Int32) async throws {
        guard let process = pid_t(try await self.resmonProcess()), kill(process, number) == 0 else {
            throw TimedOut(description: "the signal \(number) could not be sent")
        }
    }

    /// Sends a signal to the program and reports its process ID if that fails.
    func signalResmon(_ number: Int32) async throws {
        let process = try await self.resmonProcess()
        guard let process = pid_t(process), kill(process, number) == 0 else {
            throw Refused(description: "signal \(number) cannot be sent to '\(process)'")
        }
    }

    /// Returns all terminal settings that the program changes and must restore.
    func terminalSettings() async throws -> [String: String] {
        let flags = [
            "alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "keypad_cursor_flag", "insert_flag", "wrap_flag",
            "scroll_region_upper", "scroll_region_lower",
        ]
        let values = try await self.value(flags.joined(separator: "},#{"))
        var result = Dictionary(uniqueKeysWithValues: zip(flags, values.split(separator: ",").map(String.init)))
        let tty = try await self.value("pane_tty")
        let descriptor = open(tty, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        defer { close(descriptor) }
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { throw TimedOut(description: "\(tty) has no settings") }
        result["termios"] = "\(settings)"
        return result
    }
}
