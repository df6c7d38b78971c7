extension PoolStateMachine {
    /// The figures, all of this moment. `listed` holders and waiters at most.
    func sample(name: String, resource: ResourceID?, listed: Int = 50) -> PoolSample {
        var sample = PoolSample(resource: resource, name: name, maximum: self.maximum)
        sample.made = self.made
        sample.idle = self.idle.count
        sample.leased = self.leased
        sample.pending = self.making + self.closing
        sample.closed = self.closed
        sample.failed = self.failed
        sample.abandoned = self.abandoned
        sample.waiting = self.requests.count
        sample.leases = self.leases
        sample.timedOut = self.timedOut
        sample.refused = self.refused
        sample.waited = self.waited
        sample.totalWait = self.totalWait
        sample.longestWait = self.longestWait
        if listed > 0 {
            sample.holders = Array(self.holders.prefix(listed))
            sample.waiters = self.requests.queued(limit: listed).map { request in
                PoolSample.Waiter(
                    scope: request.borrower.scope,
                    place: request.borrower.place,
                    since: request.since,
                    deadline: request.deadline
                )
            }
        }
        return sample
    }

    /// Those who hold an item, longest first.
    var holders: [PoolSample.Holder] {
        var holders: [PoolSample.Holder] = []
        for (index, slot) in self.slots.enumerated() where slot.state == .leased {
            holders.append(PoolSample.Holder(slot: index, scope: slot.borrower.scope, place: slot.borrower.place, since: slot.since))
        }
        return holders.sorted { ($0.since, $0.slot) < ($1.since, $1.slot) }
    }
}
