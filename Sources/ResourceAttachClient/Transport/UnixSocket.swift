#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Connections to sockets in the file system.
enum UnixSocket {
    /// The longest path of a socket, in bytes.
    static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Connects to the socket at `path`. A server that has no room for a further connection is `EAGAIN`.
    static func connect(to path: String) throws(SystemError) -> FileDescriptor {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= self.longestPath, !bytes.contains(0) else { throw SystemError(number: ENAMETOOLONG) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let number = socket(AF_UNIX, self.streamType, 0)
        guard number >= 0 else { throw SystemError(number: errno) }
        self.suppressSignals(of: number)
        let descriptor = FileDescriptor(number)
        // Interrupted only while it blocks, which a non-blocking descriptor never does.
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Self.systemConnect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw SystemError(number: errno) }
        return descriptor
    }

    /// Two connected sockets.
    static func pair() throws(SystemError) -> (own: FileDescriptor, other: Int32) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, self.streamType, 0, &ends) == 0 else { throw SystemError(number: errno) }
        self.suppressSignals(of: ends[0])
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        return (FileDescriptor(ends[0]), ends[1])
    }

    /// The process that listens at the other end.
    struct Peer: Hashable {
        /// The number of its user.
        var user: UInt32
        /// Its number in this program's namespace; nil if it is in another one, or the system does not report it.
        var pid: Int32?
    }

    /// The process that listens at the other end; nil if the system does not report it.
    static func peer(of descriptor: FileDescriptor) -> Peer? {
        #if canImport(Darwin)
            var (user, group) = (uid_t(), gid_t())
            return getpeereid(descriptor.number, &user, &group) == 0 ? Peer(user: user) : nil
        #else
            // The C library declares the structure in a form that Swift does not import: process, user, group.
            var fields: (pid: Int32, user: UInt32, group: UInt32) = (0, 0, 0)
            var length = socklen_t(MemoryLayout.size(ofValue: fields))
            guard getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &fields, &length) == 0 else { return nil }
            return Peer(user: fields.user, pid: fields.pid > 0 ? fields.pid : nil)
        #endif
    }

    private static func systemConnect(_ number: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
        #if canImport(Glibc)
            Glibc.connect(number, address, length)
        #elseif canImport(Musl)
            Musl.connect(number, address, length)
        #else
            Darwin.connect(number, address, length)
        #endif
    }

    private static func suppressSignals(of number: Int32) {
        #if canImport(Darwin)
            var isOn: Int32 = 1
            setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout.size(ofValue: isOn)))
        #endif
    }

    private static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue)
        #else
            SOCK_STREAM
        #endif
    }
}
