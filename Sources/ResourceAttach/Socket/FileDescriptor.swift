#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open descriptor, which is closed with its last reference. It does not block, and programs that the process runs do not inherit it.
final class FileDescriptor: Sendable {
    let number: Int32

    /// Takes over an open descriptor.
    init(_ number: Int32) {
        self.number = number
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        let flags = fcntl(number, F_GETFL)
        if flags >= 0 { _ = fcntl(number, F_SETFL, flags | O_NONBLOCK) }
    }

    deinit {
        _ = close(self.number)
    }

    /// The result of one read or write.
    enum Transfer: Sendable, Hashable {
        /// This many bytes, at least one.
        case bytes(Int)
        /// The call would block.
        case nothing
        /// The other side has closed the connection, or it has failed.
        case end
    }

    /// Reads up to `buffer.count` bytes.
    func receive(into buffer: inout [UInt8]) -> Transfer {
        while true {
            let count = buffer.withUnsafeMutableBytes { read(self.number, $0.baseAddress, $0.count) }
            if count > 0 { return .bytes(count) }
            if count < 0, errno == EINTR { continue }
            return count < 0 && Self.wouldBlock ? .nothing : .end
        }
    }

    /// Writes the beginning of `bytes` to a socket. A closed connection raises no signal.
    func transmit(_ bytes: ArraySlice<UInt8>) -> Transfer {
        while true {
            let count = bytes.withUnsafeBytes { send(self.number, $0.baseAddress, $0.count, Self.flags) }
            if count > 0 { return .bytes(count) }
            if count < 0, errno == EINTR { continue }
            return count < 0 && Self.wouldBlock ? .nothing : .end
        }
    }

    private static var wouldBlock: Bool {
        errno == EAGAIN || errno == EWOULDBLOCK
    }

    private static var flags: Int32 {
        #if canImport(Darwin)
            // Sockets have SO_NOSIGPIPE instead.
            0
        #else
            Int32(MSG_NOSIGNAL)
        #endif
    }
}
