import Foundation
import Synchronization

/// A Redis server of a test's own, on the loopback address and on a socket file, with a password, and nothing kept on disk.
///
/// It ends with the last reference to it.
public final class RedisServer: Sendable {
    /// The port it listens on; the same after a restart.
    public let port: Int
    /// The password of its default user.
    public let password: String
    /// The path of its socket file.
    public var socket: String { self.directory.path + "/redis.sock" }

    private let directory: TemporaryDirectory
    private let arguments: [String]
    private let process = Mutex<ServerProcess?>(nil)
    private let starts = Mutex(0)

    /// Starts a server, and returns when it takes connections.
    ///
    /// - Parameters:
    ///   - password: must not have a space in it.
    ///   - maxclients: how many clients it takes.
    ///   - arguments: further options of `redis-server`.
    /// - Throws: ``LoopbackServerError``, also if no Redis is installed.
    public init(password: String = "correct-horse-battery", maxclients: Int = 1_000, arguments: [String] = []) async throws {
        self.password = password
        self.directory = try TemporaryDirectory()
        self.arguments = ["--requirepass", password, "--maxclients", "\(maxclients)"] + arguments
        for _ in 1...50 {
            let port = try freeLoopbackPort()
            let process = try await Self.launch(port, self.arguments, self.directory.path, log: "log-\(port)")
            guard let process else { continue }
            self.port = port
            self.process.withLock { $0 = process }
            return
        }
        throw LoopbackServerError("redis-server found no port that stayed free")
    }

    /// Starts it again after ``kill()`` or ``stop()``, on the same port and empty.
    public func restart() async throws {
        let start = self.starts.withLock { starts in
            starts += 1
            return starts
        }
        let process = try await Self.launch(self.port, self.arguments, self.directory.path, log: "log-restart-\(start)")
        guard let process else { throw LoopbackServerError("somebody has taken port \(self.port) while the Redis server was down") }
        self.process.withLock { $0 = process }
    }

    /// Ends it at once, as a crash does (SIGKILL).
    public func kill() async {
        let process = self.process.withLock { $0 }
        process?.kill()
        _ = await process?.waitForExit()
    }

    /// Ends it in good order.
    public func stop() async {
        await self.process.withLock { $0 }?.stop()
    }

    /// Stops it without its noticing (SIGSTOP): connections stand, and nothing is answered, until ``resume()``.
    public func pause() {
        self.process.withLock { $0 }?.pause()
    }

    /// Lets it go on (SIGCONT).
    public func resume() {
        self.process.withLock { $0 }?.resume()
    }

    /// A server that takes connections; nil if the port is taken.
    private static func launch(_ port: Int, _ arguments: [String], _ directory: String, log: String) async throws -> ServerProcess? {
        guard let executable = Self.executable else {
            throw LoopbackServerError("redis-server is not installed: install Redis (Debian and Ubuntu: apt-get install redis-server)")
        }
        let process = try ServerProcess(
            executable,
            [
                "--bind", "127.0.0.1", "--port", "\(port)", "--unixsocket", directory + "/redis.sock", "--dir", directory, "--save", "",
                "--appendonly", "no", "--daemonize", "no", "--logfile", "", "--loglevel", "notice", "--enable-debug-command", "local",
            ] + arguments,
            output: directory + "/" + log
        )
        let isReady = try await eventually { !process.isRunning || process.printed.contains("eady to accept connections") }
        if isReady, process.isRunning { return process }
        if process.printed.contains("already in use") { return nil }
        throw LoopbackServerError("redis-server did not start: \(process.printed)")
    }

    private static var executable: String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]
        return directories.map { $0 + "/redis-server" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
