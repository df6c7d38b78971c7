import Synchronization

/// The registry under its lock, and everything that is done outside of it: calling user code, waiting, resuming those who wait.
@usableFromInline
final class Engine: Sendable {
    let environment: ResourceEnvironment
    private let registry: Lock<Registry>
    /// Whether a subscriber wants to be woken by the next change of sampled figures.
    private let wantsActivity = Atomic<Bool>(false)
    /// Whether any binding was ever eager, so that opening a scope need not look otherwise.
    private let isAnythingEager = Atomic<Bool>(false)
    /// What health checkers keep with the container; see ``Container/companion(makingIfAbsent:)``.
    let companion = Lock<(any AnyObject & Sendable)?>(nil)

    init(container: String, environment: ResourceEnvironment) {
        self.environment = environment
        self.registry = Lock(Registry(container: container))
    }

    var now: TimeSource.Instant {
        self.environment.time.now
    }

    /// Runs `body` on the registry under the lock, and wakes the subscribers that wait if it wrote an event. No user code in here.
    @inline(__always)
    func locked<Result: Sendable>(_ body: (inout Registry) -> Result) -> Result {
        let (result, waiting) = self.registry.withLock { registry in
            let result = body(&registry)
            return (result, registry.log.takeWaiting())
        }
        for promise in waiting { promise.fulfil(()) }
        return result
    }

    /// ``locked(_:)`` for a body that can refuse.
    @inline(__always)
    func lockedThrowing<Result: Sendable>(
        _ body: (inout Registry) throws(ResourceError) -> Result
    ) throws(ResourceError) -> Result {
        try self.locked { registry in
            Swift.Result { () throws(ResourceError) -> Result in try body(&registry) }
        }.get()
    }

    func isInitialising(_ handle: ResourceHandle) -> Bool {
        self.locked { $0.holds(handle) && $0.resources[handle.row].state == .initialising }
    }

    // MARK: Scopes

    func open(_ opening: ScopeOpening, in parent: Scope) throws(ResourceError) -> Scope {
        let now = self.now
        return try self.lockedThrowing { registry throws(ResourceError) in try registry.open(opening, in: parent, self, at: now) }
    }

    func openRoot(_ opening: ScopeOpening) -> Scope {
        let now = self.now
        return self.locked { $0.openRoot(opening, self, at: now) }
    }

    func retire(_ overlay: Overlay?) {
        guard let overlay else { return }
        self.locked { $0.retire(Array(overlay.bindings.values)) }
    }

    // MARK: Eager bindings

    var hasEager: Bool {
        self.isAnythingEager.load(ordering: .relaxed)
    }

    func noteEager() {
        self.isAnythingEager.store(true, ordering: .relaxed)
    }

    /// Makes what is eager and lives in `scope` or in the root.
    nonisolated(nonsending) func start(_ scope: Scope) async throws {
        for binding in self.locked({ $0.eager(for: scope) }) {
            let instance = try await self.instance(Query(key: binding.key, asker: scope, requester: nil), label: binding.label)
            // Nobody has asked for it yet.
            instance.uses.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    func startSynchronously(_ scope: Scope) throws {
        for binding in self.locked({ $0.eager(for: scope) }) {
            let instance = try self.instanceSynchronously(Query(key: binding.key, asker: scope, requester: nil), label: binding.label)
            instance.uses.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    // MARK: What instances say

    func context(of handle: ResourceHandle, binding: BindingID, in scope: Scope) -> ResourceContext {
        ResourceContext(
            resource: handle.id,
            scope: scope.id,
            record: { [self] kind in
                let now = self.now
                self.locked { $0.record(kind, handle, binding: binding, scope: scope.id, at: now) }
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
        self.locked { $0.pools }.map { entry in
            var sample = entry.pool.poolSample()
            sample.resource = entry.handle.id
            return sample
        }
    }
}
