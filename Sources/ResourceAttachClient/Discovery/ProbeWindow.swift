import ResourceContainer

/// Which servers of a probe are asked at once: a window that moves over a list. A pure value.
///
/// Each server has the same time to answer, from the moment at which it is asked. A server that does not answer keeps its place in the window
/// until then, and the others pass it.
struct ProbeWindow: Sendable {
    private let count: Int
    private let size: Int
    private let limit: Duration
    /// The index of the first server that was not asked.
    private var next = 0
    /// The ends of the waits, by the index of the server.
    private var deadlines: [Int: TimeSource.Instant] = [:]

    /// Creates a window over `count` servers, of which `size` are asked at once, each for `limit`.
    init(over count: Int, size: Int, limit: Duration) {
        self.count = count
        self.size = max(1, size)
        self.limit = limit
    }

    /// Returns the index of the next server to ask; nil while the window is full, and after the last one.
    mutating func admit(at now: TimeSource.Instant) -> Int? {
        guard self.next < self.count, self.deadlines.count < self.size else { return nil }
        defer { self.next += 1 }
        self.deadlines[self.next] = now + self.limit
        return self.next
    }

    /// A server has answered, or cannot be asked.
    mutating func leave(_ index: Int) {
        self.deadlines[index] = nil
    }

    /// Removes and returns the servers whose time is over.
    mutating func expire(at now: TimeSource.Instant) -> [Int] {
        let expired = self.deadlines.filter { $0.value <= now }.map(\.key)
        for index in expired { self.deadlines[index] = nil }
        return expired
    }

    /// The servers that are asked, in order.
    var open: [Int] { self.deadlines.keys.sorted() }

    /// The next end of a wait; nil if no server is asked.
    var deadline: TimeSource.Instant? { self.deadlines.values.min() }
}
