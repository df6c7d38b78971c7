#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The identity of a file beyond its path, so that a server removes only the socket it knows.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let file: UInt64
    /// Whether the file is a socket.
    let isSocket: Bool

    /// The identity of what is at `path`; nil if there is nothing. A symbolic link is not followed.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.device = UInt64(truncatingIfNeeded: status.st_dev)
        self.file = UInt64(truncatingIfNeeded: status.st_ino)
        self.isSocket = status.st_mode & S_IFMT == S_IFSOCK
    }
}
