import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Waiting for descriptors.
enum Poll {
    /// A descriptor to wait for.
    struct Entry {
        var number: Int32
        var writes = false
        /// Set by ``Poll/wait(for:atMost:)``: whether a read, or a write, would not block. A failed descriptor counts as both.
        var isReadable = false
        var isWritable = false

        init(_ number: Int32, writes: Bool = false) {
            self.number = number
            self.writes = writes
        }
    }

    /// Waits until one of the descriptors is ready or `limit` has passed; nil waits without limit.
    static func wait(for entries: inout [Entry], atMost limit: Duration?) {
        var list = entries.map { entry in
            pollfd(fd: entry.number, events: Int16(entry.writes ? POLLIN | POLLOUT : POLLIN), revents: 0)
        }
        // Rounded up: a wait that ends before its deadline is repeated at once.
        let nanoseconds = limit.map { max(0, $0.wholeNanoseconds) }
        let milliseconds = nanoseconds.map { Int32(clamping: $0 / 1_000_000 + ($0 % 1_000_000 == 0 ? 0 : 1)) } ?? -1
        let count = poll(&list, nfds_t(list.count), milliseconds)
        for index in entries.indices {
            let events = count > 0 ? Int32(list[index].revents) : 0
            let failed = events & (POLLERR | POLLHUP | POLLNVAL) != 0
            entries[index].isReadable = failed || events & POLLIN != 0
            entries[index].isWritable = failed || events & POLLOUT != 0
        }
    }
}
