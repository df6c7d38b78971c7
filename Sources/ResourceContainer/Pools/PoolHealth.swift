extension PoolHub {
    /// How the pool is: unhealthy while it refuses, degraded while making items fails or leases are suspected of being leaks.
    var health: HealthReport {
        self.state.withLock { $0.machine.health(cause: $0.lastCreationError?.text) }
    }
}

extension PoolStateMachine {
    fileprivate func health(cause: String?) -> HealthReport {
        if self.phase != .open { return HealthReport(.unhealthy, "closing or closed") }
        let reason = cause.map { ": \($0)" } ?? ""
        let broken = self.groups.count { $0.isBroken }
        if broken > 0, self.rules.isKeyed { return HealthReport(.degraded, "refuses \(broken) keys until an item can be made\(reason)") }
        if broken > 0 { return HealthReport(.unhealthy, "refuses until an item can be made\(reason)") }
        if self.groups.contains(where: { $0.failures > 0 }) { return HealthReport(.degraded, "making an item fails\(reason)") }
        let suspects = self.counts.leaksSuspected - self.counts.leaksWithdrawn
        if suspects > 0 { return HealthReport(.degraded, "\(suspects) leases may be leaks") }
        return HealthReport(.healthy)
    }
}
