/// A subscriber's place in a container's events: a picture, and everything that happened since, without a gap.
///
/// Never slows the container nor holds memory in it: a subscriber that falls more than 32,768 events behind loses the oldest, is told how
/// many, and is given a new picture to go on from. The events are kept as long as there is a subscription.
public final class EventSubscription: Sendable {
    /// The picture that the first events follow.
    public let snapshot: ContainerSnapshot
    private let engine: Engine
    private let place: Lock<Place>

    private struct Place: Sendable {
        var cursor: UInt64
        var activity: UInt64
    }

    init(engine: Engine) {
        let (snapshot, activity) = engine.picture { registry in
            registry.log.open()
            return registry.log.activity
        }
        self.engine = engine
        self.snapshot = snapshot
        self.place = Lock(Place(cursor: snapshot.sequence, activity: activity))
    }

    deinit {
        let ring = self.engine.locked { $0.log.close() }
        withExtendedLifetime(ring) {}
    }

    /// Everything since the last drain, at once; an empty batch if nothing happened. Never waits. O(events).
    public func drain() -> EventBatch {
        let engine = self.engine
        let now = engine.now
        var (batch, pools) = self.place.withLock { place in
            let cursor = place.cursor
            let (batch, pools, sequence, activity) = engine.locked { registry in
                let (missed, events) = registry.log.events(after: cursor)
                let batch =
                    missed == 0
                    ? EventBatch(events: events)
                    : EventBatch(missed: missed + UInt64(events.count), snapshot: registry.snapshot(at: now), events: [])
                return (batch, missed == 0 ? [] : registry.pools, registry.log.sequence, registry.log.activity)
            }
            place.cursor = sequence
            place.activity = activity
            return (batch, pools)
        }
        // A pool of the user's own is asked when no lock is held.
        if batch.snapshot != nil { batch.snapshot?.pools = Engine.samples(of: pools) }
        return batch
    }

    /// Counts everything up to now as drained, without looking at it: for those who only want to be woken by ``next()``. O(1).
    public func skip() {
        let (sequence, activity) = self.engine.locked { ($0.log.sequence, $0.log.activity) }
        self.place.withLock { $0 = Place(cursor: sequence, activity: activity) }
    }

    /// Whether the container is closed, or was dropped, and everything that was told of it is drained or skipped: then ``batches`` ends, and
    /// whoever waits with ``next()`` should stop. What comes back late from an abandoned step may still be told after that. O(1).
    public var isOver: Bool {
        let cursor = self.place.withLock { $0.cursor }
        return self.engine.locked { $0.isClosed && $0.log.sequence <= cursor }
    }

    /// Suspends until there is an event that was not drained, or until sampled figures - the leases of a pool - have changed since the
    /// last drain; returns at once if there is, and when the task is cancelled. Of a container that is closed nothing more may ever come: see
    /// ``isOver``.
    public func next() async {
        let place = self.place.withLock { $0 }
        let promise = Promise<Void>()
        self.engine.armActivity()
        let isDue = self.engine.locked { registry in
            if registry.log.sequence > place.cursor || registry.log.activity > place.activity { return true }
            registry.log.wait(promise)
            return false
        }
        if isDue { return }
        if await promise.wait() == nil {
            self.engine.locked { $0.log.stopWaiting(promise) }
        }
    }

    /// The batches one after the other, each as large as what happened while the consumer was busy. For one consumer; ends with its task,
    /// and after the last events of a container that is closed or was dropped.
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
