extension PoolSample {
    /// Adds the figures of another pool, so that the sample describes both as one pool. The slots of the other pool follow those of this one.
    package mutating func add(_ other: PoolSample) {
        let slots = max(self.maximum, self.leaseLimit, (self.holders.map(\.slot).max() ?? -1).addingSaturated(1))
        let holders = other.holders.map { holder in
            var holder = holder
            holder.slot.addSaturated(slots)
            return holder
        }
        self.holders = Array((self.holders + holders).sorted { $0.since < $1.since }.prefix(Self.listed))
        self.waiters = Array((self.waiters + other.waiters).sorted { $0.since < $1.since }.prefix(Self.listed))
        for count in Self.counts { self[keyPath: count].addSaturated(other[keyPath: count]) }
        self.totalWait += other.totalWait
        self.longestWait = max(self.longestWait, other.longestWait)
        self.waits.add(other.waits)
        if let traces = other.waitTraces {
            var examples = self.waitTraces ?? []
            for example in traces { examples.note(example) }
            self.waitTraces = examples
        }
        self.holds.add(other.holds)
        self.creations.add(other.creations)
        self.lateness = max(self.lateness, other.lateness)
        self.longestLateness = max(self.longestLateness, other.longestLateness)
    }

    /// The largest number of holders and of waiters in a sample.
    private static let listed = 50

    private static var counts: [WritableKeyPath<PoolSample, Int>] {
        [
            \.maximum, \.minimum, \.leaseLimit, \.made, \.idle, \.leased, \.pending, \.validating, \.resetting, \.closed, \.failed,
            \.abandoned,
            \.waiting, \.leases, \.timedOut, \.refused, \.exhausted, \.waited, \.dropped, \.lost, \.leaksSuspected, \.leaksWithdrawn,
            \.leaked,
            \.reaped, \.retired, \.expired, \.evicted, \.brokenDiscarded, \.validations, \.validationFailures, \.resetFailures, \.reentrant,
            \.staleReturns,
        ]
    }
}
