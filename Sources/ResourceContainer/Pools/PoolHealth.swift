extension PoolHub {
    /// How the pool is: unhealthy while it refuses, degraded while making items fails or leases are suspected of being leaks.
    var health: HealthReport {
        let (machine, cause) = self.state.withLock { ($0.machine, $0.lastCreationError) }
        let reason = cause.map { ": \($0)" } ?? ""
        if machine.phase != .open { return HealthReport(.unhealthy, "closing or closed") }
        let broken = machine.groups.count { $0.isBroken }
        if broken > 0 {
            let what = machine.rules.isKeyed ? "refuses \(broken) keys" : "refuses"
            return HealthReport(machine.rules.isKeyed ? .degraded : .unhealthy, "\(what) until an item can be made\(reason)")
        }
        if let failures = machine.groups.map(\.failures).max(), failures > 0 {
            return HealthReport(.degraded, "making an item fails\(reason)")
        }
        let suspects = machine.counts.leaksSuspected - machine.counts.leaksWithdrawn
        if suspects > 0 { return HealthReport(.degraded, "\(suspects) leases may be leaks") }
        return HealthReport(.healthy)
    }
}
