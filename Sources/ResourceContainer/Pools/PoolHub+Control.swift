/// Operations on the pool as a whole.
extension PoolHub {
    func initialize() async throws {
        guard self.configuration.minimumSize > 0 else { return }
        switch self.configuration.prefill {
        case .background:
            let now = self.environment.time.now
            self.update { $0.machine.prefill(at: now) }
        case .wait:
            try await self.prefill(budget: self.configuration.acquireBudget, location: nil)
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
            throw PoolError(.invalidConfiguration, pool: self.name, "pool \(self.name) cannot be resized: \(fault); nothing was changed")
        }
        self.context?.noteActivity()
    }

    func expireAll() {
        let now = self.environment.time.now
        self.update { $0.machine.expireAll(at: now) }
        self.context?.noteActivity()
    }

    /// Returns when the minimum number of items is ready.
    func prefill(budget: Duration, location: CodeLocation?) async throws {
        let now = self.environment.time.now
        let promise = Promise<Bool>()
        let isOpen = self.update { state in
            guard state.machine.phase == .open else { return false }
            state.filling.append(promise)
            state.machine.prefill(at: now)
            return true
        }
        guard isOpen else { throw PoolError.closed(self.sample(), location: location) }
        // A separate deadline: prefilling happens about once in a pool's life and does not justify an entry among the pool's own deadlines.
        let deadline = self.environment.time.schedule(at: now + budget) { promise.fulfill(false) }
        let isFilled = await promise.wait()
        deadline.cancel()
        self.state.withLock { state in state.filling.removeAll { $0 === promise } }
        if isFilled == true { return }
        if isFilled == nil { throw CancellationError() }
        let sample = self.sample()
        if self.state.withLock({ $0.machine.phase != .open }) { throw PoolError.closed(sample, location: location) }
        throw PoolError.notFilled(sample, location: location, budget: budget, cause: self.lastCreationError)
    }

    /// Counts the unreleased leases of a closed scope as lost.
    func scopeClosed(_ id: ScopeID) {
        let now = self.environment.time.now
        let actions = self.state.withLock { state -> Actions? in
            state.machine.takeBack(leasedTo: id, self.front)
            state.machine.scopeClosed(id, at: now)
            return state.hasActions ? state.takeActions() : nil
        }
        if let actions { self.perform(actions) }
    }

    /// Ends the wait for leased items and for items being created. Closing the items keeps its own timeout.
    func expedite() {
        self.drained.fulfill(())
    }
}
