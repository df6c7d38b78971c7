#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The properties of a file by which a socket is recognized. A symbolic link is not followed.
package struct FileStatus: Sendable, Hashable {
    /// The identity of the file.
    package let identity: FileIdentity
    /// Whether the file is a socket.
    package let isSocket: Bool
    /// The time of the last modification, as a Unix time in seconds. That of a socket is the time of its bind.
    package let modified: Int64

    /// The status of what is at `path`; nil if there is nothing.
    package init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The status of the file with this name in an open folder; nil if there is none.
    init?(of name: String, in folder: FileDescriptor) {
        var status = stat()
        guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        self.identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev),
            file: UInt64(truncatingIfNeeded: status.st_ino)
        )
        self.isSocket = status.st_mode & S_IFMT == S_IFSOCK
        #if canImport(Darwin)
            self.modified = Int64(status.st_mtimespec.tv_sec)
        #else
            self.modified = Int64(status.st_mtim.tv_sec)
        #endif
    }
}

/// The identity of a file beyond its path. Two paths of one file have the same identity.
package struct FileIdentity: Sendable, Hashable {
    fileprivate let device: UInt64
    fileprivate let file: UInt64
}
