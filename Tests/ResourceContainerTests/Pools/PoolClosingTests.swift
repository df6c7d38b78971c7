import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Closing a pool in every state")
struct PoolClosingTests {
    let world = PoolTestWorld()

    private func close(_ pool: ResourcePool<Ticket>) throws -> PoolCloseReport {
        try self.world.simulation.run { await pool.close() }
    }

    @Test("A pool without items can be closed, and closed again.")
    func unused() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        #expect(try self.close(pool).isClean)
        #expect(try self.close(pool).closed == 0)
        self.world.acquire("late", pool, hold: .zero)
        self.world.simulation.runUntilIdle()
        #expect(self.world.diary.entries == ["late closed at 0"])
        #expect(pool.poolSample().refused == 1)
    }

    @Test("Closing a pool closes idle items once, refuses the queue, and waits for leased items.")
    func leasedAndQueued() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        self.world.acquire("a", pool, hold: .milliseconds(20))
        self.world.acquire("b", pool, hold: .seconds(1))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.acquire("c", pool, hold: .seconds(2))
        self.world.acquire("d", pool, hold: .seconds(2))
        self.world.simulation.run(for: .milliseconds(1))
        let reports = try self.world.simulation.run {
            async let first = pool.close()
            async let second = pool.close()
            return await [first, second]
        }
        #expect(self.world.diary.entries == ["a has 1 at 10", "b has 2 at 10", "c has 1 at 100", "d closed at 101"])
        #expect(reports.allSatisfy { $0.isClean && $0.closed == 2 })
        #expect(self.world.milliseconds == 2100)
        #expect(self.world.plan.withLock { $0.closed }.sorted() == [1, 2])
        let sample = pool.poolSample()
        #expect(sample.closed == 2)
        #expect(sample.idle == 0)
        #expect(sample.pending == 0)
        #expect(sample.isBalanced)
    }

    @Test("A lease that is not returned by the drain timeout is named in the report and its item closed on return.")
    func unreturned() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, drainTimeout: .seconds(5)))
        self.world.acquire("forgetful", pool, hold: .seconds(60))
        self.world.simulation.run(for: .milliseconds(100))
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.dispose() } }
        )
        #expect(self.world.milliseconds == 5100)
        #expect(error.code == .notCleanlyClosed)
        #expect(error.description.contains("pool Tickets is closed, but 1 lease not released, acquired at PoolTestWorld.swift:"))
        #expect(pool.poolSample().leased == 1)
        #expect(pool.poolSample().isBalanced)
        self.world.simulation.run(for: .seconds(60))
        #expect(self.world.plan.withLock { $0.closed } == [1])
        #expect(pool.poolSample().closed == 1)
        #expect(pool.poolSample().leased == 0)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("An item that is being created is awaited and closed; a slow one is abandoned and closed when it completes.")
    func itemBeingCreated() throws {
        self.world.change { $0.makeTime = .seconds(1) }
        let quick = try self.world.pool(PoolConfiguration(maximum: 1))
        self.world.acquire("a", quick, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        let report = try self.close(quick)
        #expect(report.isClean)
        #expect(report.closed == 1)
        #expect(self.world.milliseconds == 1000)

        self.world.change { $0.makeTime = .seconds(60) }
        let slow = try self.world.pool(PoolConfiguration(maximum: 1))
        self.world.acquire("b", slow, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        #expect(try self.close(slow).abandoned == 1)
        #expect(slow.poolSample().abandoned == 1)
        #expect(slow.poolSample().isBalanced)
        self.world.simulation.run(for: .seconds(60))
        #expect(self.world.plan.withLock { $0.closed } == [1, 2])
        #expect(slow.poolSample().abandoned == 1)
        #expect(slow.poolSample().isBalanced)
    }

    @Test("A pool that is backing off after failures can be closed.")
    func backingOff() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        self.world.acquire("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(5))
        let attempts = self.world.plan.withLock { $0.attempts }
        _ = try self.close(pool)
        self.world.simulation.run(for: .seconds(60))
        #expect(self.world.diary.entries.first?.hasPrefix("a closed at 5") == true)
        #expect(self.world.plan.withLock { $0.attempts } <= attempts + 1)
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().pending == 0)
    }

    @Test("An item whose close throws or hangs does not stop the close of the others.")
    func badItems() throws {
        self.world.change { $0.closeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, closeTimeout: .seconds(3)))
        self.world.acquire("a", pool, hold: .milliseconds(50))
        self.world.acquire("b", pool, hold: .milliseconds(50))
        self.world.simulation.run(for: .milliseconds(100))
        let report = try self.close(pool)
        #expect(report.errors.count == 2)
        #expect(report.closed == 2)
        #expect(!report.isClean)

        self.world.change { ($0.closeFails, $0.closeTime) = (false, .seconds(60)) }
        let hung = try self.world.pool(PoolConfiguration(maximum: 1, closeTimeout: .seconds(3)))
        self.world.acquire("c", hung, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        #expect(try self.close(hung).abandoned == 1)
        #expect(self.world.milliseconds == 3200)
        self.world.simulation.run(for: .seconds(60))
        #expect(hung.poolSample().abandoned == 1)
        #expect(hung.poolSample().pending == 0)
        #expect(hung.poolSample().isBalanced)
    }

    @Test("Items that are validating or resetting are awaited and closed once each.", arguments: [Duration.seconds(1), .seconds(60)])
    func steps(time: Duration) throws {
        let configuration = PoolConfiguration(maximum: 2, validateTimeout: .seconds(100), resetTimeout: .seconds(100))
        let pool = try self.world.pool(configuration, validates: true, resets: true)
        self.world.acquire("a", pool, hold: .zero)
        self.world.acquire("b", pool, hold: .milliseconds(990))
        self.world.simulation.run(for: .seconds(1))
        self.world.change { ($0.validateTime, $0.resetTime) = (time, time) }
        self.world.acquire("c", pool, hold: .zero)
        self.world.acquire("d", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        #expect(pool.poolSample().validating + pool.poolSample().resetting == 2)
        let report = try self.close(pool)
        #expect(report.isClean)
        #expect(report.closed == 2)
        #expect(self.world.milliseconds <= 6200)
        self.world.simulation.run(for: .seconds(200))
        #expect(self.world.plan.withLock { $0.closed.sorted() } == [1, 2])
        #expect(pool.poolSample().closed == 2)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A lease returned during the close gets its own close timeout and is not abandoned.")
    func returnedDuringClose() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, drainTimeout: .seconds(5), closeTimeout: .seconds(3)))
        self.world.acquire("a", pool, hold: .milliseconds(10))
        self.world.acquire("late", pool, hold: .seconds(7))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.change { $0.closeTime = .milliseconds(2500) }
        let report = try self.close(pool)
        #expect(report.unreturned.count == 1)
        #expect(report.abandoned == 0)
        #expect(report.closed == 1)
        self.world.simulation.run(for: .seconds(5))
        let sample = pool.poolSample()
        #expect(sample.abandoned == 0)
        #expect(sample.closed == 2)
        #expect(sample.isBalanced)
    }

    @Test("Prefilling ends when the pool is closed.")
    func filling() throws {
        self.world.change { $0.makeTime = .seconds(2) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, minimumSize: 2, creationConcurrency: 1))
        self.world.simulation.spawn {
            do { try await pool.prefill() } catch { self.world.diary.write("\((error as? PoolError)?.code.description ?? "?")") }
        }
        self.world.simulation.run(for: .seconds(1))
        #expect(try self.close(pool).closed == 1)
        #expect(self.world.diary.entries == ["closed"])
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .unhealthy)
    }

    @Test("A container drains and closes the pool that it owns when its scope ends.")
    func owned() throws {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try container.bind(ResourcePool<Ticket>.self, lifetime: .scoped) { pool }
        try self.world.simulation.run {
            try await container.withScope("request") { scope in
                try await scope.get(ResourcePool<Ticket>.self).withLease { _ in }
            }
        }
        #expect(self.world.plan.withLock { $0.closed } == [1])
        #expect(container.snapshot().books.disposed == 1)
        #expect(container.snapshot().books.errors == 0)
    }
}
