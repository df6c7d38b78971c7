import Dispatch
import Foundation

/// The result of a program that ran to its end: its status and output.
struct ChildProcess {
    /// The program could not be started.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    /// A process is still running after the timeout.
    struct StillRunning: Error, CustomStringConvertible {
        let description: String
    }

    /// The exit code, or 128 + n if signal n ended the program.
    let status: Int32
    let output: String
    let errors: String

    /// Runs `executable` with `arguments` and waits for its end without blocking a thread of the pool that tests run on. Foundation's
    /// `Process` is not used: on Linux it waits for every descendant that inherited one of its descriptors, and a tmux server never ends.
    /// Output goes through files, so nothing has to drain it.
    static func run(_ executable: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> ChildProcess {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-child-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let output = directory.appendingPathComponent("out").path
        let errors = directory.appendingPathComponent("err").path

        let process = try self.spawn(executable, arguments, environment, output: output, errors: errors)
        let status = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            DispatchQueue.global().async {
                var status: Int32 = 0
                while waitpid(process, &status, 0) == -1, errno == EINTR {}
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
            }
        }
        return ChildProcess(
            status: status,
            output: String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self),
            errors: String(decoding: FileManager.default.contents(atPath: errors) ?? Data(), as: UTF8.self)
        )
    }

    /// Waits until no process with this ID runs. A zombie counts as ended.
    static func waitForEnd(of process: String, timeout: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + timeout
        while let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8), !status.contains("State:\tZ") {
            guard ContinuousClock.now < deadline else { throw StillRunning(description: "after \(timeout):\n\(status)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func spawn(
        _ executable: String,
        _ arguments: [String],
        _ environment: [String: String]?,
        output: String,
        errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)

        // Threads of a Swift program block most signals. A child would inherit the mask, and its shell could not be interrupted.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var argumentPointers = ([executable] + arguments).map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, executable, &actions, &attributes, &argumentPointers, &variablePointers)
        guard failure == 0 else { throw NotStarted(description: "\(executable): \(String(cString: strerror(failure)))") }
        return process
    }
}
