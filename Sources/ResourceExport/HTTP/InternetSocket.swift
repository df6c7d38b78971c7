import LocalSockets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A listening socket of TCP.
struct InternetSocket: Sendable {
    /// The descriptor to wait for.
    let descriptor: FileDescriptor
    /// The address, with the port that the system chose.
    let address: ListenAddress

    /// The number of connections that wait to be accepted.
    private static let backlog: Int32 = 64

    /// Listens at an address.
    init(_ address: ListenAddress) throws(SystemError) {
        let family = address.isVersion6 ? AF_INET6 : AF_INET
        let number = socket(family, Self.streamType, 0)
        guard number >= 0 else { throw .last }
        self.descriptor = FileDescriptor(number)
        // A server that starts again does not wait for the connections of the one before.
        var isOn: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout.size(ofValue: isOn)))
        var storage = sockaddr_storage()
        var length = Self.fill(&storage, address)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int32 in
                guard bind(number, pointer, length) == 0, listen(number, Self.backlog) == 0 else { return -1 }
                return getsockname(number, pointer, &length)
            }
        }
        guard result == 0 else { throw .last }
        self.address = ListenAddress(host: address.host, port: Self.port(of: storage))
    }

    /// Accepts a connection; nil if none waits, or too many files are open.
    func accept() -> FileDescriptor? {
        let number = Self.accept(self.descriptor.number)
        guard number >= 0 else { return nil }
        let stream = FileDescriptor(number)
        UnixSocket.suppressSignals(of: stream)
        return stream
    }

    private static func accept(_ number: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.accept(number, nil, nil)
        #elseif canImport(Musl)
            Musl.accept(number, nil, nil)
        #else
            Darwin.accept(number, nil, nil)
        #endif
    }

    /// Writes an address into the structure of the system, and returns its length.
    private static func fill(_ storage: inout sockaddr_storage, _ address: ListenAddress) -> socklen_t {
        withUnsafeMutablePointer(to: &storage) { pointer in
            if address.isVersion6 {
                pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                    pointer.pointee.sin6_family = sa_family_t(AF_INET6)
                    pointer.pointee.sin6_port = address.port.bigEndian
                    inet_pton(AF_INET6, address.host, &pointer.pointee.sin6_addr)
                }
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            }
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                pointer.pointee.sin_family = sa_family_t(AF_INET)
                pointer.pointee.sin_port = address.port.bigEndian
                inet_pton(AF_INET, address.host, &pointer.pointee.sin_addr)
            }
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        }
    }

    /// The port, which both families have at the same offset.
    private static func port(of storage: sockaddr_storage) -> UInt16 {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
        }
    }

    /// On Linux, a program that another thread starts at this moment does not inherit the socket.
    private static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            SOCK_STREAM
        #endif
    }
}
