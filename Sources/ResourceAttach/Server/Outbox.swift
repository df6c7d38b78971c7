import ResourceContainer

/// The bytes that are being written to a client: one encoded line, or the first lines of a stream.
///
/// The next line is encoded only when these bytes are written, so a client that does not read costs no memory beyond them.
struct Outbox: Sendable {
    private var bytes: [UInt8] = []
    private var position = 0
    /// The time since which the client has accepted no byte; nil if there is none to write.
    private(set) var stuckSince: TimeSource.Instant?

    var isEmpty: Bool { self.position == self.bytes.count }

    /// The bytes that are not written yet.
    var unsent: ArraySlice<UInt8> { self.bytes[self.position...] }

    /// Adds bytes to write.
    mutating func put(_ bytes: [UInt8], at now: TimeSource.Instant) {
        if self.isEmpty {
            self.bytes = bytes
            self.position = 0
        } else {
            self.bytes += bytes
        }
        if !self.isEmpty, self.stuckSince == nil { self.stuckSince = now }
    }

    /// Notes that the client has accepted `count` bytes.
    mutating func sent(_ count: Int, at now: TimeSource.Instant) {
        self.position = min(self.bytes.count, self.position + count)
        self.stuckSince = now
        if self.isEmpty { self.clear() }
    }

    /// Drops all bytes, and their memory.
    mutating func clear() {
        self.bytes = []
        self.position = 0
        self.stuckSince = nil
    }
}
