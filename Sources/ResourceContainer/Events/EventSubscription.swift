/// A subscription to a container's events: an initial snapshot, and every event that follows it.
///
/// A subscription never slows the container and never adds to its memory: a subscriber that falls more than 32,768 events behind misses the
/// oldest ones. Its next batch then reports how many events were missed and carries a new snapshot to continue from. The container keeps
/// events while at least one subscription exists.
public final class EventSubscription: Sendable {
    /// The snapshot that the first drained events follow.
    public let snapshot: ContainerSnapshot
    private let engine: Engine
    private let position: Lock<Position>

    private struct Position: Sendable {
        var cursor: UInt64
        var activity: UInt64
    }

    init(engine: Engine) {
        let (snapshot, activity) = engine.snapshot { registry in
            registry.log.open()
            return registry.log.activity
        }
        self.engine = engine
        self.snapshot = snapshot
        self.position = Lock(Position(cursor: snapshot.sequence, activity: activity))
    }

    deinit {
        let ring = self.engine.locked { $0.log.close() }
        withExtendedLifetime(ring) {}
    }

    /// Returns every event since the last drain; an empty batch if there is none. Never suspends. O(events).
    public func drain() -> EventBatch {
        let engine = self.engine
        let now = engine.now
        var (batch, pools) = self.position.withLock { position in
            let cursor = position.cursor
            let (batch, pools, sequence, activity) = engine.locked { registry in
                let (missed, events) = registry.log.events(after: cursor)
                let batch =
                    missed == 0
                    ? EventBatch(events: events)
                    : EventBatch(missed: missed + UInt64(events.count), snapshot: registry.snapshot(at: now), events: [])
                return (batch, missed == 0 ? [] : registry.pools, registry.log.sequence, registry.log.activity)
            }
            position.cursor = sequence
            position.activity = activity
            return (batch, pools)
        }
        // Custom pools are user code, so they are sampled while no lock is held.
        if batch.snapshot != nil { batch.snapshot?.pools = Engine.samples(of: pools) }
        return batch
    }

    /// Marks every event up to now as drained without reading it, for consumers that use only ``next()``. O(1).
    public func skip() {
        let (sequence, activity) = self.engine.locked { ($0.log.sequence, $0.log.activity) }
        self.position.withLock { $0 = Position(cursor: sequence, activity: activity) }
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
