import Synchronization

/// The registry under its lock, and everything that is done outside of it: calling user code, waiting, resuming those who wait.
final class Engine: Sendable {
    let environment: ResourceEnvironment
    private let registry: Lock<Registry>
    /// Whether a subscriber wants to be woken by the next change of sampled figures.
    private let wantsActivity = Atomic<Bool>(false)

    init(container: String, environment: ResourceEnvironment) {
        self.environment = environment
        self.registry = Lock(Registry(container: container))
    }

    var now: TimeSource.Instant {
        self.environment.time.now
    }

    /// Runs `body` on the registry under the lock, and wakes the subscribers that wait if it wrote an event. No user code in here.
    func locked<Result: Sendable>(_ body: (inout Registry) -> Result) -> Result {
        let (result, waiting) = self.registry.withLock { registry in
            let before = registry.log.sequence
            let result = body(&registry)
            return (result, before == registry.log.sequence ? [] : registry.log.takeWaiting())
        }
        for promise in waiting { promise.fulfil(()) }
        return result
    }

    /// ``locked(_:)`` for a body that can refuse.
    func lockedThrowing<Result: Sendable>(
        _ body: (inout Registry) throws(ResourceError) -> Result
    ) throws(ResourceError) -> Result {
        try self.locked { registry in
            Swift.Result { () throws(ResourceError) -> Result in try body(&registry) }
        }.get()
    }

    func isInitialising(_ id: ResourceID) -> Bool {
        self.locked { $0.resources[id]?.state == .initialising }
    }

    // MARK: Scopes

    func open(
        _ name: String,
        tag: String?,
        in parent: Scope,
        place: SourcePlace,
        synchronous: Bool
    ) throws(ResourceError) -> Scope {
        let now = self.now
        return try self.lockedThrowing { registry throws(ResourceError) in
            try registry.open(in: parent, at: now) { id in
                Scope(
                    engine: self,
                    id: id,
                    name: name,
                    tag: tag,
                    parent: parent,
                    place: place,
                    openedAt: now,
                    isSynchronous: synchronous
                )
            }
        }
    }

    func openRoot(_ name: String, place: SourcePlace) -> Scope {
        let now = self.now
        return self.locked { registry in
            registry.openRoot(at: now) { id in
                Scope(engine: self, id: id, name: name, tag: nil, parent: nil, place: place, openedAt: now, isSynchronous: false)
            }
        }
    }

    // MARK: What instances say

    func context(of id: ResourceID, binding: BindingID, in scope: Scope) -> ResourceContext {
        ResourceContext(
            resource: id,
            scope: scope.id,
            record: { [self] kind in
                let now = self.now
                self.locked { $0.record(kind, resource: id, binding: binding, scope: scope.id, at: now) }
            },
            findScope: { [self] in ScopeContext.find(self)?.scope.id },
            markActivity: { [self] in self.noteActivity() }
        )
    }

    /// Asks to be told of the next change of sampled figures.
    func armActivity() {
        self.wantsActivity.store(true, ordering: .relaxed)
    }

    private func noteActivity() {
        guard self.wantsActivity.load(ordering: .relaxed) else { return }
        guard self.wantsActivity.exchange(false, ordering: .relaxed) else { return }
        let waiting = self.registry.withLock { registry in
            registry.log.noteActivity()
            return registry.log.takeWaiting()
        }
        for promise in waiting { promise.fulfil(()) }
    }

    // MARK: Pictures

    /// The picture of this moment, with the figures of the pools.
    func snapshot() -> ContainerSnapshot {
        let now = self.now
        var snapshot = self.locked { $0.snapshot(at: now) }
        snapshot.pools = self.poolSamples()
        return snapshot
    }

    /// The figures of the pools. They are asked outside the lock: a pool of the user's own may do what it likes.
    func poolSamples() -> [PoolSample] {
        self.locked { $0.pools }.map { resource, pool in
            var sample = pool.poolSample()
            sample.resource = resource
            return sample
        }
    }
}
