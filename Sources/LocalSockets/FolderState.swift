#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The kind of the file at the path of a folder, and its owner, group, and permissions.
package enum FolderState: Sendable, Hashable {
    /// There is no file.
    case absent
    /// A symbolic link, which is not followed.
    case symbolicLink
    /// A file that is neither a folder nor a symbolic link.
    case other
    /// A folder, with the permission bits of its mode.
    case folder(owner: UInt32, group: UInt32, mode: UInt32)
    /// The file cannot be examined.
    case unknown(SystemError)

    /// The state of what is at `path`.
    package init(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = errno == ENOENT ? .absent : .unknown(.last)
            return
        }
        self.init(status)
    }

    /// The state of what a descriptor has open.
    init(of descriptor: FileDescriptor) {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else {
            self = .unknown(.last)
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

/// The modes of folders of sockets. A server creates its folder with one of them, and a client trusts no folder that permits more.
package enum FolderMode {
    /// Only the owner may use the folder.
    package static let closed: UInt32 = 0o700
    /// The members of one group may also enter and list it.
    package static let shared: UInt32 = 0o750

    /// The permissions of the group and of all others that `mode` has and `limit` does not.
    package static func excess(of mode: UInt32, over limit: UInt32) -> UInt32 {
        mode & 0o077 & ~limit
    }
}
