/// The newest events of a container, in one ring buffer that all subscribers read, each with its own cursor.
///
/// One ring serves any number of subscribers, so another subscriber adds no cost to an append. A slow subscriber misses the oldest events
/// instead of holding memory. The ring is allocated when it is opened for the first subscriber and freed when the last one closes it.
struct EventRing: Sendable {
    /// The memory of a ring.
    typealias Slots = ContiguousArray<LoggedEvent>

    /// How many events a subscriber may fall behind before it misses some.
    static let capacity: UInt64 = 32_768

    private var slots: Slots = []
    /// The number of subscribers.
    private(set) var subscribers = 0
    /// The number of the newest event.
    private var newest: UInt64 = 0
    /// The number of the first event appended since the ring was allocated. Its slot is 0.
    private var first: UInt64 = 1

    /// Whether the ring has a subscriber, and therefore keeps events.
    var isOpen: Bool {
        self.subscribers > 0
    }

    /// The number of events in the ring.
    var count: Int {
        self.slots.count
    }

    /// Adds a subscriber, which reads after the cursor `present`: the number of the last event so far.
    mutating func open(at present: UInt64) {
        self.subscribers += 1
        guard self.subscribers == 1 else { return }
        self.slots.reserveCapacity(Int(Self.capacity))
        self.newest = present
        self.first = present + 1
    }

    /// Appends the next event, in place of the oldest one if the ring is full. The ring must be open.
    mutating func append(_ event: LoggedEvent) {
        self.newest += 1
        if UInt64(self.slots.count) < Self.capacity {
            self.slots.append(event)
        } else {
            self.slots[self.slot(of: self.newest)] = event
        }
    }

    /// Returns the events after number `cursor` that are still in the ring, oldest first. O(events).
    func events(after cursor: UInt64) -> LoggedEvents {
        guard cursor < self.newest else { return LoggedEvents() }
        let start = max(cursor, self.newest - UInt64(self.slots.count))
        let count = Int(self.newest - start)
        let first = self.slot(of: start + 1)
        let untilEnd = min(count, self.slots.count - first)
        var events = Slots()
        events.reserveCapacity(count)
        events.append(contentsOf: self.slots[first..<first + untilEnd])
        events.append(contentsOf: self.slots[..<(count - untilEnd)])
        return LoggedEvents(events: events, first: start + 1)
    }

    /// Whether events after number `cursor` are no longer in the ring. O(1).
    func misses(after cursor: UInt64) -> Bool {
        cursor < self.newest - UInt64(self.slots.count)
    }

    /// Removes a subscriber. Returns the memory if it was the last one, so that the caller can free it outside the lock.
    mutating func close() -> Slots {
        self.subscribers -= 1
        guard self.subscribers == 0 else { return [] }
        defer { self.slots = [] }
        return self.slots
    }

    /// The slot of event `number`.
    private func slot(of number: UInt64) -> Int {
        Int((number - self.first) % Self.capacity)
    }
}

/// Events copied out of a ring, oldest first.
///
/// A copy is all that happens while the container is locked. The events are converted afterward.
struct LoggedEvents: Sendable {
    fileprivate var events = EventRing.Slots()
    /// The number of the first event.
    fileprivate var first: UInt64 = 0

    /// The events as subscribers receive them. O(events).
    var converted: [ResourceEvent] {
        // By index, because an iteration would copy each stored event.
        self.events.indices.map { self.events[$0].event(number: self.first + UInt64($0)) }
    }
}
