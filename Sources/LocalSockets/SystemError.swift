#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The error number of a failed call of the system.
package struct SystemError: Error, Sendable, Hashable {
    /// The number, such as `ECONNREFUSED`.
    package let number: Int32

    /// Creates an error.
    package init(_ number: Int32) {
        self.number = number
    }

    /// The error of the call that has just failed on this thread.
    package static var last: SystemError { SystemError(errno) }

    /// Whether no process listens at a socket: its server has ended and left the socket behind, or removed it.
    package var isAbsence: Bool { self.number == ECONNREFUSED || self.number == ENOENT }

    /// Whether a file of a process is gone because the process has ended.
    package var isEndOfProcess: Bool { self.number == ENOENT || self.number == ESRCH }

    /// Whether a signal ended the call, which can be repeated.
    package var isInterrupt: Bool { self.number == EINTR }

    /// Whether the call would have blocked.
    package var isDelay: Bool { self.number == EAGAIN || self.number == EWOULDBLOCK }
}
