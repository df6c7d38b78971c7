import Foundation
import Synchronization

/// An empty PostgreSQL data directory. It is created once and copied for every server.
public final class PostgresTemplate: Sendable {
    /// The only user, a superuser.
    public static let user = "app"
    /// The user's password. It has characters with a special meaning in URLs and in connection strings.
    public static let password = "s3cr/et@%20 'pass"

    private let directory: TemporaryDirectory
    private let binaries: String
    /// The account of the servers if this process runs as root, because PostgreSQL refuses to run as root.
    fileprivate static let account = "postgres"

    /// Creates the data directory.
    ///
    /// - Throws: ``LoopbackServerError`` with the package to install if PostgreSQL is missing.
    public init() async throws {
        self.binaries = try Self.findBinaries()
        self.directory = try TemporaryDirectory(owner: Self.account)
        let words = self.directory.path + "/password"
        try Data((Self.password + "\n").utf8).write(to: URL(fileURLWithPath: words))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: words)
        let arguments = ["--no-sync", "--encoding=UTF8", "--locale=C", "--wal-segsize=1", "--auth=scram-sha-256"]
        try await ServerProcess.run(
            self.binaries + "/initdb",
            arguments + ["--username=\(Self.user)", "--pwfile=\(words)", "--pgdata=\(self.directory.path)/data"],
            user: Self.account
        )
    }

    /// Starts a separate server with `settings` and returns it when it accepts connections.
    ///
    /// - Throws: ``LoopbackServerError`` with the server's output.
    public func server(_ settings: [String: String] = [:]) async throws -> PostgresServer {
        let directory = try TemporaryDirectory(owner: Self.account)
        try await ServerProcess.run("cp", ["-a", self.directory.path + "/data", directory.path + "/data"])
        let server = PostgresServer(binaries: self.binaries, directory: directory, port: try freeLoopbackPort(), settings: settings)
        try await server.start()
        return server
    }

    private static func findBinaries() throws -> String {
        // Debian has one directory for each version.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let ofDebian = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        let ofPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = (ofDebian + ofPath).first { directory in
            ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)") }
        }
        guard let found else {
            throw LoopbackServerError(
                "these tests need a PostgreSQL server, and initdb and postgres are neither in /usr/lib/postgresql/*/bin nor in the PATH: "
                    + "install Debian's package postgresql"
            )
        }
        return found
    }
}

/// A PostgreSQL server on a port of the loopback address and on a socket in its own directory. It ends with the last reference.
public final class PostgresServer: Sendable {
    /// The port. It stays the same when the server is started again.
    public let port: Int
    private let binaries: String
    private let directory: TemporaryDirectory
    private let settings: [String: String]
    private let process = Mutex<(current: ServerProcess?, starts: Int)>((nil, 0))

    fileprivate init(binaries: String, directory: TemporaryDirectory, port: Int, settings: [String: String]) {
        self.binaries = binaries
        self.directory = directory
        self.port = port
        // Durability is not needed, and no shared memory may outlive a killed server.
        let quick = [
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "shared_buffers": "16MB",
            "wal_level": "minimal", "max_wal_senders": "0", "dynamic_shared_memory_type": "mmap", "max_connections": "40",
            "superuser_reserved_connections": "0", "log_min_messages": "warning", "listen_addresses": "127.0.0.1",
        ]
        self.settings = quick.merging(settings) { $1 }
    }

    /// The directory of the server's socket.
    public var socketDirectory: String {
        self.directory.path
    }

    /// The output of the current process.
    public var printed: String {
        self.process.withLock { $0.current }?.printed ?? ""
    }

    /// Starts the server, or starts it again after it was stopped or killed. Returns when it accepts connections.
    ///
    /// - Throws: ``LoopbackServerError`` with the server's output.
    public func start() async throws {
        let number = self.process.withLock { state in
            state.starts += 1
            return state.starts
        }
        let fixed = [
            "-D", self.directory.path + "/data", "-p", String(self.port), "-c", "unix_socket_directories=\(self.directory.path)",
        ]
        let process = try ServerProcess(
            self.binaries + "/postgres",
            fixed + self.settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] },
            user: PostgresTemplate.account,
            output: "\(self.directory.path)/output-\(number)"
        )
        self.process.withLock { $0.current = process }
        // The last line of this file reports the readiness slightly too early.
        let status = self.directory.path + "/data/postmaster.pid"
        let isDecided = try await eventually(within: .seconds(30)) {
            let lines = (try? String(contentsOfFile: status, encoding: .utf8))?.split(separator: "\n") ?? []
            let isReady = lines.first.map(String.init) == String(process.pid) && lines.last?.hasPrefix("ready") == true
            return isReady || !process.isRunning
        }
        guard isDecided, process.isRunning else {
            throw LoopbackServerError("the PostgreSQL server did not start: \(process.printed)")
        }
    }

    /// Shuts the server down. It closes all connections and exits.
    public func stop() async {
        await self.process.withLock { $0.current }?.stop(SIGINT)
    }

    /// Stops the server and all its processes without any notification (SIGSTOP).
    public func pause() {
        self.process.withLock { $0.current }?.pause()
    }

    /// Continues the server after ``pause()``.
    public func resume() {
        self.process.withLock { $0.current }?.resume()
    }

    /// Kills the server and all its processes (SIGKILL), and returns when it has ended.
    public func kill() async {
        let process = self.process.withLock { $0.current }
        process?.kill()
        _ = await process?.waitForExit()
    }
}
