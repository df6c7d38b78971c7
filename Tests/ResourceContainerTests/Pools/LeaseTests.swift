import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Leases as values")
struct LeaseTests {
    let world = PoolTestWorld()

    @Test("A lease releases its item once, when it is released or dropped; drops are counted.")
    func releaseAndDrop() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            let lease = try await pool.acquire()
            #expect(lease.element == Ticket(number: 1))
            #expect(pool.poolSample().leased == 1)
            lease.release()
            #expect(pool.poolSample().leased == 0)
            do { _ = try await pool.acquire() }
            #expect(try await pool.acquire().element == Ticket(number: 1))
        }
        let sample = pool.poolSample()
        #expect(sample.leases == 3)
        #expect(sample.dropped == 2)
        #expect(sample.idle == 1)
        #expect(sample.isBalanced)
    }

    @Test("A lease is released when its scope throws.")
    func throwing() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        #expect(throws: Failure.self) {
            try self.world.simulation.run {
                let lease = try await pool.acquire()
                try self.fail(lease.element)
                lease.release()
            }
        }
        #expect(pool.poolSample().idle == 1)
        #expect(pool.poolSample().dropped == 1)
    }

    private func fail(_ ticket: Ticket) throws {
        throw Failure(description: "\(ticket)")
    }

    @Test("A discarded item is closed, as is one that was marked broken before.")
    func discard() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            try await pool.acquire().discard()
            let lease = try await pool.acquire()
            lease.markBroken()
            lease.release()
        }
        self.world.simulation.runUntilIdle()
        #expect(self.world.plan.withLock { $0.closed } == [1, 2])
        #expect(pool.poolSample().brokenDiscarded == 2)
        #expect(pool.poolSample().dropped == 0)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A second release, a release to another pool, and a release after closing are errors and affect no holder.")
    func wrongReleases() throws {
        let (pool, other) = (try self.world.pool(PoolConfiguration(maximum: 1)), try self.world.pool(PoolConfiguration(maximum: 1)))
        try self.world.simulation.run {
            let old = try await pool.acquire().detach()
            let foreign = #expect(throws: PoolError.self) { try other.release(old.handle) }
            #expect(foreign?.code == .foreignLease)
            try pool.release(old.handle)
            let lease = try await pool.acquire()
            let stale = #expect(throws: PoolError.self) { try pool.release(old.handle) }
            #expect(stale?.code == .staleLease)
            #expect(stale?.description.contains(" used at LeaseTests.swift:") == true)
            #expect(throws: PoolError.self) { try old.handle.markBroken() }
            #expect(pool.poolSample().leased == 1)
            #expect(pool.poolSample().staleReturns == 1)
            lease.release()
            await pool.close()
            #expect(throws: PoolError.self) { try old.handle.release() }
        }
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().closed == 1)
    }

    @Test("A body that releases its item early through the handle releases it once.")
    func earlyRelease() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try self.world.simulation.run {
            try await pool.withLease { _, handle in
                try handle.release()
                try await pool.withLease { _ in }
            }
        }
        #expect(pool.poolSample().leases == 2)
        #expect(pool.poolSample().idle == 1)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("The metrics have the specification's names and are in seconds.")
    func metrics() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        self.world.acquire("a", pool, hold: .seconds(1))
        self.world.simulation.run(for: .milliseconds(500))
        self.world.acquire("b", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        let metrics = pool.metrics()
        #expect(metrics.activeConnections == 1)
        #expect(metrics.totalCreated == 1)
        #expect(metrics.exhausted == 1)
        #expect(metrics.avgConnectionTime == 0.01)
        #expect(metrics.maxConnectionTime == 0.01)
        #expect(metrics.idle == 0)
        #expect(metrics.waiting == 0)
    }
}
