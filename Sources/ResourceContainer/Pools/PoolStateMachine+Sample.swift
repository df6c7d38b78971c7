extension PoolStateMachine {
    /// A consistent sample of the figures, with at most `listed` holders and `listed` waiters.
    func sample(name: String, resource: ResourceID?, listed: Int = 50) -> PoolSample {
        var sample = PoolSample(resource: resource, name: name, maximum: self.maximum)
        sample.made = self.made
        sample.idle = self.idle
        sample.leased = self.leased
        sample.pending = self.making + self.validating + self.resetting + self.closing
        sample.validating = self.validating
        sample.resetting = self.resetting
        sample.closed = self.closed
        sample.failed = self.failed
        sample.abandoned = self.abandoned
        sample.waiting = self.requests.count
        sample.minimum = self.minimum
        sample.leaseLimit = self.leaseLimit
        self.counts.write(to: &sample)
        sample.leaked = self.slots.count { $0.state == .leased && ($0.isSuspected || $0.isLost) }
        if listed > 0 {
            sample.holders = Array(self.holders.prefix(listed))
            sample.waiters = self.requests.queued(limit: listed).map { request in
                PoolSample.Waiter(
                    scope: request.requester.scope,
                    location: request.requester.location,
                    since: request.since,
                    deadline: request.deadline
                )
            }
        }
        return sample
    }

    /// The holders, longest lease first, without a holder that has not been written yet.
    var holders: [PoolSample.Holder] {
        var holders: [PoolSample.Holder] = []
        for (index, slot) in self.slots.enumerated() where slot.state == .leased && !slot.isUnpublished {
            holders.append(
                PoolSample.Holder(slot: index, scope: slot.requester.scope, location: slot.requester.location, since: slot.since)
            )
        }
        return holders.sorted { ($0.since, $0.slot) < ($1.since, $1.slot) }
    }
}

extension PoolCounts {
    fileprivate func write(to sample: inout PoolSample) {
        sample.leases = self.leases
        sample.timedOut = self.timedOut
        sample.refused = self.refused
        sample.exhausted = self.exhausted
        sample.waited = self.waited
        sample.totalWait = self.totalWait
        sample.longestWait = self.longestWait
        sample.waits = self.waits
        sample.waits.recordNone(self.leases - self.granted)
        if !self.waitTraces.isEmpty { sample.waitTraces = self.waitTraces }
        sample.holds = self.holds
        sample.creations = self.creations
        sample.dropped = self.dropped
        sample.lost = self.lost
        sample.leaksSuspected = self.leaksSuspected
        sample.leaksWithdrawn = self.leaksWithdrawn
        sample.reaped = self.reaped
        sample.retired = self.retired
        sample.expired = self.expired
        sample.evicted = self.evicted
        sample.brokenDiscarded = self.brokenDiscarded
        sample.validations = self.validations
        sample.validationFailures = self.validationFailures
        sample.resetFailures = self.resetFailures
        sample.reentrant = self.reentrant
        sample.staleReturns = self.staleReturns
    }
}
