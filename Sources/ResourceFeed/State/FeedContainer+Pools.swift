import ResourceContainer

/// The samples of pools.
extension FeedContainer {
    /// Applies the state of a pool. A pool that is not an instance becomes one, in the outermost scope.
    mutating func sample(_ pool: FeedPool, at time: TimeSource.Instant) throws(FeedFault) {
        let known = self.instanceIDs[pool.name].flatMap { self.pools[$0] }
        guard let maximum = pool.maximum ?? known?.maximum else { throw FeedFault("pool '\(pool.name.asName)' has no 'max'") }
        let alive = pool.used + pool.idle
        let made = pool.created ?? max(known?.made ?? 0, alive)
        guard alive <= made, made <= FeedLimits.count else {
            throw FeedFault("pool '\(pool.name.asName)' has \(pool.used) used and \(pool.idle) idle items, but created \(made)")
        }
        for (count, before, name) in [
            (pool.created, known?.made, "created"), (pool.leases, known?.leases, "leases"), (pool.timeouts, known?.timedOut, "timeouts"),
        ] {
            guard let count, let before, count < before else { continue }
            throw FeedFault("pool '\(pool.name.asName)' had \(before) '\(name)', and now \(count)")
        }
        if self.instanceIDs[pool.name] == nil {
            try self.make(pool.name, pool.name, in: nil, needs: [], at: time)
            try self.ready(pool.name, took: .zero, needs: [], at: time)
        }
        let id = try self.instance(pool.name)
        var sample = PoolSample(resource: id, name: pool.name.asName, maximum: maximum)
        // A pool whose maximum was lowered keeps its leases.
        sample.leaseLimit = max(maximum, pool.used)
        sample.made = made
        sample.leased = pool.used
        sample.idle = pool.idle
        sample.closed = made - alive
        sample.waiting = pool.waiting
        sample.leases = pool.leases ?? known?.leases ?? 0
        sample.timedOut = pool.timeouts ?? known?.timedOut ?? 0
        self.pools[id] = sample
    }
}
