import ResourceContainer
import ResourceSimulation
import Testing

@Suite("The pool makes its items itself")
struct PoolCreationTests {
    let world = PoolTestWorld()

    @Test("an item whose borrower is cancelled or out of time while it is made joins the pool")
    func creatorGone() throws {
        self.world.change { $0.makeTime = .seconds(1) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        let cancelled = self.world.borrow("a", pool, hold: .zero)
        self.world.borrow("b", pool, hold: .zero, budget: .milliseconds(500))
        self.world.simulation.run(for: .milliseconds(100))
        cancelled.cancel()
        self.world.simulation.run(for: .seconds(2))
        #expect(self.world.diary.entries == ["a cancelled at 100", "b timedOut at 500"])
        let sample = pool.poolSample()
        #expect(sample.idle == 2 && sample.made == 2 && sample.isBalanced)
    }

    @Test("no more are made at a time than allowed, and none that nobody needs any more")
    func demand() throws {
        self.world.change { $0.makeTime = .milliseconds(100) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 50, creationConcurrency: 2))
        for number in 0..<50 { self.world.borrow("\(number)", pool, hold: .milliseconds(2)) }
        self.world.simulation.run(for: .seconds(2))
        let plan = self.world.plan.withLock { $0 }
        #expect(plan.mostInMaking == 2)
        // The first two serve the whole queue in 50 ms, and the two that were begun meanwhile are the last.
        #expect(plan.made == 4)
        #expect(pool.poolSample().leases == 50)
    }

    @Test("while creation fails every borrower fails by its deadline with the last error, one try at a time; then the queue is served")
    func failureAndRecovery() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 4, acquireBudget: .seconds(20)))
        for name in ["a", "b", "c"] { self.world.borrow(name, pool, hold: .zero) }
        self.world.simulation.run(for: .milliseconds(15))
        self.world.change { $0.mostInMaking = 0 }
        self.world.borrow("patient", pool, hold: .zero, budget: .seconds(40))
        self.world.simulation.run(for: .seconds(21))
        #expect(self.world.diary.entries == ["a timedOut at 20000", "b timedOut at 20000", "c timedOut at 20000"])
        let plan = self.world.plan.withLock { $0 }
        #expect(plan.mostInMaking == 1)
        // Doubling up to 5 s: a dozen or two, not the thousand that fit into the time.
        #expect(plan.attempts > 8 && plan.attempts < 40)
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease(budget: .milliseconds(100)) { _ in } } }
        )
        #expect(error.phase == .creating && "\(error.underlying.map { "\($0)" } ?? "")" == "no route to host")
        #expect(error.description.contains("the last creation failed: no route to host; see why making an item fails"))

        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .seconds(6))
        #expect(self.world.diary.entries.last?.hasPrefix("patient has 1") == true)
        let sample = pool.poolSample()
        #expect(sample.failed + 1 == sample.made && sample.idle == 1 && sample.isBalanced)
    }

    @Test("nothing is tried while nobody waits, and the next borrower starts it again")
    func noDemandNoProbe() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .milliseconds(100)))
        self.world.borrow("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(60))
        let attempts = self.world.plan.withLock { $0.attempts }
        self.world.simulation.run(for: .seconds(600))
        #expect(self.world.plan.withLock { $0.attempts } == attempts)
        self.world.change { $0.makeFails = false }
        self.world.borrow("b", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries == ["a timedOut at 100", "b has 1 at 660010"])
    }

    @Test("an item is made outside the scope of the borrower that caused it")
    func scope() throws {
        let container = Container(environment: self.world.simulation.environment)
        let diary = self.world.diary
        let pool = try ResourcePool<Int>(
            name: "Numbers",
            configuration: PoolConfiguration(maximum: 1),
            environment: self.world.simulation.environment,
            make: {
                diary.write(Scope.current?.name ?? "none")
                return 1
            }
        )
        try self.world.simulation.run {
            try await container.withScope("request") { _ in try await pool.withLease { _ in } }
        }
        #expect(diary.entries == ["none"])
    }
}
