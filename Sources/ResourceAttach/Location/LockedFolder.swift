import LocalSockets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A safe folder for sockets, open and locked until its last copy is released. Servers of one user bind and remove sockets one after the
/// other.
struct LockedFolder {
    /// The open folder.
    let folder: SocketFolder

    /// The path of the folder.
    var path: String { self.folder.path }

    /// Makes the folder if necessary, judges it, and locks it.
    init(_ path: String, _ location: SocketLocation) throws(SocketFault) {
        switch location.judge(path, FolderState(of: path)) {
        case .usable: break
        case .refused(let reason): throw SocketFault(reason)
        case .missing:
            try Self.make(path, group: location.group)
            switch location.judge(path, FolderState(of: path)) {
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
    private init(locking path: String, _ judge: (FolderState) -> SocketLocation.Verdict) throws(SocketFault) {
        let folder = try SocketFault.describing("it cannot be opened") { () throws(SystemError) in try SocketFolder(path) }
        switch judge(folder.state) {
        case .usable: break
        case .missing: throw SocketFault("it was removed")
        case .refused(let reason): throw SocketFault(reason)
        }
        do throws(SystemError) {
            try folder.lock()
        } catch {
            guard error.isDelay else { throw SocketFault("it cannot be locked", error) }
            throw SocketFault("another process has locked it for more than \(SocketFolder.lockPatience) ms")
        }
        self.folder = folder
    }

    private static func make(_ path: String, group: UInt32?) throws(SocketFault) {
        guard mkdir(path, mode_t(FolderMode.closed)) == 0 else {
            let error = SystemError.last
            // Another server may have made it in the meantime.
            if error.number == EEXIST { return }
            throw SocketFault("it cannot be made", error)
        }
        guard let group else { return }
        // Open to the group only once it is the right one.
        guard chown(path, uid_t.max, group) == 0, chmod(path, mode_t(FolderMode.shared)) == 0 else {
            let error = SystemError.last
            rmdir(path)
            throw SocketFault("it cannot be given to group \(group)", error)
        }
    }

    /// Runs `body` while the folder is locked.
    func withLock<Result>(_ body: () throws(SocketFault) -> Result) throws(SocketFault) -> Result {
        defer { withExtendedLifetime(self.folder) {} }
        return try body()
    }
}
