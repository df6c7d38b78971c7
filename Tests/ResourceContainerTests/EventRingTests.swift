import Testing

@testable import ResourceContainer

@Suite("The ring of events")
struct EventRingTests {
    private func event(_ number: UInt64) -> LoggedEvent {
        let time = TimeSource.Instant(nanoseconds: Int64(number))
        return LoggedEvent(time: time, scope: ScopeID(number), resource: ResourceID(0), binding: -1, kind: .scopeClosing)
    }

    @Test("A ring returns the events after the one it was opened at, with their numbers.")
    func present() {
        var ring = EventRing()
        #expect(!ring.isOpen)
        ring.open(at: 7)
        #expect(ring.isOpen)
        #expect(ring.events(after: 7).converted.isEmpty)
        for number in 8...10 as ClosedRange<UInt64> { ring.append(self.event(number)) }
        let events = ring.events(after: 7).converted
        #expect(events.map(\.sequence) == [8, 9, 10])
        #expect(events.map(\.scope.rawValue) == [8, 9, 10])
    }

    @Test("Each subscriber reads after its own cursor, and a later one begins at the present.")
    func cursors() {
        var ring = EventRing()
        ring.open(at: 0)
        for number in 1...5 as ClosedRange<UInt64> { ring.append(self.event(number)) }
        ring.open(at: 5)
        ring.append(self.event(6))
        #expect(ring.events(after: 0).converted.map(\.sequence) == [1, 2, 3, 4, 5, 6])
        #expect(ring.events(after: 3).converted.map(\.sequence) == [4, 5, 6])
        #expect(ring.events(after: 5).converted.map(\.sequence) == [6])
        #expect(ring.events(after: 6).converted.isEmpty)
        #expect(ring.subscribers == 2)
    }

    @Test("A full ring replaces the oldest events, and a reader behind them learns that it misses some.")
    func overrun() {
        var ring = EventRing()
        ring.open(at: 0)
        for number in 1...EventRing.capacity { ring.append(self.event(number)) }
        #expect(!ring.misses(after: 0))
        for number in 1...100 as ClosedRange<UInt64> { ring.append(self.event(EventRing.capacity + number)) }
        #expect(ring.count == Int(EventRing.capacity))
        #expect(ring.misses(after: 99))
        #expect(!ring.misses(after: 100))
        let events = ring.events(after: 40).converted
        #expect(events.count == Int(EventRing.capacity))
        #expect(events.first?.sequence == 101)
        #expect(events.last?.scope == ScopeID(EventRing.capacity + 100))
    }

    @Test("In random walks, a reader gets the events that a list of all events gives.", arguments: 0..<4 as Range<UInt64>)
    func walk(seed: UInt64) {
        var random = SplitMix(seed)
        var ring = EventRing()
        let present = random.next() % 1_000_000
        ring.open(at: present)
        var (newest, cursor) = (present, present)
        for _ in 0..<60 {
            for _ in 0..<random.next() % 3_000 {
                newest += 1
                ring.append(self.event(newest))
            }
            // A reader that rests for long enough falls behind.
            guard random.next() % 16 == 0 else { continue }
            let oldest = newest - min(newest - present, EventRing.capacity) + 1
            let missed = max(cursor + 1, oldest) - cursor - 1
            #expect(ring.misses(after: cursor) == (missed > 0))
            let events = ring.events(after: cursor).converted
            #expect(events.map(\.sequence) == Array(cursor + missed + 1..<newest + 1))
            #expect(events.allSatisfy { $0.scope.rawValue == $0.sequence })
            cursor = newest
        }
        #expect(newest > present + EventRing.capacity)
    }

    @Test("The last subscriber frees the ring and its events, and a ring that is opened again begins at the present.")
    func closing() {
        var ring = EventRing()
        ring.open(at: 0)
        ring.open(at: 0)
        let observer = {
            let kind = RareKind(.noted("kept"))
            let event = self.event(1)
            ring.append(LoggedEvent(time: event.time, scope: .root, resource: event.resource, binding: event.binding, kind: .rare(kind)))
            return OutlivingObserver(kind)
        }()
        var memory = ring.close()
        #expect(memory.isEmpty)
        #expect(ring.count == 1)
        #expect(observer.isAlive)
        memory = ring.close()
        #expect(memory.count == 1)
        #expect(ring.count == 0)
        memory = []
        #expect(memory.isEmpty)
        #expect(!observer.isAlive)
        #expect(!ring.isOpen)
        ring.open(at: 20)
        ring.append(self.event(21))
        #expect(ring.events(after: 20).converted.map(\.sequence) == [21])
    }

    @Test("A container keeps no event and no memory for events after its last subscriber has gone.")
    func freed() {
        let container = Container()
        let now = container.engine.now
        let observer = {
            let subscription = container.subscribe()
            let kind = RareKind(.noted("kept"))
            container.engine.locked { $0.log.append(.rare(kind), scope: .root, at: now) }
            #expect(container.keptEvents == 1)
            withExtendedLifetime(subscription) {}
            return OutlivingObserver(kind)
        }()
        #expect(container.keptEvents == 0)
        #expect(!observer.isAlive)
        #expect(container.tableSizes["subscriber rows"] == 0)
    }
}
