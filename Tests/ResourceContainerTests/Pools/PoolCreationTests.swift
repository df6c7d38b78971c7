import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Creation of pool items")
struct PoolCreationTests {
    let world = PoolTestWorld()

    @Test("An item whose requester is canceled or times out during its creation joins the pool.")
    func requesterGone() throws {
        self.world.change { $0.makeTime = .seconds(1) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        let cancelled = self.world.acquire("a", pool, hold: .zero)
        self.world.acquire("b", pool, hold: .zero, budget: .milliseconds(500))
        self.world.simulation.run(for: .milliseconds(100))
        cancelled.cancel()
        self.world.simulation.run(for: .seconds(2))
        #expect(self.world.diary.entries == ["a canceled at 100", "b timedOut at 500"])
        let sample = pool.poolSample()
        #expect(sample.idle == 2)
        #expect(sample.made == 2)
        #expect(sample.isBalanced)
    }

    @Test("A pool creates no more items concurrently than allowed and none without demand.")
    func demand() throws {
        self.world.change { $0.makeTime = .milliseconds(100) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 50, creationConcurrency: 2))
        for number in 0..<50 { self.world.acquire("\(number)", pool, hold: .milliseconds(2)) }
        self.world.simulation.run(for: .seconds(2))
        let plan = self.world.plan.withLock { $0 }
        #expect(plan.mostInMaking == 2)
        // The first two items serve the whole queue in 50 ms. The two that began in that time are the last.
        #expect(plan.made == 4)
        #expect(pool.poolSample().leases == 50)
    }

    @Test("While creation fails, requests fail at their deadlines with the last error; after recovery the queue is served.")
    func failureAndRecovery() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 4, acquireBudget: .seconds(20)))
        for name in ["a", "b", "c"] { self.world.acquire(name, pool, hold: .zero) }
        self.world.simulation.run(for: .milliseconds(15))
        self.world.change { $0.mostInMaking = 0 }
        self.world.acquire("patient", pool, hold: .zero, budget: .seconds(40))
        self.world.simulation.run(for: .seconds(21))
        #expect(self.world.diary.entries == ["a timedOut at 20000", "b timedOut at 20000", "c timedOut at 20000"])
        let plan = self.world.plan.withLock { $0 }
        #expect(plan.mostInMaking == 1)
        // The back-off doubles up to 5 s, which gives one or two dozen attempts instead of a thousand.
        #expect(plan.attempts > 8)
        #expect(plan.attempts < 40)
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease(budget: .milliseconds(100)) { _ in } } }
        )
        #expect(error.phase == .creating)
        #expect("\(error.underlying.map { "\($0)" } ?? "")" == "no route to host")
        #expect(error.description.contains("the last creation failed: no route to host; check why creating an item fails"))

        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .seconds(6))
        #expect(self.world.diary.entries.last?.hasPrefix("patient has 1") == true)
        let sample = pool.poolSample()
        #expect(sample.failed + 1 == sample.made)
        #expect(sample.idle == 1)
        #expect(sample.isBalanced)
    }

    @Test("A pool makes no attempt without waiters, and the next request starts one.")
    func noDemandNoProbe() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .milliseconds(100)))
        self.world.acquire("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(60))
        let attempts = self.world.plan.withLock { $0.attempts }
        self.world.simulation.run(for: .seconds(600))
        #expect(self.world.plan.withLock { $0.attempts } == attempts)
        self.world.change { $0.makeFails = false }
        self.world.acquire("b", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries == ["a timedOut at 100", "b has 1 at 660010"])
    }

    @Test("After a minute of failures, a pool without items refuses requests until an item can be created again.")
    func circuitBreaker() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 4, acquireBudget: .seconds(40)))
        for number in 0..<3 {
            self.world.acquire("\(number)", pool, hold: .zero)
            self.world.simulation.run(for: .seconds(20))
        }
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .degraded)
        self.world.acquire("queued", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(10))
        #expect(self.world.diary.entries.last?.hasPrefix("queued unavailable at 6") == true)
        let health = try self.world.simulation.run { try await pool.healthCheck() }
        #expect(health.status == .unhealthy)
        #expect(health.message == "refuses leases until an item can be created: no route to host")
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease { _ in } } }
        )
        #expect(error.code == .unavailable)
        #expect(error.description.contains("creating one keeps failing: no route to host; it recovers"))
        #expect(self.world.milliseconds == 70_000)
        // The pool probes on its own whether creation works again.
        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .seconds(6))
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .healthy)
        self.world.acquire("late", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "late has 1 at 76000")
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A batch of concurrent failures raises the back-off by one step.")
    func batch() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 8, creationConcurrency: 8))
        for number in 0..<8 { self.world.acquire("\(number)", pool, hold: .zero) }
        self.world.simulation.run(for: .milliseconds(10))
        #expect(pool.poolSample().failed == 8)
        // The first step is at most 10 ms. Eight steps would be up to a second.
        self.world.simulation.run(for: .milliseconds(21))
        #expect(self.world.plan.withLock { $0.attempts } >= 9)
        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .milliseconds(100))
        #expect(pool.poolSample().leases == 8)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A hanging creation is abandoned at its timeout, another attempt serves the queue, and the late item is closed.")
    func hangingCreation() throws {
        self.world.change { $0.makeTime = .seconds(60) }
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, createTimeout: .seconds(5)))
        self.world.acquire("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        self.world.change { $0.makeTime = .milliseconds(10) }
        self.world.simulation.run(for: .seconds(5))
        #expect(self.world.diary.entries.count == 1)
        #expect(self.world.diary.entries.first?.hasPrefix("a has 1 at 50") == true)
        #expect(pool.poolSample().abandoned == 1)
        #expect(pool.poolSample().idle == 1)
        #expect(pool.poolSample().isBalanced)
        self.world.simulation.run(for: .seconds(60))
        #expect(self.world.plan.withLock { $0.closed } == [2])
        #expect(pool.poolSample().isBalanced)
    }

    @Test("Fifty requests on a pool of five create few items and finish long before a first item could be created.")
    func spike() throws {
        for (concurrency, most) in [(1, 6), (4, 9)] {
            let world = PoolTestWorld()
            let configuration = PoolConfiguration(maximum: 50, minimumSize: 5, creationConcurrency: concurrency)
            let pool = try world.pool(configuration)
            try world.simulation.run { try await pool.prefill() }
            world.change { $0.makeTime = .milliseconds(150) }
            let start = world.milliseconds
            for number in 0..<50 { world.acquire("\(number)", pool, hold: .milliseconds(2)) }
            world.simulation.run(for: .seconds(2))
            #expect(world.diary.entries.count == 50)
            #expect(pool.poolSample().made <= most)
            let last = world.diary.entries.last?.split(separator: " ").last.flatMap { Int64($0) } ?? .max
            // Fifty leases of 2 ms over five items.
            #expect(last + 2 - start <= 20)
        }
    }

    @Test("An item is created outside the scope of the requester that caused it.")
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
