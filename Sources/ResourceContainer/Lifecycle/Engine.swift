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
    /// Whether the container was dropped without having been closed.
    private let wasDropped = Atomic<Bool>(false)
    /// What health checkers keep with the container; see ``Container/companion(makingIfAbsent:)``.
    let companion = Lock<(any AnyObject & Sendable)?>(nil)

    init(container: String, environment: ResourceEnvironment) {
        self.environment = environment
        self.registry = Lock(Registry(container: container))
    }

    var now: TimeSource.Instant {
        self.environment.time.now
    }

    /// Runs `body` on the registry under the lock; then wakes the subscribers that wait if it wrote an event, and lets go of what it left.
    /// No code of a user's in here: see ``UserCode``.
    @inline(__always)
    func locked<Result: Sendable>(_ body: (inout Registry) -> Result) -> Result {
        let (result, waiting, leavings) = self.registry.withLock { registry in
            let result = body(&registry)
            return (result, registry.log.takeWaiting(), registry.leavings.take())
        }
        for promise in waiting { promise.fulfil(()) }
        withExtendedLifetime(leavings) {}
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
        self.locked { registry in
            for binding in overlay.bindings.values { registry.retire(binding) }
        }
    }

    /// Whether the container was dropped without having been closed.
    var isDropped: Bool {
        self.wasDropped.load(ordering: .relaxed)
    }

    func noteDropped() {
        self.wasDropped.store(true, ordering: .relaxed)
    }

    // MARK: Eager bindings

    var hasEager: Bool {
        self.isAnythingEager.load(ordering: .relaxed)
    }

    func noteEager() {
        self.isAnythingEager.store(true, ordering: .relaxed)
    }

    /// Makes what is eager and lives in `scope` or in the root.
    nonisolated(nonsending) func start(_ scope: Scope, _ order: StepOrder = .serial) async throws {
        let bindings = self.locked { $0.eager(for: scope) }
        if order.isSerial || bindings.count < 2 {
            for binding in bindings { try await self.make(eager: binding, in: scope) }
        } else {
            try await self.make(eager: bindings, in: scope, atOnce: order.limit)
        }
    }

    nonisolated(nonsending) private func make(eager binding: Binding, in scope: Scope) async throws {
        let instance = try await self.instance(Query(key: binding.key, asker: scope, requester: nil), label: binding.label)
        // No caller has asked for it yet.
        instance.uses.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Makes several side by side. A dependency of several is made by the task that comes to it first; the others wait for it.
    private func make(eager bindings: [Binding], in scope: Scope, atOnce limit: Int) async throws {
        let failed = await withTaskGroup(of: (place: Int, error: any Error)?.self) { group in
            var failed: [(place: Int, error: any Error)] = []
            for (place, binding) in bindings.enumerated() {
                if place >= limit, let ended = await group.next(), let failure = ended { failed.append(failure) }
                if !failed.isEmpty { break }
                group.addTask {
                    do {
                        try await self.make(eager: binding, in: scope)
                        return nil
                    } catch { return (place, error) }
                }
            }
            for await failure in group { if let failure { failed.append(failure) } }
            return failed
        }
        if let first = failed.min(by: { $0.place < $1.place }) { throw first.error }
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
        self.picture { _ in }.snapshot
    }

    /// The picture of this moment, with the figures of the pools in it, and what `body` did at the same moment.
    func picture<Result: Sendable>(_ body: (inout Registry) -> Result) -> (snapshot: ContainerSnapshot, result: Result) {
        let now = self.now
        var (snapshot, pools, result) = self.locked { registry in
            let result = body(&registry)
            return (registry.snapshot(at: now), registry.pools, result)
        }
        snapshot.pools = Self.samples(of: pools)
        return (snapshot, result)
    }

    /// The figures of the pools.
    func poolSamples() -> [PoolSample] {
        Self.samples(of: self.locked { $0.pools })
    }

    /// Pools are asked outside the lock: one of the user's own may do what it likes.
    static func samples(of pools: [Registry.PoolEntry]) -> [PoolSample] {
        pools.map { entry in
            UserCode.begins()
            var sample = entry.pool.poolSample()
            sample.resource = entry.handle.id
            sample.name = sample.name.asName
            return sample
        }
    }
}
