/// The numbers of a container's events, the ring that keeps them for subscribers, and the subscribers that wait for the next one.
///
/// Events are numbered with and without subscribers, and kept only while there is one. The log is part of the registry and is guarded by the
/// registry's lock.
struct EventLog: Sendable {
    /// The number of the last event; 0 before the first.
    private(set) var sequence: UInt64 = 0
    /// Counts changes of sampled figures, such as a pool's leases, while a subscriber waits.
    private(set) var activity: UInt64 = 0
    private var ring = EventRing()
    private var waiting: [Promise<Void>] = []
    /// Whether something happened since waiters were last taken.
    private var isNews = false

    /// Opens a subscription to the events from now on.
    mutating func open() {
        self.ring.open(at: self.sequence)
    }

    /// Closes a subscription. Returns the ring's memory if the subscription was the last one; the caller frees it outside the lock.
    mutating func close() -> EventRing.Slots {
        self.ring.close()
    }

    mutating func append(
        _ kind: @autoclosure () -> LoggedKind,
        scope: ScopeID,
        resource: ResourceID? = nil,
        binding: BindingID? = nil,
        at time: TimeSource.Instant
    ) {
        self.sequence += 1
        self.isNews = true
        guard self.ring.isOpen else { return }
        self.ring.append(
            LoggedEvent(
                time: time,
                scope: scope,
                resource: resource ?? ResourceID(0),
                binding: binding.map { Int32(truncatingIfNeeded: $0.rawValue) } ?? -1,
                kind: kind()
            )
        )
    }

    /// Returns the events after number `cursor` that are still kept, oldest first. O(events).
    func events(after cursor: UInt64) -> LoggedEvents {
        self.ring.events(after: cursor)
    }

    /// Whether events after number `cursor` are no longer kept. O(1).
    func misses(after cursor: UInt64) -> Bool {
        self.ring.misses(after: cursor)
    }

    /// Whether a new subscription can continue after number `cursor` without missing events. O(1).
    func keeps(after cursor: UInt64) -> Bool {
        self.ring.isOpen ? !self.ring.misses(after: cursor) : cursor == self.sequence
    }

    /// The number of events in the ring.
    var keptCount: Int {
        self.ring.count
    }

    /// The number of open subscriptions.
    var subscribers: Int {
        self.ring.subscribers
    }

    /// The number of suspended subscribers.
    var waitingCount: Int {
        self.waiting.count
    }

    mutating func noteActivity() {
        self.activity += 1
        self.isNews = true
    }

    mutating func wait(_ promise: Promise<Void>) {
        self.waiting.append(promise)
    }

    /// Adds a waiter that is resumed for the last event.
    mutating func wake(_ promise: Promise<Void>) {
        self.waiting.append(promise)
        self.isNews = true
    }

    mutating func stopWaiting(_ promise: Promise<Void>) {
        self.waiting.removeAll { $0 === promise }
    }

    /// Returns the waiters to resume after the lock is released; nil if there is none, or nothing happened since the last call.
    mutating func takeWaiting() -> [Promise<Void>]? {
        guard self.isNews else { return nil }
        self.isNews = false
        if self.waiting.isEmpty { return nil }
        defer { self.waiting = [] }
        return self.waiting
    }
}
