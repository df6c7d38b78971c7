/// The initialization of an instance that was bound as an existing value. The first request starts it; after a failure the next request
/// tries again.
final class Adoption: Sendable {
    private let running = Lock<Registry.Initialized?>(nil)

    /// The promise of the running initialization, and whether this call starts it.
    func join() -> (initialized: Registry.Initialized, isFirst: Bool) {
        self.running.withLock { running in
            if let running { return (running, false) }
            let begun = Registry.Initialized()
            running = begun
            return (begun, true)
        }
    }

    /// Marks the initialization as finished.
    func end() {
        self.running.withLock { $0 = nil }
    }
}

extension Registry {
    /// An instance that was bound as an existing value and requested before it was initialized.
    struct Adopted: Sendable {
        let instance: AnyInstance
        let making: Making
        let adoption: Adoption
    }

    /// Adds the existing instance of `binding` to `scope`, even though it has not been requested. Returns nil for a binding without one,
    /// and for one whose instance is carried over from a replaced binding.
    mutating func adopt(_ binding: Binding, in scope: Scope, at now: TimeSource.Instant) -> Making? {
        guard let adopted = binding.declaration.adopted else { return nil }
        guard self.scopes[scope.row].shared.find(binding.word) == nil else { return nil }
        // A synchronous scope cannot dispose it. A request for it fails with that error.
        if scope.isSynchronous, binding.declaration.isAsynchronous { return nil }
        let handle = self.begin(binding, in: scope, synchronously: true, at: now)
        if adopted.isInitializedLater { self.resources[handle.row].adoption = Adoption() }
        return self.making(handle, in: scope)
    }

    /// Marks an adopted instance as initialized.
    mutating func endAdoption(_ handle: ResourceHandle) {
        if self.holds(handle) { self.resources[handle.row].adoption = nil }
    }
}

extension Engine {
    /// Adds existing instances to their scopes. From now on they are sampled, counted, and disposed with their scope.
    func adopt(_ makings: [Registry.Making]) {
        for making in makings {
            guard let adopted = making.binding.declaration.adopted else { continue }
            UserCode.begins()
            let instance = adopted.instance(making.handle)
            instance.contextual?.attach(self.context(of: making.handle, binding: making.binding.id, in: making.owner))
            _ = self.completeInitialization(instance, making)
        }
    }

    /// Adds the existing instances that the overlay of a scope binds.
    func adoptOverlay(of scope: Scope) {
        guard scope.hasOverlay, let overlay = scope.overlay else { return }
        let bindings = overlay.bindings.values.filter { $0.declaration.adopted != nil }.sorted { $0.word < $1.word }
        if bindings.isEmpty { return }
        let now = self.now
        let makings = self.locked { registry in
            bindings.compactMap { registry.isOpen(scope) ? registry.adopt($0, in: scope, at: now) : nil }
        }
        self.adopt(makings)
    }

    /// Initializes an adopted instance for its requesters. Returns nil if the caller is canceled first; the initialization continues.
    nonisolated(nonsending) func initialize(_ adopted: Registry.Adopted) async -> Result<AnyInstance, ResourceError>? {
        let (initialized, isFirst) = adopted.adoption.join()
        if isFirst { self.begin(adopted, initialized) }
        return await initialized.wait()
    }

    /// Starts the initialization for synchronous code, which uses the instance without waiting.
    func initializeSynchronously(_ adopted: Registry.Adopted) -> Result<AnyInstance, ResourceError> {
        let (initialized, isFirst) = adopted.adoption.join()
        if isFirst { self.begin(adopted, initialized) }
        return initialized.value ?? .success(adopted.instance)
    }

    private func begin(_ adopted: Registry.Adopted, _ initialized: Registry.Initialized) {
        guard let span = self.beginSpan(of: adopted.making, for: adopted.making.owner) else { return self.launch(adopted, initialized) }
        span.end(with: initialized)
        span.withCurrentSynchronously { self.launch(adopted, initialized) }
    }

    private func launch(_ adopted: Registry.Adopted, _ initialized: Registry.Initialized) {
        let (making, instance) = (adopted.making, adopted.instance)
        ScopeContext.$current.withValue(ScopeContext(scope: making.owner, activity: .body)) {
            self.environment.start {
                var outcome: Result<AnyInstance, ResourceError> = .success(instance)
                do {
                    UserCode.begins()
                    try await instance.initialize()
                    self.locked { $0.endAdoption(making.handle) }
                } catch {
                    // The instance stays in use uninitialized. The next request tries again.
                    self.context(of: making.handle, binding: making.binding.id, in: making.owner).report(error)
                    outcome = .failure(Self.failure(error, of: making))
                }
                adopted.adoption.end()
                initialized.fulfill(outcome)
            }
        }
        if initialized.value != nil { return }
        let (label, budget) = (making.binding.label, making.binding.options.initializeTimeout)
        let start = self.now
        let deadline = self.environment.time.schedule(at: start + budget) {
            initialized.fulfill(
                .failure(
                    ResourceError(
                        .initializationTimedOut,
                        key: label,
                        scope: making.owner.name,
                        "\(label)\(making.handle.id) was not initialized within its initializeTimeout of \(budget) "
                            + "in scope \(making.owner.path): make it faster, or raise initializeTimeout in its BindingOptions"
                            + self.environment.idleRemark(since: start)
                    )
                )
            )
        }
        initialized.whenFulfilled { deadline.cancel() }
    }
}
