import Synchronization

/// The registry with its lock, and all work outside of the lock: calling user code, waiting, and resuming waiters.
@usableFromInline
final class Engine: Sendable {
    let environment: ResourceEnvironment
    private let registry: Lock<Registry>
    /// Whether a subscriber waits for the next change of sampled figures.
    private let wantsActivity = Atomic<Bool>(false)
    /// Whether any binding is eager. If none is, opening a scope skips the search for eager bindings.
    private let isAnythingEager = Atomic<Bool>(false)
    /// Whether the container was dropped without having been closed.
    private let wasDropped = Atomic<Bool>(false)
    /// The object that health checkers attach to the container. See ``Container/companion(makingIfAbsent:)``.
    let companion = Lock<(any AnyObject & Sendable)?>(nil)

    init(container: String, environment: ResourceEnvironment) {
        self.environment = environment
        self.registry = Lock(Registry(container: container))
    }

    var now: TimeSource.Instant {
        self.environment.time.now
    }

    /// Runs `body` on the registry under the lock. Afterward, wakes waiting subscribers if an event was written, and releases the
    /// references that `body` dropped. `body` must not call user code; see ``UserCode``.
    @inline(__always)
    func locked<Result: Sendable>(_ body: (inout Registry) -> Result) -> Result {
        var waiting: [Promise<Void>]?
        var deferredReleases: DeferredReleases?
        // Assigned inside, because a tuple of the results would copy them.
        let result = self.registry.withLock { registry in
            let result = body(&registry)
            waiting = registry.log.takeWaiting()
            deferredReleases = registry.deferredReleases.take()
            return result
        }
        if let waiting {
            for promise in waiting { promise.fulfill(()) }
        }
        withExtendedLifetime(deferredReleases) {}
        return result
    }

    /// ``locked(_:)`` for a body that throws.
    @inline(__always)
    func lockedThrowing<Result: Sendable>(
        _ body: (inout Registry) throws(ResourceError) -> Result
    ) throws(ResourceError) -> Result {
        try self.locked { registry in
            Swift.Result { () throws(ResourceError) -> Result in try body(&registry) }
        }.get()
    }

    func isInitializing(_ handle: ResourceHandle) -> Bool {
        self.locked { $0.holds(handle) && $0.resources[handle.row].state == .initializing }
    }

    // MARK: Scopes

    /// Opens a scope. Not inlined, because its variables would become those of an asynchronous caller.
    @inline(never)
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

    // MARK: Reports of instances

    func context(of handle: ResourceHandle, binding: BindingID, in scope: Scope) -> ResourceContext {
        ResourceContext(
            resource: handle.id,
            scope: scope.id,
            tracer: self.environment.tracer,
            traceID: self.environment.traceID,
            record: { [self] kind in
                let now = self.now
                self.locked { $0.record(kind, handle, binding: binding, scope: scope.id, at: now) }
            },
            findScope: { [self] in ScopeContext.find(self)?.scope.id },
            markActivity: { [self] in self.noteActivity() }
        )
    }

    /// Wakes subscribers at the next change of sampled figures.
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
        for promise in waiting ?? [] { promise.fulfill(()) }
    }

    // MARK: Snapshots

    /// A snapshot of the current state, including pool samples.
    func snapshot() -> ContainerSnapshot {
        self.snapshot { _ in }.snapshot
    }

    /// A snapshot of the current state, including pool samples, and the result of `body`, which runs first in the same critical section.
    func snapshot<Result: Sendable>(after body: (inout Registry) -> Result) -> (snapshot: ContainerSnapshot, result: Result) {
        let (copy, result) = self.copyForSnapshot(after: body)
        return (copy.snapshot(), result)
    }

    /// Copies what a snapshot shows, and returns the result of `body`, which runs first in the same critical section.
    ///
    /// The copy's memory is allocated before that section, and the snapshot is built after it: see ``SnapshotCopy/snapshot()``.
    func copyForSnapshot<Result: Sendable>(after body: (inout Registry) -> Result) -> (copy: SnapshotCopy, result: Result) {
        var copy = SnapshotCopy(for: self.locked { $0.snapshotSize })
        let now = self.now
        let result = self.locked { registry in
            let result = body(&registry)
            registry.copyForSnapshot(into: &copy, at: now)
            return result
        }
        return (copy, result)
    }

    /// The samples of all pools.
    func poolSamples() -> [PoolSample] {
        Self.samples(of: self.locked { $0.pools })
    }

    /// Samples pools outside the lock, because a pool of the user runs user code.
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
