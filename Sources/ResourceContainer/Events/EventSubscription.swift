/// A subscription to a container's events: an initial snapshot, and every event that follows it.
///
/// A subscription never makes the container wait, and its memory is bounded: the container keeps the last 32,768 events while at least one
/// subscription exists, in one ring for all subscriptions. A subscriber that falls further behind misses the oldest events. Its next batch
/// then reports how many events were missed and carries a new snapshot to continue from.
public final class EventSubscription: Sendable {
    private let engine: Engine
    private let first: Lock<ContainerSnapshot>
    private let position: Lock<Position>

    private struct Position: Sendable {
        var cursor: UInt64
        var activity: UInt64
        /// Whether the consumer polls ``EventSubscription/hasNews``, so that changes of sampled figures are counted between its drains.
        var isPolled = false
    }

    init(engine: Engine) {
        let (snapshot, activity) = engine.snapshot { registry in
            registry.log.open()
            return registry.log.activity
        }
        self.engine = engine
        self.first = Lock(snapshot)
        self.position = Lock(Position(cursor: snapshot.sequence, activity: activity))
    }

    /// Creates a subscription whose snapshot has no rows. O(1).
    init(withoutSnapshotOf engine: Engine) {
        let now = engine.now
        let (head, activity) = engine.locked { registry in
            registry.log.open()
            let head = ContainerSnapshot(container: registry.container, sequence: registry.log.sequence, time: now)
            return (head, registry.log.activity)
        }
        self.engine = engine
        self.first = Lock(head)
        self.position = Lock(Position(cursor: head.sequence, activity: activity))
    }

    /// Creates a subscription that continues `snapshot`, which was taken of the same container; nil if events after it are no longer kept.
    /// O(1).
    init?(continuing snapshot: ContainerSnapshot, of engine: Engine) {
        let activity = engine.locked { registry -> UInt64? in
            guard registry.log.keeps(after: snapshot.sequence) else { return nil }
            registry.log.open()
            return registry.log.activity
        }
        guard let activity else { return nil }
        self.engine = engine
        self.first = Lock(snapshot)
        self.position = Lock(Position(cursor: snapshot.sequence, activity: activity))
    }

    deinit {
        let ring = self.engine.locked { $0.log.close() }
        withExtendedLifetime(ring) {}
    }

    /// The snapshot that the first drained events follow.
    public var snapshot: ContainerSnapshot {
        self.first.withLock { $0 }
    }

    /// Releases the memory of ``snapshot``, of which only the container's name, the number of the last event, and the time remain. For
    /// consumers that have read it and continue for long.
    package func releaseSnapshot() {
        let released = self.first.withLock { snapshot in
            let whole = snapshot
            snapshot = ContainerSnapshot(container: whole.container, sequence: whole.sequence, time: whole.time)
            return whole
        }
        // The rows are freed without the lock.
        withExtendedLifetime(released) {}
    }

    /// Returns every event since the last drain; an empty batch if there is none. Never suspends. O(events), or O(container) after missed
    /// events.
    public func drain() -> EventBatch {
        self.drain(orContinuing: nil)
    }

    /// ``drain()`` that, after missed events, continues `shared` if the events after that snapshot are still kept, and takes no other one.
    /// The events after the snapshot are in the next batch.
    package func drain(orContinuing shared: ContainerSnapshot?) -> EventBatch {
        let engine = self.engine
        let drained = self.position.withLock { position -> Drained in
            let (cursor, isPolled) = (position.cursor, position.isPolled)
            let read = engine.locked { registry -> (drained: Drained, cursor: UInt64, activity: UInt64)? in
                if registry.log.misses(after: cursor) {
                    guard let shared, registry.log.keeps(after: shared.sequence) else { return nil }
                    return (.shared(shared, missed: shared.sequence - cursor), shared.sequence, registry.log.activity)
                }
                if isPolled { engine.armActivity() }
                return (.events(registry.log.events(after: cursor)), registry.log.sequence, registry.log.activity)
            }
            if let read {
                position.cursor = read.cursor
                position.activity = read.activity
                return read.drained
            }
            let (copy, activity) = engine.copyForSnapshot { registry in
                if isPolled { engine.armActivity() }
                return registry.log.activity
            }
            position.cursor = copy.sequence
            position.activity = activity
            return .copy(copy, missed: copy.sequence - cursor)
        }
        // Built while no lock is held: it takes long, and custom pools are user code.
        return switch drained {
        case .events(let events): EventBatch(events: events.converted)
        case .shared(let snapshot, let missed): EventBatch(missed: missed, snapshot: snapshot, events: [])
        case .copy(let copy, let missed): EventBatch(missed: missed, snapshot: copy.snapshot(), events: [])
        }
    }

    /// What a drain read under the locks.
    private enum Drained: Sendable {
        case events(LoggedEvents)
        /// The snapshot to continue, instead of a new one.
        case shared(ContainerSnapshot, missed: UInt64)
        case copy(SnapshotCopy, missed: UInt64)
    }

    /// Whether an event or a change of sampled figures, such as a pool's leases, has happened since the last drain. O(1).
    ///
    /// Changes of sampled figures count from the first call on.
    package var hasNews: Bool {
        let position = self.position.withLock { position in
            position.isPolled = true
            return position
        }
        self.engine.armActivity()
        return self.engine.locked { $0.log.sequence > position.cursor || $0.log.activity > position.activity }
    }

    /// Whether the next drain reports missed events and takes a snapshot. O(1).
    package var wouldMiss: Bool {
        let cursor = self.position.withLock { $0.cursor }
        return self.engine.locked { $0.log.misses(after: cursor) }
    }

    /// Marks every event up to now as drained without reading it, for consumers that use only ``next()``. O(1).
    public func skip() {
        let engine = self.engine
        self.position.withLock { position in
            // Read under the lock of the position, so that a concurrent drain is not undone.
            (position.cursor, position.activity) = engine.locked { ($0.log.sequence, $0.log.activity) }
        }
    }

    /// Whether the container is closed or was dropped and all of its events are drained or skipped. O(1).
    ///
    /// ``batches`` then ends, and a loop around ``next()`` should stop. An abandoned step that finishes late can still add events after
    /// that.
    public var isOver: Bool {
        let cursor = self.position.withLock { $0.cursor }
        return self.engine.locked { $0.isClosed && $0.log.sequence <= cursor }
    }

    /// Suspends until an event is available to drain, or until sampled figures, such as a pool's leases, change.
    ///
    /// Returns at once if either has happened since the last drain, and returns early when the task is canceled. After the container is
    /// closed there may be no further events: check ``isOver`` before each call.
    public func next() async {
        let position = self.position.withLock { $0 }
        let promise = Promise<Void>()
        self.engine.armActivity()
        let isDue = self.engine.locked { registry in
            if registry.log.sequence > position.cursor || registry.log.activity > position.activity { return true }
            registry.log.wait(promise)
            return false
        }
        if isDue { return }
        if await promise.wait() == nil {
            self.engine.locked { $0.log.stopWaiting(promise) }
        }
    }

    /// The batches in order, each with the events that happened while the consumer processed the previous one.
    ///
    /// The sequence supports one consumer. It ends when the consuming task is canceled, and after the last event of a container that is
    /// closed or was dropped.
    public var batches: AsyncStream<EventBatch> {
        AsyncStream {
            while !Task.isCancelled {
                let batch = self.drain()
                if batch.missed > 0 || !batch.events.isEmpty { return batch }
                if self.isOver { return nil }
                await self.next()
            }
            return nil
        }
    }
}
