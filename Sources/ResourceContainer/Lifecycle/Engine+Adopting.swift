/// The initialise of an instance that was bound as it is: at the first request, and again at the next one if it failed.
final class Adoption: Sendable {
    private let running = Lock<Registry.Initialised?>(nil)

    /// What to wait for, and whether nobody has begun the initialise before.
    func join() -> (initialised: Registry.Initialised, isFirst: Bool) {
        self.running.withLock { running in
            if let running { return (running, false) }
            let begun = Registry.Initialised()
            running = begun
            return (begun, true)
        }
    }

    /// The initialise came back.
    func end() {
        self.running.withLock { $0 = nil }
    }
}

extension Registry {
    /// An instance that was bound as it is and asked for, before it was initialised.
    struct Adopted: Sendable {
        let instance: AnyInstance
        let making: Making
        let adoption: Adoption
    }

    /// Begins the instance that `binding` was given, which belongs to `scope` whether or not anybody asks for it. Nil for a binding that
    /// makes its instances, and for one whose instance goes on from the binding before.
    mutating func adopt(_ binding: Binding, in scope: Scope, at now: TimeSource.Instant) -> Making? {
        guard let adopted = binding.declaration.adopted else { return nil }
        guard self.scopes[scope.row].shared.find(binding.word) == nil else { return nil }
        // A synchronous scope could not dispose it; a request is told so.
        if scope.isSynchronous, binding.declaration.isAsynchronous { return nil }
        let handle = self.begin(binding, in: scope, synchronously: true, at: now)
        if adopted.isInitialisedLater { self.resources[handle.row].adoption = Adoption() }
        return self.making(handle, in: scope)
    }

    /// An adopted instance is initialised.
    mutating func endAdoption(_ handle: ResourceHandle) {
        if self.holds(handle) { self.resources[handle.row].adoption = nil }
    }
}

extension Engine {
    /// Takes in instances that bindings were given: from here on they are sampled, counted, and disposed with their scope.
    func adopt(_ makings: [Registry.Making]) {
        for making in makings {
            guard let adopted = making.binding.declaration.adopted else { continue }
            UserCode.begins()
            let instance = adopted.instance(making.handle)
            instance.contextual?.attach(self.context(of: making.handle, binding: making.binding.id, in: making.owner))
            _ = self.arrive(instance, making)
        }
    }

    /// Takes in the instances that the overlay of a scope was given.
    func adoptOverlay(of scope: Scope) {
        guard scope.standsIn, let overlay = scope.overlay else { return }
        let bindings = overlay.bindings.values.filter { $0.declaration.adopted != nil }.sorted { $0.word < $1.word }
        if bindings.isEmpty { return }
        let now = self.now
        let makings = self.locked { registry in
            bindings.compactMap { registry.isOpen(scope) ? registry.adopt($0, in: scope, at: now) : nil }
        }
        self.adopt(makings)
    }

    /// Initialises an adopted instance for those who ask for it. Nil if the caller is cancelled before; the work goes on.
    nonisolated(nonsending) func initialise(_ adopted: Registry.Adopted) async -> Result<AnyInstance, ResourceError>? {
        let (initialised, isFirst) = adopted.adoption.join()
        if isFirst { self.begin(adopted, initialised) }
        return await initialised.wait()
    }

    /// The same for synchronous code, which does not wait: the instance is in use as it is.
    func initialiseSynchronously(_ adopted: Registry.Adopted) -> Result<AnyInstance, ResourceError> {
        let (initialised, isFirst) = adopted.adoption.join()
        if isFirst { self.begin(adopted, initialised) }
        return initialised.value ?? .success(adopted.instance)
    }

    private func begin(_ adopted: Registry.Adopted, _ initialised: Registry.Initialised) {
        let (making, instance) = (adopted.making, adopted.instance)
        ScopeContext.$current.withValue(ScopeContext(scope: making.owner, activity: .body)) {
            self.environment.start {
                var outcome: Result<AnyInstance, ResourceError> = .success(instance)
                do {
                    UserCode.begins()
                    try await instance.initialize()
                    self.locked { $0.endAdoption(making.handle) }
                } catch {
                    // It is in use as it was before; the next request tries again.
                    self.context(of: making.handle, binding: making.binding.id, in: making.owner).report(error)
                    outcome = .failure(Self.failure(error, of: making))
                }
                adopted.adoption.end()
                initialised.fulfil(outcome)
            }
        }
        if initialised.value != nil { return }
        let (label, budget) = (making.binding.label, making.binding.options.initializeTimeout)
        let deadline = self.environment.time.schedule(at: self.now + budget) {
            initialised.fulfil(
                .failure(
                    ResourceError(
                        .initialisationTimedOut,
                        key: label,
                        scope: making.owner.name,
                        "\(label)\(making.handle.id) was not initialised within its initializeTimeout of \(budget) "
                            + "in scope \(making.owner.path): make it quicker, or allow it more in its binding's options"
                    )
                )
            )
        }
        initialised.whenFulfilled { deadline.cancel() }
    }
}
