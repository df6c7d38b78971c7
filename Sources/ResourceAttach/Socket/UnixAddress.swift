#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The address of a socket in the file system, and the calls that take one.
struct UnixAddress {
    private var address = sockaddr_un()

    /// Creates an address of a path that has at most ``SocketLocation/pathLimit`` bytes.
    init(_ path: String) throws(SocketFault) {
        let bytes = Array(path.utf8)
        if let obstacle = SocketLocation.obstacle(of: path) { throw SocketFault(obstacle) }
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count < MemoryLayout.size(ofValue: self.address.sun_path) else {
            throw SocketFault("'\(path)' cannot be the path of a socket")
        }
        self.address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &self.address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// A new socket.
    static func socket() throws(SocketFault) -> FileDescriptor {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
            let number = Glibc.socket(AF_UNIX, type, 0)
        #elseif canImport(Musl)
            let number = Musl.socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            let number = Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard number >= 0 else { throw SocketFault("no socket can be opened", errno) }
        let descriptor = FileDescriptor(number)
        Self.suppressSignals(of: descriptor)
        return descriptor
    }

    /// Makes writes to a closed connection an error instead of a signal.
    static func suppressSignals(of descriptor: FileDescriptor) {
        #if canImport(Darwin)
            var isOn: Int32 = 1
            setsockopt(descriptor.number, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout.size(ofValue: isOn)))
        #endif
    }

    /// Binds a socket to the address. Returns 0, or the number of the error.
    mutating func bindSocket(_ descriptor: FileDescriptor) -> Int32 {
        self.withPointer { bind(descriptor.number, $0, $1) } == 0 ? 0 : errno
    }

    /// Connects a socket to the address. Returns 0, or the number of the error.
    mutating func connectSocket(_ descriptor: FileDescriptor) -> Int32 {
        self.withPointer { connect(descriptor.number, $0, $1) } == 0 ? 0 : errno
    }

    private mutating func withPointer(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &self.address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
