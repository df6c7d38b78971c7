/// Housekeeping: a single registration with the time source for all deadlines of the pool.
extension PoolHub {
    /// An alarm to register, and the registration that it replaces.
    struct AlarmChange: Sendable {
        let instant: TimeSource.Instant
        let number: UInt64
        let replaced: TimeSource.Deadline?
    }

    func set(_ change: AlarmChange) {
        change.replaced?.cancel()
        let deadline = self.environment.time.schedule(at: change.instant) { [weak self] in self?.ring(change.number) }
        self.environment.schedulePoint()
        let isCurrent = self.state.withLock { state in
            guard state.alarm?.number == change.number else { return false }
            state.alarm?.deadline = deadline
            return true
        }
        if !isCurrent { deadline.cancel() }
    }

    /// Runs when a deadline expires: processes everything that is due.
    private func ring(_ number: UInt64) {
        let now = self.environment.time.now
        // Only a creation that times out uses the fraction; one that starts after this check cannot have timed out yet.
        let fraction = self.state.withLock { $0.machine.making } > 0 ? self.randomFraction : 0
        let isCurrent = self.update { state in
            guard let alarm = state.alarm, alarm.number == number else { return false }
            state.alarm = nil
            state.alarmAt = TimeSource.Instant(nanoseconds: .max)
            state.lateness = max(.zero, now - alarm.instant)
            state.longestLateness = max(state.longestLateness, state.lateness)
            state.machine.sweep(at: now, fraction: fraction)
            return true
        }
        if isCurrent { self.context?.noteActivity() }
    }

    var randomFraction: Double {
        var random = self.environment.random
        return Double.random(in: 0...1, using: &random)
    }
}
