import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A descriptor that is closed with its last reference. It never blocks, and processes started by this one do not inherit it.
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
        close(self.number)
    }

    /// The result of one read.
    enum Reading {
        case bytes(Int)
        /// Nothing can be read now.
        case nothing
        /// The other side has closed the connection.
        case end
        case failed(Int32)
    }

    /// Reads up to the size of `buffer` into it.
    func receive(into buffer: inout [UInt8]) -> Reading {
        while true {
            let count = buffer.withUnsafeMutableBytes { read(self.number, $0.baseAddress, $0.count) }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let number = errno
            if number == EINTR { continue }
            return number == EAGAIN || number == EWOULDBLOCK ? .nothing : .failed(number)
        }
    }

    /// Writes the beginning of `bytes` to a socket and returns the number of bytes written, which may be 0. No signal is raised.
    ///
    /// - Returns: The number; or the number of the error.
    func transmit(_ bytes: ArraySlice<UInt8>) -> Result<Int, SystemError> {
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    // Descriptors of sockets are created with SO_NOSIGPIPE.
                    send(self.number, buffer.baseAddress, buffer.count, 0)
                #else
                    send(self.number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
                #endif
            }
            if count >= 0 { return .success(count) }
            let number = errno
            if number == EINTR { continue }
            return number == EAGAIN || number == EWOULDBLOCK ? .success(0) : .failure(SystemError(number: number))
        }
    }
}

/// The error number of a failed call.
struct SystemError: Error, Hashable {
    let number: Int32

    /// The error for users.
    var words: String { FileFault.words(self.number) }

    /// Whether no server listens at a socket: it has ended and left the socket behind, or removed it.
    var isAbsence: Bool { self.number == ECONNREFUSED || self.number == ENOENT }
}
