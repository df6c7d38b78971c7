import LocalSockets
import ResourceContainer

/// The place where one server is reached.
package enum AttachEndpoint: Sendable, Hashable {
    /// The socket at a path on this machine. The process number is nil if the path does not contain it.
    case socket(path: String, pid: Int32?)
    /// The server that a command connects to. A next connection may reach another process. The target is the URL that the command was made
    /// for; nil for a command of the user.
    case command([String], target: String? = nil)
    /// The feed on standard input, which is read once.
    case input

    /// The endpoint for users.
    package var description: String {
        switch self {
        case .socket(let path, _): path.asName
        case .command(let words, let target): target?.asName ?? "'\(words.joined(separator: " ").asName)'"
        case .input: "standard input"
        }
    }

    /// Whether the server runs on this machine, so that its number is one of this machine's processes.
    var isLocal: Bool {
        switch self {
        case .socket: true
        case .command, .input: false
        }
    }

    /// Whether the endpoint can be connected to again.
    var canReconnect: Bool { self != .input }

    /// The arguments of `resmon attach` that mean this endpoint, as they are typed in a shell: `4711`, `/srv/x.sock`, `ssh://web1/shop`, or
    /// `--via 'sudo resmon dial'`.
    ///
    /// - Parameter folders: The folders that `resmon` searches. A socket elsewhere is named by its path.
    func argument(in folders: SocketFolders) -> String {
        switch self {
        case .command(let words, nil): return "--via \(CommandWords.quoted(CommandWords.joined(words)))"
        case .command(_, let target?): return CommandWords.quoted(target)
        case .input: return "-"
        case .socket(let path, let pid):
            guard let slash = path.lastIndex(of: "/"), let name = SocketName(path[path.index(after: slash)...]), name.pid == pid,
                folders.paths.contains(String(path[..<slash]))
            else { return CommandWords.quoted(path) }
            return name.id
        }
    }
}

extension AttachEndpoint: CustomStringConvertible {}
