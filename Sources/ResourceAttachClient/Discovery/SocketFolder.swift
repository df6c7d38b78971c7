import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open folder of sockets that passed the checks.
///
/// The folder is opened first, and then checked and used through its descriptor, so that no other folder can take its place in between.
final class SocketFolder: Sendable {
    /// The properties of a folder that decide whether it is used.
    struct State: Hashable {
        var isFolder: Bool
        var owner: UInt32
        var group: UInt32
        var mode: UInt32
    }

    /// The reason why a folder is not used.
    enum Refusal: Error, Hashable {
        /// There is none.
        case absent
        /// It could be used by other users to show false figures, for this reason.
        case unsafe(String)
        /// It cannot be read, for this reason.
        case unreadable(String)
    }

    let path: String
    /// The user that owns the folder, and must run its servers.
    let owner: UInt32
    private let descriptor: FileDescriptor

    /// Opens and checks the folder at `path`.
    init(_ path: String, user: UInt32 = geteuid()) throws(Refusal) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw Self.refusal(errno, path) }
        let descriptor = FileDescriptor(number)
        var status = stat()
        guard fstat(number, &status) == 0 else { throw Self.refusal(errno, path) }
        let state = State(
            isFolder: status.st_mode & S_IFMT == S_IFDIR,
            owner: status.st_uid,
            group: status.st_gid,
            mode: UInt32(status.st_mode) & 0o7777
        )
        if let reason = Self.refusal(of: state, named: path, user: user, groups: Self.groups) { throw .unsafe(reason) }
        self.path = path
        self.owner = state.owner
        self.descriptor = descriptor
    }

    /// The reason why a folder is not used, with the remedy; nil if it is used.
    ///
    /// The owner is this user, or any user for root. With mode 0750, the owner permits a group, which must be one of this user's. A folder
    /// `resmon-UID` belongs to that user.
    static func refusal(of state: State, named path: String, user: UInt32, groups: Set<UInt32>) -> String? {
        let shown = path.asName
        guard state.isFolder else { return "'\(shown)' is not used: it is not a directory" }
        let permitsGroup = state.mode & 0o070 != 0
        if state.mode & 0o027 != 0 {
            let can = state.mode & 0o022 != 0 ? "change" : "enter or list"
            return "'\(shown)' is not used: other users can \(can) it; its mode must be 0700 or 0750"
        }
        let name = path.split(separator: "/").last ?? ""
        if name.hasPrefix("resmon-"), let named = UInt32(name.dropFirst(7)), named != state.owner {
            return "'\(shown)' is not used: it belongs to user \(state.owner)"
        }
        if user == 0 || state.owner == user || permitsGroup && groups.contains(state.group) { return nil }
        return "'\(shown)' is not used: it belongs to user \(state.owner)"
    }

    private static func refusal(_ number: Int32, _ path: String) -> Refusal {
        switch number {
        // Linux reports a symbolic link as something that is not a directory.
        case ENOTDIR, ELOOP: return Self.isLink(path) ? .unsafe("'\(path.asName)' is not used: it is a symbolic link") : .absent
        case ENOENT: return .absent
        default: return .unreadable("'\(path.asName)' cannot be read: \(SystemError(number: number).words)")
        }
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private static var groups: Set<UInt32> {
        var list = [gid_t](repeating: 0, count: 1_024)
        let count = getgroups(Int32(list.count), &list)
        return Set(list.prefix(max(0, Int(count)))).union([getegid()])
    }

    /// The names of the sockets in the folder, in order.
    func names() -> [SocketName] {
        // Reading the list moves the position of the descriptor, which a duplicate would share.
        Self.list(self.ownPath).compactMap { SocketName($0) }.sorted()
    }

    /// The names in the folder at `path`, which is not checked; none if it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// The identity of the file with this name; nil if there is none, or it is not a socket.
    func identity(of name: SocketName) -> SocketIdentity? {
        var status = stat()
        guard fstatat(self.descriptor.number, name.text, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            return nil
        }
        return SocketIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }

    /// Connects to the socket with this name. The listening process must run as the owner of the folder, or as root.
    func connect(to name: SocketName) throws(SystemError) -> (descriptor: FileDescriptor, peer: UnixSocket.Peer) {
        let descriptor = try UnixSocket.connect(to: "\(self.ownPath)/\(name.text)")
        guard let peer = UnixSocket.peer(of: descriptor), peer.user == self.owner || peer.user == 0 else {
            throw SystemError(number: EPERM)
        }
        return (descriptor, peer)
    }

    /// A path that leads through the descriptor. It is also short, while the length of the path of a socket is limited.
    private var ownPath: String {
        #if os(Linux)
            "/proc/self/fd/\(self.descriptor.number)"
        #else
            self.path
        #endif
    }
}

/// The identity of a socket in the file system. Two paths of one socket have the same identity.
struct SocketIdentity: Hashable {
    var device: UInt64
    var inode: UInt64
}
