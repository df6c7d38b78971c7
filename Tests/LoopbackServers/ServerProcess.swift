import Foundation
import Synchronization

/// A server process of a test. It runs until it is stopped or killed or its last reference is released, and never longer than the test
/// process.
///
/// Its standard output and error go to a file. On Linux it starts through `setpriv`, which replaces itself by the server: the kernel then
/// kills the server if the test process dies. Processes that the server starts must detect its end themselves, which a paused process
/// cannot do.
public final class ServerProcess: Sendable {
    /// The exit status. The thread that waits for the process sets it.
    private final class Ending: Sendable {
        let status = Mutex<Int32?>(nil)
    }

    /// The process ID.
    public let pid: pid_t
    /// The path of the file with the output.
    public let output: String
    private let ending: Ending

    /// Starts `executable`, which is searched for in the `PATH` unless it is a path.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process, in addition to `PATH` and `LC_ALL=C.UTF-8`.
    ///   - user: the account of the process; ignored unless this process runs as root.
    ///   - output: the file for the output, to which it is appended.
    /// - Throws: ``LoopbackServerError``.
    public init(
        _ executable: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        user: String? = nil,
        output: String
    ) throws {
        let words = Self.prefix(user: user) + [executable] + arguments
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let variables = ["PATH": path, "LC_ALL": "C.UTF-8"].merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        let ending = Ending()
        let started = DispatchSemaphore(value: 0)
        let outcome = Mutex<(error: Int32, pid: pid_t)>((0, 0))
        // A dedicated thread starts the process and waits for it, because `setpriv --pdeathsig` is bound to the thread that starts it.
        Thread.detachNewThread {
            let spawned = Self.spawn(words, variables, output)
            outcome.withLock { $0 = spawned }
            started.signal()
            guard spawned.error == 0 else { return }
            var status: Int32 = 0
            while waitpid(spawned.pid, &status, 0) == -1, errno == EINTR {}
            let hasExited = status & 0x7F == 0
            ending.status.withLock { $0 = hasExited ? (status >> 8) & 0xFF : -(status & 0x7F) }
        }
        started.wait()
        let (error, pid) = outcome.withLock { $0 }
        guard error == 0 else {
            throw LoopbackServerError("\(executable) could not be started: \(String(cString: strerror(error)))")
        }
        self.pid = pid
        self.output = output
        self.ending = ending
    }

    deinit {
        self.kill()
    }

    /// The exit status, or the signal that ended the process as a negative number; nil while it runs.
    public var exitStatus: Int32? {
        self.ending.status.withLock { $0 }
    }

    /// Whether the process runs. A stopped process counts as running.
    public var isRunning: Bool {
        self.exitStatus == nil
    }

    /// The last 4,000 characters of the output.
    public var printed: String {
        let text = (try? String(contentsOfFile: self.output, encoding: .utf8)) ?? ""
        return String(text.suffix(4_000))
    }

    /// Sends a signal to the process only. Does nothing if it has ended.
    public func send(_ signal: Int32) {
        // Under the lock, so that the process ID still belongs to this process: it is reaped before the status is set, and sending is
        // faster than a reuse of the ID by the system.
        self.ending.status.withLock { status in
            if status == nil { _ = Foundation.kill(self.pid, signal) }
        }
    }

    /// Stops the process and its descendants without any notification (SIGSTOP), until ``resume()``.
    public func pause() {
        self.send(SIGSTOP)
        for child in self.descendants { _ = Foundation.kill(child, SIGSTOP) }
    }

    /// Continues the process and its descendants (SIGCONT).
    public func resume() {
        for child in self.descendants { _ = Foundation.kill(child, SIGCONT) }
        self.send(SIGCONT)
    }

    /// Kills the process and its descendants (SIGKILL).
    public func kill() {
        guard self.isRunning else { return }
        // A stopped process does not reap its children, so their process IDs are not reused.
        self.send(SIGSTOP)
        for child in self.descendants { _ = Foundation.kill(child, SIGKILL) }
        self.send(SIGKILL)
    }

