/// The numbered events of a container, in one ring buffer that all subscribers read, each with its own cursor.
///
/// One ring serves any number of subscribers, so another subscriber adds no cost to writing an event. A slow subscriber loses the oldest
/// events instead of holding memory. The ring is allocated when the first subscription opens and freed when the last one closes. The log is
/// part of the registry and is guarded by the registry's lock.
struct EventLog: Sendable {
    /// The number of the last event; 0 before the first.
    private(set) var sequence: UInt64 = 0
    /// Counts changes of sampled figures, such as a pool's leases, while a subscriber waits.
    private(set) var activity: UInt64 = 0
    private var ring: ContiguousArray<LoggedEvent> = []
    /// The number of open subscriptions.
    private(set) var subscribers = 0
    /// The number of the oldest event in the ring.
    private var oldest: UInt64 = 1
    /// The number of the first event written since the ring was allocated; it is written to index 0.
    private var firstKept: UInt64 = 1
    private var waiting: [Promise<Void>] = []
    /// Whether something happened since waiters were last taken.
    private var isNews = false

    /// How many events a subscriber may fall behind before it misses some.
    static let capacity: UInt64 = 32_768

    /// Opens a subscription.
    mutating func open() {
        self.subscribers += 1
        guard self.subscribers == 1 else { return }
        self.ring.reserveCapacity(Int(Self.capacity))
        self.oldest = self.sequence + 1
        self.firstKept = self.oldest
    }

    /// Closes a subscription. Returns the ring if the subscription was the last one; the caller frees it outside the lock.
    mutating func close() -> ContiguousArray<LoggedEvent> {
        self.subscribers -= 1
        guard self.subscribers == 0 else { return [] }
        defer { self.ring = [] }
        return self.ring
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
        guard self.subscribers > 0 else { return }
        let event = LoggedEvent(
            time: time,
            scope: scope,
            resource: resource ?? ResourceID(0),
            binding: binding.map { Int32(truncatingIfNeeded: $0.rawValue) } ?? -1,
            kind: kind()
        )
        if UInt64(self.ring.count) < Self.capacity {
            self.ring.append(event)
        } else {
            self.ring[self.slot(of: self.sequence)] = event
            self.oldest += 1
        }
    }

    /// Returns the events after number `cursor`, oldest first, and the number of events after `cursor` that are no longer in the ring.
    func events(after cursor: UInt64) -> (missed: UInt64, events: [ResourceEvent]) {
        guard cursor < self.sequence else { return (0, []) }
        let first = max(cursor + 1, self.oldest)
        let events = (first..<self.sequence + 1).map { number in self.ring[self.slot(of: number)].event(number: number) }
        return (first - cursor - 1, events)
    }

    /// The ring index of event `number`.
    private func slot(of number: UInt64) -> Int {
        Int((number - self.firstKept) % Self.capacity)
    }

    /// The number of events in the ring.
    var keptCount: Int {
        self.ring.count
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

    /// Returns the waiters to resume after the lock is released; none if nothing happened since the last call.
    mutating func takeWaiting() -> [Promise<Void>] {
        guard self.isNews else { return [] }
        self.isNews = false
        if self.waiting.isEmpty { return [] }
        defer { self.waiting = [] }
        return self.waiting
    }
}
