import LocalSockets

/// Where a server puts its socket: the folders to try in order, and whether a folder is safe.
///
/// A pure value: the folders are described by ``FolderState``. A safe folder belongs to the server's user and is closed to all others, so
/// that no other user can put a socket there or connect to one. If a group may watch, its members can enter the folder, too.
struct SocketLocation: Sendable, Hashable {
    /// A folder to try.
    struct Candidate: Sendable, Hashable {
        /// The absolute path.
        let path: String
        /// Whether the program or its user chose the folder. It is worth a line in the log if it cannot be used.
        let isChosen: Bool
    }

    /// Whether a folder can be used.
    enum Verdict: Sendable, Hashable {
        case usable
        /// It does not exist and can be made.
        case missing
        /// It must not be used, for this reason.
        case refused(String)
    }

    /// The largest number of servers of one process in one folder.
    static let serverLimit = 64

    /// The user that runs the server.
    let user: UInt32
    /// The group whose members may watch, if any.
    let group: UInt32?

    /// The folders in which to try to bind, in order. The last folder of each path is made if it is absent.
    ///
    /// - Parameters:
    ///   - directory: The folder that the program chose, if any.
    ///   - environment: The environment of the process.
    func candidates(directory: String?, _ environment: SocketEnvironment) -> [Candidate] {
        var list: [Candidate] = []
        if let directory { list.append(Candidate(path: directory, isChosen: true)) }
        if let directory = environment.socketDirectory { list.append(Candidate(path: directory, isChosen: true)) }
        return list + environment.usualFolders(of: self.user).map { Candidate(path: $0, isChosen: false) }
    }

    /// Judges a folder of ``candidates(directory:_:)``. Only the folder itself is judged, not those around it.
    func judge(_ path: String, _ state: FolderState) -> Verdict {
        guard path.hasPrefix("/") else { return .refused("its path does not begin with '/'") }
        switch state {
        case .absent: return .missing
        case .symbolicLink: return .refused("it is a symbolic link")
        case .other: return .refused("it is not a folder")
        case .unknown(let error): return .refused(SocketFault.words(error))
        case .folder(let owner, let group, let mode):
            if owner != self.user { return .refused("it belongs to user \(owner), not to user \(self.user)") }
            if let wanted = self.group, group != wanted { return .refused("it belongs to group \(group), not to group \(wanted)") }
            let wanted = self.group == nil ? FolderMode.closed : FolderMode.shared
            if mode & 0o777 == wanted { return .usable }
            var fault = "lets others in"
            if FolderMode.excess(of: mode, over: wanted) == 0 {
                fault = mode & 0o700 == 0o700 ? "keeps its group out" : "keeps its owner out"
            }
            return .refused("its mode \(Self.octal(mode)) \(fault): use chmod \(Self.octal(wanted))")
        }
    }

    /// Judges the folder of a path that `RESMON_ATTACH` names. It may be one of the system's, such as `/run`, but no other user may be able
    /// to put files there.
    func judgeAround(_ state: FolderState) -> Verdict {
        switch state {
        case .absent: return .refused("it does not exist")
        case .symbolicLink: return .refused("it is a symbolic link")
        case .other: return .refused("it is not a folder")
        case .unknown(let error): return .refused(SocketFault.words(error))
        case .folder(let owner, _, let mode):
            if owner != self.user, owner != 0 { return .refused("it belongs to user \(owner)") }
            return mode & 0o022 == 0 ? .usable : .refused("its mode \(Self.octal(mode)) lets others write to it")
        }
    }

    /// The reason why a path is too long for a socket; nil if it is not.
    static func obstacle(of path: String) -> String? {
        let count = path.utf8.count
        let limit = UnixAddress.longestPath
        if count <= limit { return nil }
        return "the path '\(path)' has \(count) bytes, and a socket's path has at most \(limit): choose a shorter folder"
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
