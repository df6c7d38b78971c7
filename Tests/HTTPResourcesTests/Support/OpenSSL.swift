import Foundation
import ResourceContainer

/// A run of the program openssl.
///
/// Foundation's `Process` is not used: on Linux, the program inherits blocked signals and cannot be terminated.
final class OpenSSL: Sendable {
    /// The program could not be started, or failed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether the program is installed.
    static var isAvailable: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/openssl")
        }
    }

    private let process: pid_t
    /// Fulfilled with the status of the wait when the program has ended.
    private let ended = Promise<Int32>()
    /// Whether another process can have the number of the program.
    private let isReaped = Lock(false)

    /// Runs the program to its end.
    static func run(_ arguments: [String]) async throws {
        let status = await (try OpenSSL(arguments, stream: nil)).ended.waitThroughCancellation()
        if status != 0 { throw Failure(description: "openssl \(arguments.joined(separator: " ")) ended with status \(status)") }
    }

    /// Starts the program.
    ///
    /// - Parameter stream: The descriptor of its input and output; nil for no input and no output.
    init(_ arguments: [String], stream: Int32?) throws {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let stream {
            posix_spawn_file_actions_adddup2(&actions, stream, 0)
            posix_spawn_file_actions_adddup2(&actions, stream, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var pointers = (["openssl"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "openssl", &actions, &attributes, &pointers, environ)
        if code != 0 { throw Failure(description: "openssl cannot be started: \(String(cString: strerror(code)))") }
        self.process = process
        Thread.detachNewThread { self.waitForEnd() }
    }

    private func waitForEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(self.process), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let status = self.isReaped.withLock { isReaped in
            var status: Int32 = 0
            while waitpid(self.process, &status, 0) == -1, errno == EINTR {}
            isReaped = true
            return status
        }
        self.ended.fulfill(status)
    }

    /// Ends the program, and resets its connections if they contain bytes that it has not read.
    func kill() {
        self.isReaped.withLock { isReaped in
            if !isReaped { Foundation.kill(self.process, SIGKILL) }
        }
    }

    /// Ends the program and waits for its end.
    func stop() async {
        self.kill()
        _ = await self.ended.waitThroughCancellation()
    }
}
