extension PoolHub {
    /// The pool's health: unhealthy while it refuses acquisitions, degraded while creating items fails or leases are suspected leaks.
    var health: HealthReport {
        self.state.withLock { $0.machine.health(cause: $0.lastCreationError?.text) }
    }
}

extension PoolStateMachine {
    fileprivate func health(cause: String?) -> HealthReport {
        if self.phase != .open { return HealthReport(.unhealthy, "closing or closed") }
        let reason = cause.map { ": \($0)" } ?? ""
        let broken = self.groups.count { $0.isBroken }
        if broken > 0, self.rules.isKeyed { return HealthReport(.degraded, "refuses \(broken) keys until an item can be created\(reason)") }
        if broken > 0 { return HealthReport(.unhealthy, "refuses leases until an item can be created\(reason)") }
        if self.groups.contains(where: { $0.failures > 0 }) { return HealthReport(.degraded, "creating items fails\(reason)") }
        let suspects = self.counts.leaksSuspected - self.counts.leaksWithdrawn
        if suspects > 0 { return HealthReport(.degraded, "\(suspects) suspected leaks") }
        return HealthReport(.healthy)
    }
}
