import ResourceContainer
import ResourceSimulation
import Testing

@Suite("The pool makes its items itself")
struct PoolCreationTests {
    let world = PoolTestWorld()

    @Test("T6: an item whose borrower is cancelled or out of time while it is made joins the pool")
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

    @Test("T7: while creation fails every borrower fails by its deadline with the last error, one try at a time; then the queue is served")
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

    @Test("T7: without a single item, a minute of failures has requests refused at once until an item can be made again")
    func circuitBreaker() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 4, acquireBudget: .seconds(40)))
        for number in 0..<3 {
            self.world.borrow("\(number)", pool, hold: .zero)
            self.world.simulation.run(for: .seconds(20))
        }
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .degraded)
        self.world.borrow("queued", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(10))
        #expect(self.world.diary.entries.last?.hasPrefix("queued unavailable at 6") == true)
        let health = try self.world.simulation.run { try await pool.healthCheck() }
        #expect(health.status == .unhealthy && health.message == "refuses until an item can be made: no route to host")
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease { _ in } } }
        )
        #expect(error.code == .unavailable && error.description.contains("unable to make anything: no route to host; it lends again"))
        #expect(self.world.milliseconds == 70_000)
        // It looks by itself whether making works again.
        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .seconds(6))
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .healthy)
        self.world.borrow("late", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "late has 1 at 76000" && pool.poolSample().isBalanced)
    }

    @Test("a batch that fails at once raises the back-off by one step")
    func batch() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 8, creationConcurrency: 8))
        for number in 0..<8 { self.world.borrow("\(number)", pool, hold: .zero) }
        self.world.simulation.run(for: .milliseconds(10))
        #expect(pool.poolSample().failed == 8)
        // The first step is at most 10 ms; eight would be up to a second.
        self.world.simulation.run(for: .milliseconds(21))
        #expect(self.world.plan.withLock { $0.attempts } >= 9)
        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .milliseconds(100))
        #expect(pool.poolSample().leases == 8 && pool.poolSample().isBalanced)
    }

    @Test("T6: making that hangs is abandoned at its timeout, another try serves the queue, and a late item is closed")
    func hangingCreation() throws {
        self.world.change { $0.makeTime = .seconds(60) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, createTimeout: .seconds(5)))
        self.world.borrow("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        self.world.change { $0.makeTime = .milliseconds(10) }
        self.world.simulation.run(for: .seconds(5))
        #expect(self.world.diary.entries.count == 1 && self.world.diary.entries.first?.hasPrefix("a has 1 at 50") == true)
        #expect(pool.poolSample().abandoned == 1 && pool.poolSample().idle == 1 && pool.poolSample().isBalanced)
        self.world.simulation.run(for: .seconds(60))
        #expect(self.world.plan.withLock { $0.closed } == [2] && pool.poolSample().isBalanced)
    }

    @Test("T9: a spike of 50 requests on a pool of 5 makes few items, and the queue is done long before the first is made")
    func spike() throws {
        for (concurrency, most) in [(1, 6), (4, 9)] {
            let world = PoolTestWorld()
            let configuration = PoolConfiguration(maximum: 50, minimumSize: 5, creationConcurrency: concurrency)
            let pool = try world.pool(configuration)
            try world.simulation.run { try await pool.prefill() }
            world.change { $0.makeTime = .milliseconds(150) }
            let start = world.milliseconds
            for number in 0..<50 { world.borrow("\(number)", pool, hold: .milliseconds(2)) }
            world.simulation.run(for: .seconds(2))
            #expect(world.diary.entries.count == 50 && pool.poolSample().made <= most)
            let last = world.diary.entries.last?.split(separator: " ").last.flatMap { Int64($0) } ?? .max
            // 50 leases of 2 ms over 5 items.
            #expect(last + 2 - start <= 20)
        }
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
