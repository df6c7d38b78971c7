#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The creation of sockets of the file system. Writes to a closed connection are errors, not signals.
package enum UnixSocket {
    /// A socket that is neither bound nor connected.
    package static func unbound() throws(SystemError) -> FileDescriptor {
        let number = socket(AF_UNIX, Self.streamType, 0)
        guard number >= 0 else { throw .last }
        let descriptor = FileDescriptor(number)
        Self.suppressSignals(of: descriptor)
        return descriptor
    }

    /// A connection to the socket at `path`. A server that has no room for a further connection is `EAGAIN`.
    package static func connected(to path: String) throws(SystemError) -> FileDescriptor {
        let address = try UnixAddress(path)
        let descriptor = try Self.unbound()
        try address.connectSocket(descriptor)
        return descriptor
    }

    /// Two connected sockets. The other one blocks, and is closed by the caller.
    package static func pair() throws(SystemError) -> (own: FileDescriptor, other: Int32) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Self.streamType, 0, &ends) == 0 else { throw .last }
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        let own = FileDescriptor(ends[0])
        Self.suppressSignals(of: own)
        return (own, ends[1])
    }

    /// Makes writes to a closed connection an error instead of a signal.
    package static func suppressSignals(of descriptor: FileDescriptor) {
        #if canImport(Darwin)
            var isOn: Int32 = 1
            setsockopt(descriptor.number, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout.size(ofValue: isOn)))
        #endif
    }

    /// On Linux, a program that another thread starts at this moment does not inherit the socket.
    private static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #elseif canImport(Musl)
            SOCK_STREAM | SOCK_CLOEXEC
        #else
            SOCK_STREAM
        #endif
    }
}
