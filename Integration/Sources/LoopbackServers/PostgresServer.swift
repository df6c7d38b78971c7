import Foundation
import Synchronization

/// A PostgreSQL data directory with nothing in it, made once, that any number of servers begin with.
public final class PostgresTemplate: Sendable {
    /// The only user, who may do everything.
    public static let user = "app"
    /// The user's password: with characters that have a meaning in URLs and in connection strings.
    public static let password = "s3cr/et@%20 'pass"

    private let directory: TemporaryDirectory
    private let binaries: String
    /// Who the servers run as if this process runs as root, as which PostgreSQL refuses to run.
    fileprivate static let account = "postgres"

    /// Makes the data directory.
    ///
    /// - Throws: ``LoopbackServerError``, with what to install if PostgreSQL is not there.
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

    /// A server of its own, started with `settings` and ready for connections.
    ///
    /// - Throws: ``LoopbackServerError`` with what the server printed.
    public func server(_ settings: [String: String] = [:]) async throws -> PostgresServer {
        let directory = try TemporaryDirectory(owner: Self.account)
        try await ServerProcess.run("cp", ["-a", self.directory.path + "/data", directory.path + "/data"])
        let server = PostgresServer(binaries: self.binaries, directory: directory, port: try freeLoopbackPort(), settings: settings)
        try await server.start()
        return server
    }

    private static func findBinaries() throws -> String {
        // Debian keeps a directory for every version.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let ofDebian = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        let ofPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = (ofDebian + ofPath).first { directory in
            ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)") }
        }
        guard let found else {
            throw LoopbackServerError(
                "these tests need a PostgreSQL server, and there are no initdb and postgres in /usr/lib/postgresql/*/bin or in the PATH: "
                    + "install Debian's package postgresql"
            )
        }
        return found
    }
}

/// A PostgreSQL server on a port of the loopback address, and on a socket in its own directory. It is gone with the last reference.
public final class PostgresServer: Sendable {
    /// The port, which stays the same when the server is started again.
    public let port: Int
    private let binaries: String
    private let directory: TemporaryDirectory
    private let settings: [String: String]
    private let process = Mutex<(current: ServerProcess?, starts: Int)>((nil, 0))

    fileprivate init(binaries: String, directory: TemporaryDirectory, port: Int, settings: [String: String]) {
        self.binaries = binaries
        self.directory = directory
        self.port = port
        // Nothing that is only there to survive a power cut, and no shared memory that would survive a kill.
        let quick = [
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "shared_buffers": "16MB",
            "wal_level": "minimal", "max_wal_senders": "0", "dynamic_shared_memory_type": "mmap", "max_connections": "40",
            "superuser_reserved_connections": "0", "log_min_messages": "warning", "listen_addresses": "127.0.0.1",
        ]
        self.settings = quick.merging(settings) { $1 }
    }

    /// The directory of its socket.
    public var socketDirectory: String {
        self.directory.path
    }

    /// Everything that its present process printed.
    public var printed: String {
        self.process.withLock { $0.current }?.printed ?? ""
    }

    /// Starts it, again if it was stopped or killed before, and returns when it takes connections.
    ///
    /// - Throws: ``LoopbackServerError`` with what it printed.
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
        // The last line of this file says whether it is ready, a moment before it is.
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

    /// Shuts it down: it disconnects everybody and ends.
    public func stop() async {
        await self.process.withLock { $0.current }?.stop(SIGINT)
    }

    /// Stops it and all its processes in the middle of what they do, without a word to anybody (SIGSTOP).
    public func pause() {
        self.process.withLock { $0.current }?.pause()
    }

    /// Lets it go on after ``pause()``.
    public func resume() {
        self.process.withLock { $0.current }?.resume()
    }

    /// Kills it and all its processes (SIGKILL), and returns when it has ended.
    public func kill() async {
        let process = self.process.withLock { $0.current }
        process?.kill()
        _ = await process?.waitForExit()
    }
}
