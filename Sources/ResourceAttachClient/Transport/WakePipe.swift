#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A descriptor that ends another thread's wait in `poll`.
final class WakePipe: Sendable {
    private let readEnd: FileDescriptor
    private let writeEnd: FileDescriptor

    /// Creates a pipe; nil if too many files are open.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        self.readEnd = FileDescriptor(ends[0])
        self.writeEnd = FileDescriptor(ends[1])
    }

    /// The descriptor to wait for. It becomes readable with the next ``wake()``.
    var number: Int32 { self.readEnd.number }

    /// Ends the wait of the other thread, or its next one.
    func wake() {
        // The read end is open while this object exists, so no signal is raised. A full pipe wakes as well.
        var byte: UInt8 = 1
        _ = write(self.writeEnd.number, &byte, 1)
    }

    /// Takes the wake-ups so far.
    func clear() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while case .bytes = self.readEnd.receive(into: &buffer) {}
    }
}
