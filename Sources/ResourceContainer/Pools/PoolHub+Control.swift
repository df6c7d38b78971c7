/// What is done to the pool as a whole.
extension PoolHub {
    func initialize() async throws {
        guard self.configuration.minimumSize > 0 else { return }
        switch self.configuration.prefill {
        case .background:
            let now = self.environment.time.now
            self.update { $0.machine.prefill(at: now) }
        case .wait:
            try await self.prefill(budget: self.configuration.acquireBudget, place: nil)
        }
    }

    func resize(maximum: Int?, minimum: Int?) throws(PoolError) {
        let now = self.environment.time.now
        let fault = self.update { state -> String? in
            let (maximum, minimum) = (maximum ?? state.machine.maximum, minimum ?? state.machine.minimum)
            if let fault = PoolConfiguration.faultOfLimits(maximum: maximum, minimum: minimum) { return fault }
            state.machine.resize(maximum: maximum, minimum: minimum, at: now)
            return nil
        }
        if let fault {
            throw PoolError(.invalidConfiguration, pool: self.name, "pool \(self.name) cannot be resized: \(fault); it is as it was")
        }
        self.context?.noteActivity()
    }

    func expireAll() {
        let now = self.environment.time.now
        self.update { $0.machine.expireAll(at: now) }
        self.context?.noteActivity()
    }

    /// Returns when the minimum is there.
    func prefill(budget: Duration, place: SourcePlace?) async throws {
        let now = self.environment.time.now
        let promise = Promise<Bool>()
        let isOpen = self.update { state in
            guard state.machine.phase == .open else { return false }
            state.filling.append(promise)
            state.machine.prefill(at: now)
            return true
        }
        guard isOpen else { throw PoolError.closed(self.sample(), place: place) }
        // One deadline for as long as somebody prefills, which is once in a pool's life: not worth a place among the pool's own.
        let deadline = self.environment.time.schedule(at: now + budget) { promise.fulfil(false) }
        let isFilled = await promise.wait()
        deadline.cancel()
        self.state.withLock { state in state.filling.removeAll { $0 === promise } }
        if isFilled == true { return }
        if isFilled == nil { throw CancellationError() }
        let sample = self.sample()
        if self.state.withLock({ $0.machine.phase != .open }) { throw PoolError.closed(sample, place: place) }
        throw PoolError.notFilled(sample, place: place, budget: budget, cause: self.lastCreationError)
    }

    /// Counts the leases as lost that were taken in this scope and are still out.
    func scopeClosed(_ id: ScopeID) {
        let now = self.environment.time.now
        self.update { $0.machine.scopeClosed(id, at: now) }
    }

    /// Closing waits neither for what is lent nor for what is being made; the items' own closing still has its time.
    func hurry() {
        self.drained.fulfil(())
    }
}

extension ResourcePool: ScopeWatching, HurriedResource {
    public func scopeClosed(_ scope: ScopeID) {
        self.hub.scopeClosed(scope)
    }

    public func hurry() {
        self.hub.hurry()
    }
}

extension KeyedResourcePool: ScopeWatching, HurriedResource {
    public func scopeClosed(_ scope: ScopeID) {
        self.hub.scopeClosed(scope)
    }

    public func hurry() {
        self.hub.hurry()
    }
}