    /// Waits for the end of the process, and returns whether it ended within `limit`.
    public func waitForExit(within limit: Duration = .seconds(10)) async -> Bool {
        (try? await eventually(within: limit) { !self.isRunning }) ?? false
    }

    /// Sends `signal`, and kills the process if it does not end within `limit`.
    public func stop(_ signal: Int32 = SIGTERM, within limit: Duration = .seconds(5)) async {
        self.send(signal)
        if await self.waitForExit(within: limit) { return }
        self.kill()
        _ = await self.waitForExit()
    }

    /// Runs a command to its end.
    ///
    /// - Throws: ``LoopbackServerError`` with the output if the command does not exit with status 0 within `limit`.
    public static func run(
        _ executable: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        user: String? = nil,
        within limit: Duration = .seconds(60)
    ) async throws {
        let directory = try TemporaryDirectory()
        let process = try ServerProcess(
            executable,
            arguments,
            environment: environment,
            user: user,
            output: directory.path + "/output"
        )
        let hasEnded = await process.waitForExit(within: limit)
        guard hasEnded, process.exitStatus == 0 else {
            let how = process.exitStatus.map { "ended with \($0)" } ?? "did not end within \(limit)"
            throw LoopbackServerError("\(executable) \(how): \(process.printed)")
        }
    }

    // MARK: System calls

    private static func prefix(user: String?) -> [String] {
        #if os(Linux)
            let identity = getuid() == 0 ? user.map { ["--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } : nil
            return ["setpriv", "--pdeathsig", "KILL"] + (identity ?? [])
        #else
            return []
        #endif
    }

    private static func spawn(_ words: [String], _ variables: [String], _ output: String) -> (error: Int32, pid: pid_t) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Reset the signal mask and the dispositions, because threads of this process may block or ignore signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var arguments = words.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer {
            for text in arguments + environment { free(text) }
        }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &environment)
        return (error, pid)
    }

    /// The running descendants of the process, from `/proc`.
    private var descendants: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [pid_t: [pid_t]] = [:]
        for pid in names.compactMap({ pid_t($0) }) {
            // pid (name) state parent …, where the name may contain any character.
            guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = line.lastIndex(of: ")") else {
                continue
            }
            let fields = line[line.index(after: end)...].split(separator: " ")
            if fields.count > 1, let parent = pid_t(fields[1]) { children[parent, default: []].append(pid) }
        }
        var found: [pid_t] = []
        var next = [self.pid]
        while let parent = next.popLast() {
            let own = children[parent] ?? []
            found += own
            next += own
        }
        return found
    }
}

/// An error that reports why a server cannot be used, and the remedy.
public struct LoopbackServerError: Error, CustomStringConvertible {
    /// The error message.
    public let description: String

    /// Creates an error with this message.
    public init(_ description: String) {
        self.description = description
    }
}

/// A temporary directory that is removed with its contents when the last reference is released.
public final class TemporaryDirectory: Sendable {
    /// The path without a trailing slash. It is short, because the length of a socket's path is limited.
    public let path: String

    /// Creates a directory that only `owner` can enter; `owner` is ignored unless this process runs as root.
    public init(owner: String? = nil) throws {
        var template = Array("/tmp/resmon-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw LoopbackServerError("no temporary directory could be created: \(String(cString: strerror(errno)))")
        }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let owner, getuid() == 0 {
            try FileManager.default.setAttributes([.ownerAccountName: owner], ofItemAtPath: self.path)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}

/// Returns a TCP port of the loopback address that is free at this moment.
///
/// The port is outside the system's range for outgoing connections. A port in that range could be taken while the server is down, or a
/// connection attempt could connect to itself.
public func freeLoopbackPort() throws -> Int {
    for _ in 0..<100 {
        let port = Int.random(in: 20_000..<32_000)
        if isFree(port) { return port }
    }
    throw LoopbackServerError("no port of the loopback address from 20000 to 31999 is free")
}

private func isFree(_ port: Int) -> Bool {
    #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

/// Returns whether `condition` becomes true within `limit`. It is checked at intervals, and once more at the end.
public func eventually(
    within limit: Duration = .seconds(10),
    every pause: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: pause)
    }
    return try await condition()
}
