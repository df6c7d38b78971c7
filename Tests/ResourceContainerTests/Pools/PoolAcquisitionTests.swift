import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Acquiring from a pool")
struct PoolAcquisitionTests {
    let world = PoolTestWorld()

    @Test("Requests are served in order of arrival, and the maximum number of leases is never exceeded.")
    func order() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        for name in ["a", "b", "c", "d", "e"] { self.world.acquire(name, pool, hold: .milliseconds(100)) }
        self.world.simulation.run(for: .milliseconds(50))
        let sample = pool.poolSample()
        #expect(sample.leased == 2)
        #expect(sample.waiting == 3)
        #expect(sample.made == 2)
        #expect(sample.isBalanced)
        #expect(sample.holders.map(\.slot) == [0, 1])
        #expect(sample.waiters.allSatisfy { $0.location.file.hasSuffix("PoolTestWorld.swift") })
        self.world.simulation.run(for: .seconds(1))
        #expect(
            self.world.diary.entries == [
                "a has 1 at 10", "b has 2 at 10", "c has 1 at 110", "d has 2 at 110", "e has 1 at 210",
            ]
        )
        let last = pool.poolSample()
        #expect(last.idle == 2)
        #expect(last.leases == 5)
        #expect(last.waited == 5)
        #expect(last.longestWait == .milliseconds(210))
        // Every acquisition, lease, and creation is counted in one bucket.
        #expect(last.waits.total == 5)
        #expect(last.holds.total == 5)
        #expect(last.creations.total == last.made)
        #expect((Duration.milliseconds(210)...Duration.milliseconds(263)).contains(last.waits.quantile(1)))
    }

    @Test("The most recently returned item is leased first, so surplus items become idle.")
    func newestFirst() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        self.world.acquire("a", pool, hold: .milliseconds(20))
        self.world.acquire("b", pool, hold: .milliseconds(30))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.acquire("c", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "c has 2 at 100")
    }

    @Test("An error thrown by the body propagates, and the item is returned.")
    func bodyThrows() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        #expect(throws: Failure.self) {
            try self.world.simulation.run { try await pool.withLease { _ in throw Failure(description: "no") } }
        }
        #expect(pool.poolSample().idle == 1)
    }

    @Test("A timeout error names the phase that took the time and contains the pool's figures.")
    func timedOut() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .seconds(30)))
        self.world.acquire("holder", pool, hold: .seconds(60))
        self.world.simulation.run(for: .milliseconds(20))
        let error = try #require(
            throws: PoolError.self,
            performing: {
                try self.world.simulation.run { try await pool.withLease(fileID: "Shop/Order.swift", line: 12) { _ in } }
            }
        )
        #expect(error.code == .timedOut)
        #expect(error.phase == .waiting)
        #expect(error.underlying == nil)
        #expect(
            error.description == "timed out after 30 s acquiring from pool Tickets at Order.swift:12 (waiting 30 s, creating 0 ms): "
                + "1 of 1 leased, 0 idle, 0 being created or closed, 0 waiting; release leases sooner, raise maximum, or allow a longer budget"
        )
        #expect(self.world.simulation.now == TimeSource.Instant(nanoseconds: 30_020_000_000))
        let sample = pool.poolSample()
        #expect(sample.timedOut == 1)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
    }

    @Test("A waiter with a long budget is served in turn among waiters with short ones.")
    func longBudget() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        self.world.acquire("holder", pool, hold: .milliseconds(500))
        self.world.simulation.run(for: .milliseconds(20))
        for round in 0..<10 {
            if round == 5 { self.world.acquire("patient", pool, hold: .milliseconds(5)) }
            self.world.acquire("hasty", pool, hold: .milliseconds(100), budget: .milliseconds(40))
            self.world.simulation.run(for: .milliseconds(20))
        }
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries.last == "patient has 1 at 510")
        #expect(pool.poolSample().timedOut == 10)
    }

    @Test("Equal workers get equal numbers of leases and equal waits.")
    func fairness() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        let shares = Lock<[Int: Int]>([:])
        for worker in 0..<8 {
            self.world.simulation.spawn {
                for _ in 0..<500 {
                    try? await pool.withLease { _ in try await self.world.time.sleep(for: .milliseconds(1)) }
                    shares.withLock { $0[worker, default: 0] += 1 }
                }
            }
        }
        self.world.simulation.run(for: .seconds(1))
        let counts = shares.withLock { $0.values.sorted() }
        #expect(counts.count == 8)
        #expect((counts.last ?? 0) - (counts.first ?? 0) <= 1)
        // Eight workers share two items for one millisecond each. Once the items exist, no wait exceeds the three leases ahead of it.
        #expect(pool.poolSample().longestWait <= .milliseconds(13))
        #expect(pool.poolSample().isBalanced)
    }

    @Test("With the order oldestFirst, the item that has been idle longest is leased first.")
    func oldestFirst() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, idleOrder: .oldestFirst))
        self.world.acquire("a", pool, hold: .milliseconds(20))
        self.world.acquire("b", pool, hold: .milliseconds(30))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.acquire("c", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "c has 1 at 100")
    }

    @Test("With the policy fail, two concurrent requests for the last free capacity do not both pass.", arguments: Array(UInt64(1)...20))
    func failingRace(seed: UInt64) throws {
        let world = PoolTestWorld(seed: seed, order: .random)
        let pool = try world.pool(PoolConfiguration(maximum: 2, whenEmpty: .fail))
        for number in 0..<10 { world.acquire("\(number)", pool, hold: .seconds(5)) }
        world.simulation.run(for: .seconds(1))
        #expect(pool.poolSample().leased == 2)
        #expect(pool.poolSample().exhausted == 8)
        #expect(pool.poolSample().waiting == 0)
    }

    @Test("A queued request wakes the container's subscribers.")
    func activity() throws {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try container.bind(ResourcePool<Ticket>.self, lifetime: .singleton) { pool }
        _ = try self.world.simulation.run { try await container.get(ResourcePool<Ticket>.self) }
        self.world.acquire("a", pool, hold: .seconds(10))
        self.world.simulation.run(for: .seconds(1))
        let subscription = container.subscribe()
        self.world.simulation.spawn {
            await subscription.next()
            self.world.diary.write("waiting: \(pool.poolSample().waiting)")
        }
        self.world.simulation.run(for: .milliseconds(1))
        self.world.acquire("b", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "waiting: 1")
    }

    @Test("The policy fail refuses a request immediately if it could only be served by a return.")
    func failing() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        self.world.acquire("a", pool, hold: .milliseconds(100))
        self.world.acquire("b", pool, hold: .milliseconds(100))
        self.world.simulation.run(for: .milliseconds(20))
        self.world.acquire("c", pool, hold: .milliseconds(100))
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries == ["b exhausted at 0", "a has 1 at 10", "c exhausted at 20"])
        #expect(pool.poolSample().refused == 2)
    }

    @Test("Invalid configurations and budgets are refused with an error that names the fault.")
    func badConfiguration() throws {
        #expect(throws: PoolError.self) { try self.world.pool(PoolConfiguration(maximum: 0)) }
        #expect(throws: PoolError.self) { try self.world.pool(PoolConfiguration(maximum: 1, creationConcurrency: 0)) }
        let silly = [
            PoolConfiguration(maximum: 2, minimumSize: 3), PoolConfiguration(maximum: 2, minimumSize: -1),
            PoolConfiguration(maximum: 1, createTimeout: .zero), PoolConfiguration(maximum: 1, failFastAfter: .zero),
            PoolConfiguration(maximum: 1, validationFreshness: .seconds(-1)), PoolConfiguration(maximum: 1, validateTimeout: .zero),
            PoolConfiguration(maximum: 1, resetTimeout: .zero), PoolConfiguration(maximum: 1, idleTimeout: .seconds(-1)),
            PoolConfiguration(maximum: 1, keepalive: .seconds(1)), PoolConfiguration(maximum: 1, maximumLifetime: .zero),
            PoolConfiguration(maximum: 1, lifetimeJitter: 0.7), PoolConfiguration(maximum: 1, lifetimeJitter: .nan),
            PoolConfiguration(maximum: 1, slowThreshold: .seconds(-1)), PoolConfiguration(maximum: 1, leakThreshold: .zero),
            PoolConfiguration(maximum: 1, drainTimeout: .seconds(-1)), PoolConfiguration(maximum: 1, closeTimeout: .seconds(-1)),
        ]
        for configuration in silly {
            #expect(throws: PoolError.self, "\(configuration)") { try self.world.pool(configuration) }
        }
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .seconds(-1))) }
        )
        #expect(error.code == .invalidConfiguration)
        #expect(error.description == "pool Tickets cannot be created: acquireBudget is -1.0 seconds and must be above zero")
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        let refused = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease(budget: .zero) { _ in } } }
        )
        #expect(refused.code == .invalidBudget)
    }

    @Test("A task that holds the last item and requests another one fails immediately, not at its deadline.")
    func reentrant() throws {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .seconds(10)))
        try container.bind(ResourcePool<Ticket>.self, lifetime: .singleton) { pool }
        let subscription = container.subscribe()
        self.world.simulation.spawn {
            do {
                let bound = try await container.get(ResourcePool<Ticket>.self)
                try await bound.withLease { _ in try await bound.withLease { _ in } }
            } catch {
                self.world.diary.write("\((error as? PoolError)?.code.description ?? "?") at \(self.world.milliseconds)")
            }
        }
        self.world.simulation.run(for: .milliseconds(11))
        #expect(subscription.drain().events.map(\.kind).contains(.leaseReentrant))
        self.world.simulation.run(for: .seconds(11))
        #expect(self.world.diary.entries == ["timedOut at 10010"])
        let kinds = subscription.drain().events.map(\.kind)
        #expect(
            kinds.contains { kind in
                if case .leaseTimedOut(.seconds(10), _) = kind { return true }
                return false
            }
        )
        let sample = try #require(container.poolSamples().first)
        #expect(sample.resource != nil)
        #expect(sample.name == "Tickets")
        #expect(sample.isBalanced)
    }

    @Test("A slow acquisition is an event, and a holder is identified by source location and scope.")
    func slow() throws {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try container.bind(ResourcePool<Ticket>.self, lifetime: .singleton) { pool }
        let subscription = container.subscribe()
        for _ in 0..<2 {
            self.world.simulation.spawn {
                try? await container.withScope("request") { scope in
                    try await scope.get(ResourcePool<Ticket>.self).withLease { _ in try await self.world.time.sleep(for: .seconds(2)) }
                }
            }
        }
        self.world.simulation.run(for: .seconds(1))
        let holder = try #require(pool.poolSample().holders.first)
        #expect(holder.scope == ScopeID(1))
        #expect(holder.location.file.hasSuffix("PoolAcquisitionTests.swift"))
        #expect(pool.poolSample().waiters.map(\.scope) == [ScopeID(2)])
        self.world.simulation.run(for: .seconds(5))
        #expect(subscription.drain().events.map(\.kind).contains(.leaseSlow(waited: .milliseconds(2010))))
    }
}
