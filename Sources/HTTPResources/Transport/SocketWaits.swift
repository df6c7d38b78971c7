import CCurl
import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sockets for which a loop waits, and its next deadline, as libcurl requests them.
///
/// libcurl states each change, so that a loop looks at the sockets that are ready and not at all of its transfers.
final class SocketWaits {
    /// A socket that is ready, with the bits that libcurl expects.
    struct Ready: Hashable {
        let socket: Int32
        let bits: Int32
    }

    /// The first entry is the descriptor that ends a wait.
    private var entries: [pollfd]
    /// The indices of the sockets in `entries`.
    private var indices: [Int32: Int] = [:]
    /// The time at which libcurl wants to be called; nil if there is none.
    private var deadline: TimeSource.Instant?

    /// Creates waits that end when `waker` becomes readable.
    init(waker: Int32) {
        self.entries = [pollfd(fd: waker, events: Int16(POLLIN), revents: 0)]
    }

    // MARK: Requests of libcurl

    /// Waits for a socket from now on, or no longer.
    func watch(_ socket: Int32, reads: Bool, writes: Bool) {
        let events = Int16((reads ? Int32(POLLIN) : 0) | (writes ? Int32(POLLOUT) : 0))
        if let index = self.indices[socket] {
            self.entries[index].events = events
        } else {
            self.indices[socket] = self.entries.count
            self.entries.append(pollfd(fd: socket, events: events, revents: 0))
        }
    }

    /// Ends the wait for a socket.
    func forget(_ socket: Int32) {
        guard let index = self.indices.removeValue(forKey: socket) else { return }
        let last = self.entries.removeLast()
        guard index < self.entries.count else { return }
        self.entries[index] = last
        self.indices[last.fd] = index
    }

    /// Sets the time until libcurl wants to be called; nil for none.
    func setDeadline(in limit: Duration?, at now: TimeSource.Instant) {
        self.deadline = limit.map { now + $0 }
    }

    // MARK: The loop

    /// Returns whether libcurl's deadline has passed, and removes it.
    func takeDeadline(at now: TimeSource.Instant) -> Bool {
        guard let deadline = self.deadline, deadline <= now else { return false }
        self.deadline = nil
        return true
    }

    /// Waits until a socket or the waker is ready, or until libcurl's deadline; returns at once if it does not block. Returns the sockets that
    /// are ready, and whether the waker is.
    func wait(at now: TimeSource.Instant, blocks: Bool = true) -> (ready: [Ready], isWoken: Bool) {
        let limit = self.deadline.map { ($0 - now).pollTime } ?? -1
        let count = poll(&self.entries, nfds_t(self.entries.count), blocks ? limit : 0)
        guard count > 0 else {
            // Pauses after a failure, such as a lack of memory, so that the loop does not spin.
            if count < 0, errno != EINTR { usleep(10_000) }
            return ([], false)
        }
        var ready: [Ready] = []
        for entry in self.entries.dropFirst() where entry.revents != 0 {
            let events = Int32(entry.revents)
            var bits: Int32 = 0
            if events & Int32(POLLIN | POLLHUP) != 0 { bits |= CURL_CSELECT_IN }
            if events & Int32(POLLOUT) != 0 { bits |= CURL_CSELECT_OUT }
            if events & Int32(POLLERR | POLLNVAL) != 0 { bits |= CURL_CSELECT_ERR }
            ready.append(Ready(socket: entry.fd, bits: bits))
        }
        return (ready, self.entries[0].revents != 0)
    }
}
