import Foundation
import Synchronization

/// A Redis server for one test, on the loopback address and on a socket file, with a password and without persistence.
///
/// It ends with the last reference.
public final class RedisServer: Sendable {
    /// The port. It stays the same after a restart.
    public let port: Int
    /// The password of the default user.
    public let password: String
    /// The path of the socket file.
    public var socket: String { self.directory.path + "/redis.sock" }

    private let directory: TemporaryDirectory
    private let arguments: [String]
    private let process = Mutex<ServerProcess?>(nil)
    private let starts = Mutex(0)

    /// Starts a server, and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - password: the password, without spaces.
    ///   - maxclients: the largest number of clients.
    ///   - arguments: further options of `redis-server`.
    /// - Throws: ``LoopbackServerError``, also if Redis is not installed.
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
        throw LoopbackServerError("redis-server found no free port")
    }

    /// Starts the server again after ``kill()`` or ``stop()``, on the same port and without data.
    public func restart() async throws {
        let start = self.starts.withLock { starts in
            starts += 1
            return starts
        }
        let process = try await Self.launch(self.port, self.arguments, self.directory.path, log: "log-restart-\(start)")
        guard let process else { throw LoopbackServerError("port \(self.port) was taken while the Redis server was down") }
        self.process.withLock { $0 = process }
    }

    /// Kills the server (SIGKILL), as a crash would.
    public func kill() async {
        let process = self.process.withLock { $0 }
        process?.kill()
        _ = await process?.waitForExit()
    }

    /// Shuts the server down.
    public func stop() async {
        await self.process.withLock { $0 }?.stop()
    }

    /// Stops the server without any notification (SIGSTOP): connections stay open and get no answer until ``resume()``.
    public func pause() {
        self.process.withLock { $0 }?.pause()
    }

    /// Continues the server (SIGCONT).
    public func resume() {
        self.process.withLock { $0 }?.resume()
    }

    /// Starts a server and waits until it accepts connections; nil if the port is taken.
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
