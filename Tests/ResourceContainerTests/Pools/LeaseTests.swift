import ResourceContainer
import ResourceSimulation
import Testing

@Suite("A lease that is a value")
struct LeaseTests {
    let world = PoolTestWorld()

    @Test("it gives back when it is released, once; and when it is dropped, which is counted")
    func releaseAndDrop() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            let lease = try await pool.acquire()
            #expect(lease.element == Ticket(number: 1) && pool.poolSample().leased == 1)
            lease.release()
            #expect(pool.poolSample().leased == 0)
            do { _ = try await pool.acquire() }
            #expect(try await pool.acquire().element == Ticket(number: 1))
        }
        let sample = pool.poolSample()
        #expect(sample.leases == 3 && sample.dropped == 2 && sample.idle == 1 && sample.isBalanced)
    }

    @Test("on a path that throws it comes back")
    func throwing() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        #expect(throws: Failure.self) {
            try self.world.simulation.run {
                let lease = try await pool.acquire()
                try self.fail(lease.element)
                lease.release()
            }
        }
        #expect(pool.poolSample().idle == 1 && pool.poolSample().dropped == 1)
    }

    private func fail(_ ticket: Ticket) throws {
        throw Failure(description: "\(ticket)")
    }

    @Test("a discarded item is closed, and so is one that was marked before")
    func discard() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            try await pool.acquire().discard()
            let lease = try await pool.acquire()
            lease.markBroken()
            lease.release()
        }
        self.world.simulation.runUntilIdle()
        #expect(self.world.plan.withLock { $0.closed } == [1, 2] && pool.poolSample().brokenDiscarded == 2)
        #expect(pool.poolSample().dropped == 0 && pool.poolSample().isBalanced)
    }

    @Test("T16: a second release, one to another pool and one after closing are told as errors, and harm no other holder")
    func wrongReleases() throws {
        let (pool, other) = (try self.world.pool(PoolConfiguration(maximum: 1)), try self.world.pool(PoolConfiguration(maximum: 1)))
        try self.world.simulation.run {
            let old = try await pool.acquire().detach()
            let foreign = #expect(throws: PoolError.self) { try other.release(old.handle) }
            #expect(foreign?.code == .foreignLease)
            try pool.release(old.handle)
            let lease = try await pool.acquire()
            let stale = #expect(throws: PoolError.self) { try pool.release(old.handle) }
            #expect(stale?.code == .staleLease && stale?.description.contains("a lease at LeaseTests.swift:") == true)
            #expect(throws: PoolError.self) { try old.handle.markBroken() }
            #expect(pool.poolSample().leased == 1 && pool.poolSample().staleReturns == 1)
            lease.release()
            await pool.close()
            #expect(throws: PoolError.self) { try old.handle.release() }
        }
        #expect(pool.poolSample().isBalanced && pool.poolSample().closed == 1)
    }

    @Test("a body that gives back early by the handle gives back once")
    func early() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            try await pool.withLease { _, handle in
                try handle.release()
                try await pool.withLease { _ in }
            }
        }
        #expect(pool.poolSample().leases == 2 && pool.poolSample().idle == 1 && pool.poolSample().isBalanced)
    }

    @Test("the metrics bear the specification's names, in seconds")
    func metrics() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        self.world.borrow("a", pool, hold: .seconds(1))
        self.world.simulation.run(for: .milliseconds(500))
        self.world.borrow("b", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        let metrics = pool.metrics()
        #expect(metrics.activeConnections == 1 && metrics.totalCreated == 1 && metrics.exhausted == 1)
        #expect(metrics.avgConnectionTime == 0.01 && metrics.maxConnectionTime == 0.01 && metrics.idle == 0 && metrics.waiting == 0)
    }
}
