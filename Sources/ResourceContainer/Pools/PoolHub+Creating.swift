/// Making items and keeping deadlines.
extension PoolHub {
    /// Starts making what the queue needs, and sets the alarm for its earliest deadline.
    func serveDemand(at now: TimeSource.Instant) {
        let (slots, alarm) = self.state.withLock { state in
            var slots: [Int] = []
            while let slot = state.machine.beginCreation(at: now) { slots.append(slot) }
            return (slots, state.nextAlarm())
        }
        for slot in slots {
            // What is made outlives the borrower that caused it, and so must not see its scope.
            ScopeContext.$current.withValue(nil) {
                self.environment.startLater { await self.create(slot) }
            }
        }
        if let alarm { self.set(alarm) }
    }

    private func create(_ slot: Int) async {
        do {
            let item = try await self.make()
            let now = self.environment.time.now
            let after = self.state.withLock { state -> Aftermath? in
                guard let placement = state.machine.creationSucceeded(slot, at: now) else { return nil }
                state.lastCreationError = nil
                state.put(item, in: slot)
                return state.aftermath(of: placement)
            }
            if let after {
                self.follow(after)
                self.serveDemand(at: now)
            } else {
                await self.closeOutsideOfBooks(item)
            }
            self.context?.noteActivity()
        } catch {
            var random = self.environment.random
            let fraction = Double.random(in: 0...1, using: &random)
            let now = self.environment.time.now
            let isDrained = self.state.withLock { state in
                state.machine.creationFailed(slot, at: now, fraction: fraction)
                state.lastCreationError = error
                return state.machine.phase == .draining && state.machine.isDrained
            }
            self.context?.report(error)
            if isDrained { self.drained.fulfil(()) }
            self.serveDemand(at: now)
        }
    }

    // MARK: The alarm

    /// An alarm to be registered, and the registration that it replaces.
    struct AlarmChange: Sendable {
        let instant: TimeSource.Instant
        let number: UInt64
        let replaced: TimeSource.Deadline?
    }

    private func set(_ change: AlarmChange) {
        change.replaced?.cancel()
        let deadline = self.environment.time.schedule(at: change.instant) { [weak self] in self?.ring(change.number) }
        let isCurrent = self.state.withLock { state in
            guard state.alarm?.number == change.number else { return false }
            state.alarm?.deadline = deadline
            return true
        }
        if !isCurrent { deadline.cancel() }
    }

    /// A deadline has come: ends what is over its budget and goes on.
    private func ring(_ number: UInt64) {
        let now = self.environment.time.now
        let waiters: [Waiter]? = self.state.withLock { state in
            guard state.alarm?.number == number else { return nil }
            state.alarm = nil
            return state.machine.expire(at: now).compactMap { state.takeWaiter($0) }
        }
        guard let waiters else { return }
        for waiter in waiters { waiter.resume() }
        self.serveDemand(at: now)
        if !waiters.isEmpty { self.context?.noteActivity() }
    }
}

extension PoolHub.State {
    /// The alarm to set if the earliest deadline is before the present one. One that is too early is left to ring: it finds nothing to do.
    fileprivate mutating func nextAlarm() -> PoolHub.AlarmChange? {
        guard let instant = self.machine.nextDeadline else { return nil }
        if let alarm = self.alarm, alarm.instant <= instant { return nil }
        let replaced = self.alarm?.deadline
        self.lastAlarm += 1
        self.alarm = PoolHub.Alarm(instant: instant, number: self.lastAlarm)
        return PoolHub.AlarmChange(instant: instant, number: self.lastAlarm, replaced: replaced)
    }
}
