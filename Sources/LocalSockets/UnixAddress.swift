#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The address of a socket in the file system, and the calls that take one.
package struct UnixAddress {
    private var address = sockaddr_un()

    /// The longest path of a socket, in bytes. The system's structure for addresses has no room for more.
    package static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Creates an address of a path.
    ///
    /// - Throws: `ENAMETOOLONG` for a path of more than ``longestPath`` bytes, `EINVAL` for one that is empty or contains a zero byte.
    package init(_ path: String) throws(SystemError) {
        let bytes = Array(path.utf8)
        guard bytes.count <= Self.longestPath else { throw SystemError(ENAMETOOLONG) }
        guard !bytes.isEmpty, !bytes.contains(0) else { throw SystemError(EINVAL) }
        self.address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &self.address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// Binds a socket to the address, which creates the file.
    package func bindSocket(_ descriptor: FileDescriptor) throws(SystemError) {
        guard self.withPointer({ bind(descriptor.number, $0, $1) }) == 0 else { throw .last }
    }

    /// Connects a socket to the address. A server that has no room for a further connection is `EAGAIN`.
    package func connectSocket(_ descriptor: FileDescriptor) throws(SystemError) {
        // Interrupted only while it blocks, which a non-blocking descriptor never does.
        guard self.withPointer({ connect(descriptor.number, $0, $1) }) == 0 else { throw .last }
    }

    private func withPointer(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: self.address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
