import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A running command whose standard input and output are the connection to a server.
///
/// It is started from a list of arguments, without a shell, in a separate process group: a Ctrl-C in the terminal reaches this program, which
/// then ends the command. Its standard error is collected for error texts.
final class ConnectedCommand: Sendable {
    /// The connection.
    let stream: FileDescriptor
    /// The read end of the command's standard error.
    let errors: FileDescriptor
    private let pid: pid_t
    private let program: String

    /// Starts the command.
    init(_ words: [String]) throws(AttachFailure) {
        guard let program = words.first else { throw AttachFailure("the command is empty") }
        let what = "the command '\(program.asName)' cannot be started"
        let stream: (own: FileDescriptor, other: Int32)
        do { stream = try UnixSocket.pair() } catch { throw AttachFailure(what, error) }
        defer { close(stream.other) }
        var pipeEnds: [Int32] = [-1, -1]
        guard pipe(&pipeEnds) == 0 else { throw AttachFailure(what, .last) }
        let errors = FileDescriptor(pipeEnds[0])
        defer { close(pipeEnds[1]) }
        _ = fcntl(pipeEnds[1], F_SETFD, FD_CLOEXEC)
        let (error, pid) = Self.spawn(words, stream: stream.other, errors: pipeEnds[1])
        if error == ENOENT { throw AttachFailure("there is no command '\(program.asName)'") }
        guard error == 0 else { throw AttachFailure(what, SystemError(error)) }
        self.stream = stream.own
        self.errors = errors
        self.pid = pid
        self.program = program
    }

    /// The time that a command gets to end, in milliseconds: by itself after its connection has ended, and after each signal.
    private static let patience = 200

    /// Waits for the end of a command whose connection has ended, and returns how it ended: `ssh ended with status 255`. A command that
    /// continues to run is terminated.
    func finish() -> String {
        if let status = self.status(within: Self.patience) { return self.words(status) }
        return self.terminate().map(self.words) ?? "\(self.program.asName) does not end"
    }

    /// Ends the command at once, and returns its status; nil if it does not end. A command that ignores the first signal is killed.
    @discardableResult
    func terminate() -> Int32? {
        for signal in [SIGTERM, SIGKILL] {
            // The whole group: a command may have started others.
            kill(-self.pid, signal)
            if let status = self.status(within: Self.patience) { return status }
        }
        // A command of another user, such as sudo, receives no signals. It ends because its connection has.
        return nil
    }

    private func status(within milliseconds: Int) -> Int32? {
        var status: Int32 = 0
        for attempt in 0...(milliseconds / 10) {
            if attempt > 0 { usleep(10_000) }
            if waitpid(self.pid, &status, WNOHANG) != 0 { return status }
        }
        return nil
    }

    private func words(_ status: Int32) -> String {
        let signal = status & 0x7F
        let how = signal == 0 ? "ended with status \((status >> 8) & 0xFF)" : "was ended by signal \(signal)"
        return "\(self.program.asName) \(how)"
    }

    private static func spawn(_ words: [String], stream: Int32, errors: Int32) -> (error: Int32, pid: pid_t) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stream, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stream, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The thread that starts the command blocks signals, and a child inherits the mask.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, flags)
        var arguments = words.map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, environ)
        return (error, pid)
    }
}
