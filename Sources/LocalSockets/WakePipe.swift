#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A pipe that ends the wait of a thread in `poll`.
///
/// It consists of two connected sockets: a program that another thread starts at the moment of `pipe` would inherit its ends, and Swift's
/// view of the C library has neither `pipe2` nor `eventfd`.
package final class WakePipe: Sendable {
    private let readEnd: FileDescriptor
    private let writeEnd: FileDescriptor

    /// Creates a pipe.
    package init() throws(SystemError) {
        let (own, other) = try UnixSocket.pair()
        self.readEnd = own
        self.writeEnd = FileDescriptor(other)
    }

    /// The descriptor to wait for. It becomes readable with the next ``wake()``.
    package var number: Int32 { self.readEnd.number }

    /// Ends the thread's wait, or its next one. May be called from any thread.
    package func wake() {
        // The read end is open while this object exists, so no signal is raised. A full pipe wakes as well.
        var byte: UInt8 = 1
        _ = write(self.writeEnd.number, &byte, 1)
    }

    /// Takes the calls of ``wake()`` so far.
    package func clear() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while case .bytes(buffer.count) = self.readEnd.receive(into: &buffer) {}
    }
}
