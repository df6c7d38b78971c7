#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A safe folder for sockets, open and locked. Servers of one user bind and remove sockets one after the other.
struct SocketFolder {
    let path: String
    private let descriptor: FileDescriptor

    /// The longest time to wait for another server's lock.
    private static let patience = 1_000
    /// The pause between two attempts to lock.
    private static let pause: UInt32 = 10

    /// Makes the folder if necessary, judges it, and locks it.
    init(_ path: String, _ location: SocketLocation) throws(SocketFault) {
        switch location.judge(path, SocketLocation.FolderState(of: path)) {
        case .usable: break
        case .refused(let reason): throw SocketFault(reason)
        case .missing:
            try Self.make(path, group: location.group)
            switch location.judge(path, SocketLocation.FolderState(of: path)) {
            case .usable: break
            case .refused(let reason): throw SocketFault(reason)
            case .missing: throw SocketFault("it was removed")
            }
        }
        try self.init(locking: path) { state in location.judge(path, state) }
    }

    /// Judges and locks the folder around a path that the environment of the process names.
    init(around path: String, _ location: SocketLocation) throws(SocketFault) {
        try self.init(locking: Self.folder(of: path)) { state in location.judgeAround(state) }
    }

    /// The path of the folder that contains a file.
    static func folder(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// Opens and locks a folder. The open folder is judged, because the path may lead elsewhere by now.
    private init(locking path: String, _ judge: (SocketLocation.FolderState) -> SocketLocation.Verdict) throws(SocketFault) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw SocketFault("it cannot be opened", errno) }
        self.path = path
        self.descriptor = FileDescriptor(number)
        switch judge(SocketLocation.FolderState(of: self.descriptor)) {
        case .usable: break
        case .missing: throw SocketFault("it was removed")
        case .refused(let reason): throw SocketFault(reason)
        }
        var waited = 0
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw SocketFault("it cannot be locked", errno) }
            guard waited < Self.patience else { throw SocketFault("another process has locked it for more than \(Self.patience) ms") }
            usleep(Self.pause * 1_000)
            waited += Int(Self.pause)
        }
    }

    private static func make(_ path: String, group: UInt32?) throws(SocketFault) {
        guard mkdir(path, 0o700) == 0 else {
            // Another server may have made it in the meantime.
            if errno == EEXIST { return }
            throw SocketFault("it cannot be made", errno)
        }
        guard let group else { return }
        // Open to the group only once it is the right one.
        guard chown(path, uid_t.max, group) == 0, chmod(path, 0o750) == 0 else {
            let number = errno
            rmdir(path)
            throw SocketFault("it cannot be given to group \(group)", number)
        }
    }

    /// Runs `body` while the folder is locked.
    func withLock<Result>(_ body: () throws(SocketFault) -> Result) throws(SocketFault) -> Result {
        defer { withExtendedLifetime(self.descriptor) {} }
        return try body()
    }
}

extension SocketLocation.FolderState {
    /// The state of what is at `path`; a symbolic link is not followed.
    init(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = errno == ENOENT ? .absent : .unknown(SocketFault.words(errno))
            return
        }
        self.init(status)
    }

    fileprivate init(of descriptor: FileDescriptor) {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else {
            self = .unknown(SocketFault.words(errno))
            return
        }
        self.init(status)
    }

    private init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFLNK: self = .symbolicLink
        case S_IFDIR: self = .folder(owner: status.st_uid, group: status.st_gid, mode: UInt32(status.st_mode & 0o7777))
        default: self = .other
        }
    }
}
