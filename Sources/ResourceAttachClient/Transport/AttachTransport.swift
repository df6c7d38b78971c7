import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open connection to a server: a socket, a command between this program and the server, or standard input, which is only read.
struct AttachTransport: Sendable {
    /// The connection, which carries the lines of the protocol in both directions.
    let stream: FileDescriptor
    /// The process that listens at the socket; nil for a command and standard input.
    let peer: PeerCredentials?
    /// The running command; nil for a socket, and after the end of the command.
    private var command: ConnectedCommand?
    private var errorOutput = ErrorOutput()

    /// Opens a connection.
    init(_ endpoint: AttachEndpoint, user: UInt32 = geteuid()) throws(AttachFailure) {
        switch endpoint {
        case .command(let words, _):
            let command = try ConnectedCommand(words)
            self.stream = command.stream
            self.command = command
            self.peer = nil
        case .input:
            // The connection is closed with the transport, and standard input is not.
            let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
            guard number >= 0 else { throw AttachFailure("standard input cannot be read", .last) }
            self.stream = FileDescriptor(number)
            self.peer = nil
            self.command = nil
        case .socket(let path, _):
            let (stream, peer) = try Self.connect(to: path, user: user)
            self.stream = stream
            self.peer = peer
            self.command = nil
        }
    }

    /// Connects to the socket at `path`.
    ///
    /// A socket in a folder of servers is opened through the folder, which is checked. Any other path was chosen by the user; there the
    /// server must run as this user or as root, because another user could show false figures. Root connects to all.
    private static func connect(to path: String, user: UInt32) throws(AttachFailure) -> (FileDescriptor, PeerCredentials) {
        let (folder, name) = try Self.folder(of: path, user: user)
        do throws(SystemError) {
            if let folder, let name { return try folder.connect(to: name) }
            let stream = try UnixSocket.connected(to: path)
            guard let peer = PeerCredentials(of: stream), peer.user == user || peer.user == 0 || user == 0 else {
                throw SystemError(EPERM)
            }
            return (stream, peer)
        } catch {
            throw AttachFailure(Self.words(error, path))
        }
    }

    /// The folder of a socket that is named as servers name them, in a folder that is named as theirs. Nil for other paths.
    private static func folder(of path: String, user: UInt32) throws(AttachFailure) -> (CheckedFolder?, SocketName?) {
        guard let slash = path.lastIndex(of: "/"), let name = SocketName(path[path.index(after: slash)...]) else { return (nil, nil) }
        do throws(CheckedFolder.Refusal) {
            return (try CheckedFolder(String(path[..<slash]), user: user), name)
        } catch {
            switch error {
            case .absent: throw AttachFailure("there is no socket '\(path.asName)': the process has ended, or was started elsewhere")
            case .unsafe(let reason), .unreadable(let reason): throw AttachFailure(reason)
            }
        }
    }

    private static func words(_ error: SystemError, _ path: String) -> String {
        let shown = "'\(path.asName)'"
        return switch error.number {
        case ENOENT, ENOTDIR: "there is no socket \(shown): the process has ended, or was started elsewhere"
        case ECONNREFUSED: "no process listens at \(shown): it has ended"
        case EACCES: "permission is denied for \(shown): the process belongs to another user; use sudo, or run this as its user"
        case EPERM: "\(shown) is not used: its process runs as another user than the owner of its folder, or than this one"
        case EAGAIN: "too many connections to \(shown) wait for its process: it does not accept them"
        case ENAMETOOLONG: "the path \(shown) is too long for a socket: the limit is \(UnixAddress.longestPath) bytes"
        default: "no connection to \(shown): \(error.words)"
        }
    }

    // MARK: Commands

    /// The descriptor of the command's error output; nil for a socket, and after the end of the command.
    var errors: FileDescriptor? { self.command?.errors }

    /// The last line of the command's error output so far, as a sentence; nil if there is none.
    var complaint: String? { self.errorOutput.lastLine }

    /// Reads the command's error output so far. Returns false at its end.
    mutating func collectComplaint() -> Bool {
        guard let errors = self.errors else { return false }
        return self.errorOutput.collect { errors.receive(into: &$0) }
    }

    /// Ends a connection that the other side has ended. For a command, returns how it ended, with the last line of its error output.
    mutating func finish() -> String? {
        guard let command = self.command else { return nil }
        let end = command.finish()
        _ = self.collectComplaint()
        self.command = nil
        return self.complaint.map { "\(end): \($0)" } ?? end
    }

    /// Ends a connection at once: the other side can neither read nor write anymore, and a command is terminated.
    mutating func close() {
        _ = shutdown(self.stream.number, Int32(SHUT_RDWR))
        self.command?.terminate()
        self.command = nil
    }
}
