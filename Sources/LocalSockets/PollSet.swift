import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The descriptors for which a thread waits.
package struct PollSet {
    private var entries: [pollfd] = []

    /// The operations that a descriptor is ready for.
    package struct Readiness: Sendable, Hashable {
        /// Whether bytes, a connection, or the end of the other side's bytes can be read.
        package var reads = false
        /// Whether bytes can be written.
        package var writes = false
        /// Whether both directions are closed, or the descriptor has failed.
        package var isOver = false

        /// Whether a read returns at once: with bytes, with the end, or with an error.
        package var answersRead: Bool { self.reads || self.isOver }
        /// Whether a write returns at once: after bytes, or with an error.
        package var answersWrite: Bool { self.writes || self.isOver }
    }

    /// Creates an empty set.
    package init() {}

    /// Adds a descriptor and returns its index. A connection that is closed at the other end is reported in any case. A negative number is
    /// never ready.
    package mutating func add(_ number: Int32, reads: Bool = true, writes: Bool = false) -> Int {
        let events = (reads ? Int32(POLLIN) : 0) | (writes ? Int32(POLLOUT) : 0)
        self.entries.append(pollfd(fd: number, events: Int16(events), revents: 0))
        return self.entries.count - 1
    }

    /// Waits until a descriptor is ready, or for `limit`; nil waits without limit.
    package mutating func wait(atMost limit: Duration?) {
        guard poll(&self.entries, nfds_t(self.entries.count), limit?.pollTime ?? -1) < 0 else { return }
        // Pauses after a failure, such as a lack of memory, so that the loop does not spin.
        if !SystemError.last.isInterrupt { usleep(100_000) }
        for index in self.entries.indices { self.entries[index].revents = 0 }
    }

    /// The readiness of a descriptor after ``wait(atMost:)``.
    package subscript(index: Int) -> Readiness {
        let events = Int32(self.entries[index].revents)
        return Readiness(
            reads: events & Int32(POLLIN) != 0,
            writes: events & Int32(POLLOUT) != 0,
            isOver: events & Int32(POLLHUP | POLLERR | POLLNVAL) != 0
        )
    }
}

extension Duration {
    /// This duration in milliseconds, as `poll` expects it; at least 0. It is rounded up, so that a deadline has passed after its wait.
    package var pollTime: Int32 {
        Int32(clamping: max(0, self.wholeNanoseconds).addingSaturated(999_999) / 1_000_000)
    }
}
