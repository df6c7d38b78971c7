#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open descriptor, which is closed with its last reference. It does not block, and programs that the process starts do not inherit it.
package final class FileDescriptor: Sendable {
    /// The number of the descriptor.
    package let number: Int32

    /// Takes over an open descriptor.
    package init(_ number: Int32) {
        self.number = number
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        let flags = fcntl(number, F_GETFL)
        if flags >= 0 { _ = fcntl(number, F_SETFL, flags | O_NONBLOCK) }
    }

    deinit {
        _ = close(self.number)
    }

    /// The result of one read or write.
    package enum Transfer: Sendable, Hashable {
        /// This many bytes, at least one.
        case bytes(Int)
        /// The call would block.
        case nothing
        /// The other side has closed the connection. Only reads return it.
        case end
        /// The connection has failed.
        case failed(SystemError)
    }

    /// Reads up to `buffer.count` bytes, at least one, into the beginning of `buffer`.
    package func receive(into buffer: inout [UInt8]) -> Transfer {
        while true {
            let count = buffer.withUnsafeMutableBytes { read(self.number, $0.baseAddress, $0.count) }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let error = SystemError.last
            if error.isInterrupt { continue }
            return error.isDelay ? .nothing : .failed(error)
        }
    }

    /// Writes the beginning of `bytes` to a socket. A closed connection raises no signal. No bytes are nothing to write.
    package func transmit(_ bytes: ArraySlice<UInt8>) -> Transfer {
        while true {
            let count = bytes.withUnsafeBytes { send(self.number, $0.baseAddress, $0.count, Self.flags) }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .nothing }
            let error = SystemError.last
            if error.isInterrupt { continue }
            return error.isDelay ? .nothing : .failed(error)
        }
    }

    /// Closes the direction of a socket that is written: the other side reads what was written, and then the end.
    package func endOutput() {
        _ = shutdown(self.number, Int32(SHUT_WR))
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
