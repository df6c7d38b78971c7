import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open folder of sockets that passed the checks: no user but its owner and this one's group can use it.
struct CheckedFolder: Sendable {
    /// The reason why a folder is not used.
    enum Refusal: Error, Hashable {
        /// There is none.
        case absent
        /// It could be used by other users to show false figures, for this reason.
        case unsafe(String)
        /// It cannot be read, for this reason.
        case unreadable(String)
    }

    /// The user that owns the folder, and must run its servers.
    let owner: UInt32
    private let folder: SocketFolder

    /// The path by which the folder was opened.
    var path: String { self.folder.path }

    /// Opens and checks the folder at `path`.
    init(_ path: String, user: UInt32 = geteuid()) throws(Refusal) {
        do throws(SystemError) {
            self.folder = try SocketFolder(path)
        } catch {
            throw Self.refusal(error, path)
        }
        let state = self.folder.state
        if case .unknown(let error) = state { throw Self.refusal(error, path) }
        if let reason = Self.refusal(of: state, named: path, user: user, groups: Self.groups) { throw .unsafe(reason) }
        // Only folders pass the check.
        guard case .folder(let owner, _, _) = state else { throw .absent }
        self.owner = owner
    }

    /// The reason why a folder is not used, with the remedy; nil if it is used.
    ///
    /// The owner is this user, or any user for root. With mode 0750, the owner permits a group, which must be one of this user's. A folder
    /// `resmon-UID` belongs to that user.
    static func refusal(of state: FolderState, named path: String, user: UInt32, groups: Set<UInt32>) -> String? {
        let shown = path.asName
        guard case .folder(let owner, let group, let mode) = state else { return "'\(shown)' is not used: it is not a directory" }
        let excess = FolderMode.excess(of: mode, over: FolderMode.shared)
        if excess != 0 {
            let can = excess & 0o022 != 0 ? "change" : "enter or list"
            return "'\(shown)' is not used: other users can \(can) it; its mode must be 0700 or 0750"
        }
        let name = path.split(separator: "/").last ?? ""
        if name.hasPrefix("resmon-"), let named = UInt32(name.dropFirst(7)), named != owner {
            return "'\(shown)' is not used: it belongs to user \(owner)"
        }
        let permitsGroup = FolderMode.excess(of: mode, over: FolderMode.closed) != 0
        if user == 0 || owner == user || permitsGroup && groups.contains(group) { return nil }
        return "'\(shown)' is not used: it belongs to user \(owner)"
    }

    private static func refusal(_ error: SystemError, _ path: String) -> Refusal {
        switch error.number {
        // Linux reports a symbolic link as something that is not a directory.
        case ENOTDIR, ELOOP:
            return FolderState(of: path) == .symbolicLink ? .unsafe("'\(path.asName)' is not used: it is a symbolic link") : .absent
        case ENOENT: return .absent
        default: return .unreadable("'\(path.asName)' cannot be read: \(error.words)")
        }
    }

    private static var groups: Set<UInt32> {
        var list = [gid_t](repeating: 0, count: 1_024)
        let count = getgroups(Int32(list.count), &list)
        return Set(list.prefix(max(0, Int(count)))).union([getegid()])
    }

    /// The names of sockets in the folder, in order.
    func names() -> [SocketName] { self.folder.names() }

    /// The identity of the socket with this name; nil if there is none, or the file is not a socket.
    func identity(of name: SocketName) -> FileIdentity? { self.status(of: name)?.identity }

    /// The status of the socket with this name; nil if there is none, or the file is not a socket.
    func status(of name: SocketName) -> FileStatus? { self.folder.status(of: name) }

    /// Connects to the socket with this name. The listening process must run as the owner of the folder, or as root.
    func connect(to name: SocketName) throws(SystemError) -> (descriptor: FileDescriptor, peer: PeerCredentials) {
        let descriptor = try self.folder.connect(to: name)
        guard let peer = PeerCredentials(of: descriptor), peer.user == self.owner || peer.user == 0 else { throw SystemError(EPERM) }
        return (descriptor, peer)
    }
}
