/// The numbered events of a container: a ring that every subscriber reads at its own place.
///
/// One ring serves any number of subscribers, so that adding one costs nothing when events are written, and a slow one loses the oldest
/// events instead of holding memory. It is allocated when the first subscriber comes, and freed when the last one goes. A part of the
/// registry: guarded by its lock.
struct EventLog: Sendable {
    /// The number of the last event; 0 before the first.
    private(set) var sequence: UInt64 = 0
    /// How often sampled figures changed while somebody was waiting for that.
    private(set) var activity: UInt64 = 0
    private var ring: ContiguousArray<LoggedEvent> = []
    /// How many read the ring.
    private(set) var subscribers = 0
    /// The number of the oldest event in the ring.
    private var oldest: UInt64 = 1
    /// The number of the event that stands, or stood first, at the ring's beginning.
    private var firstKept: UInt64 = 1
    private var waiting: [Promise<Void>] = []
    /// Whether something happened that those who wait are to be woken for.
    private var isNews = false

    /// How many events a subscriber may fall behind.
    static let capacity: UInt64 = 32_768

    /// A subscriber comes.
    mutating func open() {
        self.subscribers += 1
        guard self.subscribers == 1 else { return }
        self.ring.reserveCapacity(Int(Self.capacity))
        self.oldest = self.sequence + 1
        self.firstKept = self.oldest
    }

    /// A subscriber goes. Returns the ring if it was the last one, to be freed when the lock is not held.
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
            self.ring[self.place(of: self.sequence)] = event
            self.oldest += 1
        }
    }

    /// The events after number `cursor`, oldest first, and how many of them are lost.
    func events(after cursor: UInt64) -> (missed: UInt64, events: [ResourceEvent]) {
        guard cursor < self.sequence else { return (0, []) }
        let first = max(cursor + 1, self.oldest)
        let events = (first..<self.sequence + 1).map { number in self.ring[self.place(of: number)].event(number: number) }
        return (first - cursor - 1, events)
    }

    /// Where event `number` stands: the ring begins with the first event that was kept.
    private func place(of number: UInt64) -> Int {
        Int((number - self.firstKept) % Self.capacity)
    }

    /// How many events are kept.
    var keptCount: Int {
        self.ring.count
    }

    /// How many wait for news.
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

    /// Wakes one who waits for what the last event tells.
    mutating func wake(_ promise: Promise<Void>) {
        self.waiting.append(promise)
        self.isNews = true
    }

    mutating func stopWaiting(_ promise: Promise<Void>) {
        self.waiting.removeAll { $0 === promise }
    }

    /// Those to wake after the lock is released, if anything happened since they began to wait.
    mutating func takeWaiting() -> [Promise<Void>] {
        guard self.isNews else { return [] }
        self.isNews = false
        if self.waiting.isEmpty { return [] }
        defer { self.waiting = [] }
        return self.waiting
    }
}
