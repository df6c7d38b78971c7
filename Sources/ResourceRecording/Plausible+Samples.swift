import ResourceContainer
import ResourceMonitoring

/// Checks of figures other than the lifecycle of instances.
extension Plausible {
    /// Checks the durations of an event.
    static func check(_ kind: ResourceEvent.Kind) throws(Impossible) {
        switch kind {
        case .ready(let took, _, _), .initializationFailed(_, let took), .completedLate(_, let took): try self.check(took, "a step")
        case .disposed(let took, let lived), .disposeThrew(_, let took, let lived):
            try self.check(took, "a dispose")
            try self.check(lived, "a life")
        case .abandoned(_, let budget): try self.check(chosen: budget, "a budget")
        case .leaseSlow(let waited), .leaseTimedOut(let waited, _): try self.check(waited, "a wait")
        case .leaseLost(_, _, let held), .leakSuspected(_, _, let held): try self.check(held, "a lease")
        case .leaseRecovered(_, let after), .leakWithdrawn(_, let after): try self.check(after, "a lease")
        case .healthChanged(_, let result): try self.check(result)
        case .faultInjected(.slowInitialize(let duration)): try self.check(chosen: duration, "a fault")
        default: break
        }
    }

    /// Checks the samples taken at `time`.
    static func check(_ samples: MonitorSamples, until time: TimeSource.Instant) throws(Impossible) {
        let latest = time + self.lead
        for pool in samples.pools { try self.check(pool, until: latest) }
        for use in samples.uses { try self.check(count: use.uses, "the uses of instance \(use.resource)") }
        guard let slow = samples.slow else { return }
        try self.check(slow.books, of: "the container")
        try self.check(slow.booksSequence <= UInt64(self.count), "the event number of the books is too large")
        for resource in slow.outliving {
            try self.check(resource.since, "the dispose of an instance")
            try self.check(resource.since <= latest, "an instance was disposed after the line's time")
        }
        if let health = slow.health { try self.check(health) }
    }

    static func check(_ pool: PoolSample, until latest: TimeSource.Instant) throws(Impossible) {
        for (name, figure) in pool.figures { try self.check(count: figure, "a pool, \(name)") }
        // The maximum has no upper limit: the program configures it.
        try self.check(pool.maximum >= 0 && pool.leaseLimit >= 0, "a pool's maximum is below 0")
        for (name, part, whole) in [
            ("validating", pool.validating, pool.pending), ("resetting", pool.resetting, pool.pending),
            ("leaked", pool.leaked, pool.leased),
            ("exhausted", pool.exhausted, pool.refused), ("holders", pool.holders.count, pool.leased),
            ("waiters", pool.waiters.count, pool.waiting),
        ] {
            try self.check(part <= whole, "a pool, \(name): \(part) of \(whole)")
        }
        for duration in [pool.totalWait, pool.longestWait, pool.lateness, pool.longestLateness] {
            try self.check(duration, "a pool's wait")
        }
        for buckets in [pool.waits, pool.holds, pool.creations] { try self.check(buckets.sum, "a pool's times") }
        for example in pool.waitTraces ?? [] { try self.check(example.waited, "a wait with a trace") }
        for holder in pool.holders {
            try self.check(count: holder.slot, "a holder's slot")
            try self.check(holder.since, "the start of a lease")
            try self.check(holder.since <= latest, "a lease was acquired after the line's time")
        }
        for waiter in pool.waiters {
            try self.check(waiter.since, "the start of a wait")
            try self.check(waiter.since <= latest, "a waiter began to wait after the line's time")
        }
    }

    static func check(_ result: HealthResult) throws(Impossible) {
        try self.check(result.latency, "a health check")
        try self.check(result.time, "the time of a health check")
    }

    private static func check(_ health: HealthPicture) throws(Impossible) {
        try self.check(health.time, "the time of the health")
        try self.check(health.since, "the start of the health verdict")
        try self.check(health.transitions)
        var last: ResourceID?
        for row in health.rows {
            try self.check(last.map { $0 < row.resource } ?? true, "the health of instance \(row.resource) is repeated or out of order")
            last = row.resource
            try self.check(row.since, "the health of instance \(row.resource)")
            try self.check(chosen: row.interval, "the interval of health checks")
            try self.check(row.nextCheck.map { $0.nanoseconds >= 0 } ?? true, "the next health check is before the clock's origin")
            try self.check(row.history.count <= HealthPicture.historyLimit, "instance \(row.resource) has too many answers")
            for result in row.history { try self.check(result) }
            try self.check(row.transitions)
        }
    }

    private static func check(_ transitions: [HealthTransition]) throws(Impossible) {
        try self.check(transitions.count <= HealthPicture.transitionLimit, "there are too many changes of health")
        for transition in transitions { try self.check(transition.time, "a change of health") }
    }
}

extension PoolSample {
    /// Every count with its name, except the ones that the program configures without limit.
    fileprivate var figures: [(name: String, value: Int)] {
        [
            ("minimum", self.minimum), ("made", self.made), ("idle", self.idle), ("leased", self.leased), ("pending", self.pending),
            ("validating", self.validating), ("resetting", self.resetting), ("closed", self.closed), ("failed", self.failed),
            ("abandoned", self.abandoned), ("waiting", self.waiting), ("leases", self.leases), ("timed out", self.timedOut),
            ("refused", self.refused), ("exhausted", self.exhausted), ("waited", self.waited), ("dropped", self.dropped),
            ("lost", self.lost), ("leaks suspected", self.leaksSuspected), ("leaks withdrawn", self.leaksWithdrawn),
            ("leaked", self.leaked), ("reaped", self.reaped), ("retired", self.retired), ("expired", self.expired),
            ("evicted", self.evicted), ("broken", self.brokenDiscarded), ("validations", self.validations),
            ("validation failures", self.validationFailures), ("reset failures", self.resetFailures), ("reentrant", self.reentrant),
            ("stale returns", self.staleReturns),
        ]
    }
}
