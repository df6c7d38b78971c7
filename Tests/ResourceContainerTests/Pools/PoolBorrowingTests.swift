import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Borrowing from a pool")
struct PoolBorrowingTests {
    let world = PoolTestWorld()

    @Test("borrowers are served in the order they came, and never more than the maximum hold an item")
    func order() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        for name in ["a", "b", "c", "d", "e"] { self.world.borrow(name, pool, hold: .milliseconds(100)) }
        self.world.simulation.run(for: .milliseconds(50))
        let sample = pool.poolSample()
        #expect(sample.leased == 2 && sample.waiting == 3 && sample.made == 2 && sample.isBalanced)
        #expect(sample.holders.map(\.slot) == [0, 1])
        #expect(sample.waiters.allSatisfy { $0.place.file.hasSuffix("PoolTestWorld.swift") })
        self.world.simulation.run(for: .seconds(1))
        #expect(
            self.world.diary.entries == [
                "a has 1 at 10", "b has 2 at 10", "c has 1 at 110", "d has 2 at 110", "e has 1 at 210",
            ]
        )
        let last = pool.poolSample()
        #expect(last.idle == 2 && last.leases == 5 && last.waited == 5 && last.longestWait == .milliseconds(210))
        // Every acquisition is in one bucket, every lease in another, and every making.
        #expect(last.waits.total == 5 && last.holds.total == 5 && last.creations.total == last.made)
        #expect((Duration.milliseconds(210)...Duration.milliseconds(263)).contains(last.waits.quantile(1)))
    }

    @Test("the item that came back last is lent first, so that a surplus can rest")
    func newestFirst() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        self.world.borrow("a", pool, hold: .milliseconds(20))
        self.world.borrow("b", pool, hold: .milliseconds(30))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.borrow("c", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "c has 2 at 100")
    }

    @Test("what the body throws comes through, and the item comes back")
    func bodyThrows() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        #expect(throws: Failure.self) {
            try self.world.simulation.run { try await pool.withLease { _ in throw Failure(description: "no") } }
        }
        #expect(pool.poolSample().idle == 1)
    }

    @Test("without a budget that suffices the error says what took the time, with the figures")
    func waitedTooLong() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, acquireBudget: .seconds(30)))
        self.world.borrow("holder", pool, hold: .seconds(60))
        self.world.simulation.run(for: .milliseconds(20))
        let error = try #require(
            throws: PoolError.self,
            performing: {
                try self.world.simulation.run { try await pool.withLease(fileID: "Shop/Order.swift", line: 12) { _ in } }
            }
        )
        #expect(error.code == .timedOut && error.phase == .waiting && error.underlying == nil)
        #expect(
            error.description == "pool Tickets had nothing for Order.swift:12 within 30.00 s (waiting 30.00 s, creating 0 ms): "
                + "1 of 1 lent, 0 idle, 0 being made or closed, 0 waiting; give leases back sooner, raise maximum, or allow a longer budget"
        )
        #expect(self.world.simulation.now == TimeSource.Instant(nanoseconds: 30_020_000_000))
        let sample = pool.poolSample()
        #expect(sample.timedOut == 1 && sample.waiting == 0 && sample.isBalanced)
    }

    @Test("T11: a patient borrower is served in its turn among impatient ones")
    func patience() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        self.world.borrow("holder", pool, hold: .milliseconds(500))
        self.world.simulation.run(for: .milliseconds(20))
        for round in 0..<10 {
            if round == 5 { self.world.borrow("patient", pool, hold: .milliseconds(5)) }
            self.world.borrow("hasty", pool, hold: .milliseconds(100), budget: .milliseconds(40))
            self.world.simulation.run(for: .milliseconds(20))
        }
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries.last == "patient has 1 at 510")
        #expect(pool.poolSample().timedOut == 10)
    }

    @Test("T10: among equal workers nobody is served more than the others, nor waits longer")
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
        #expect(counts.count == 8 && (counts.last ?? 0) - (counts.first ?? 0) <= 1)
        // Eight workers, two items, a millisecond each: nobody waits longer than the three before it take, once the items are made.
        #expect(pool.poolSample().longestWait <= .milliseconds(13) && pool.poolSample().isBalanced)
    }

    @Test("the idle item that has rested longest is lent first if the order says so")
    func oldestFirst() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, idleOrder: .oldestFirst))
        self.world.borrow("a", pool, hold: .milliseconds(20))
        self.world.borrow("b", pool, hold: .milliseconds(30))
        self.world.simulation.run(for: .milliseconds(100))
        self.world.borrow("c", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "c has 1 at 100")
    }

    @Test("two that come at the same moment are not both the last one that a policy of failing lets in", arguments: Array(UInt64(1)...20))
    func failingRace(seed: UInt64) throws {
        let world = PoolTestWorld(seed: seed, order: .random)
        let pool = try world.pool(PoolConfiguration(maximum: 2, whenEmpty: .fail))
        for number in 0..<10 { world.borrow("\(number)", pool, hold: .seconds(5)) }
        world.simulation.run(for: .seconds(1))
        #expect(pool.poolSample().leased == 2 && pool.poolSample().exhausted == 8 && pool.poolSample().waiting == 0)
    }

    @Test("queueing is told to those who watch the figures")
    func activity() throws {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        try container.bind(ResourcePool<Ticket>.self, lifetime: .singleton) { pool }
        _ = try self.world.simulation.run { try await container.get(ResourcePool<Ticket>.self) }
        self.world.borrow("a", pool, hold: .seconds(10))
        self.world.simulation.run(for: .seconds(1))
        let subscription = container.subscribe()
        self.world.simulation.spawn {
            await subscription.next()
            self.world.diary.write("told of \(pool.poolSample().waiting)")
        }
        self.world.simulation.run(for: .milliseconds(1))
        self.world.borrow("b", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.diary.entries.last == "told of 1")
    }

    @Test("a policy of failing refuses at once what nobody could serve without a return")
    func failing() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        self.world.borrow("a", pool, hold: .milliseconds(100))
        self.world.borrow("b", pool, hold: .milliseconds(100))
        self.world.simulation.run(for: .milliseconds(20))
        self.world.borrow("c", pool, hold: .milliseconds(100))
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries == ["b exhausted at 0", "a has 1 at 10", "c exhausted at 20"])
        #expect(pool.poolSample().refused == 2)
    }

    @Test("a configuration or a budget that cannot work is an error that names the fault")
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
        #expect(error.description == "pool Tickets cannot be made: acquireBudget is -1.0 seconds and must be above zero")
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        let refused = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.withLease(budget: .zero) { _ in } } }
        )
        #expect(refused.code == .invalidBudget)
    }

    @Test("a task that holds the last item and asks for another is told at once, not at the end of its budget")
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
        #expect(sample.resource != nil && sample.name == "Tickets" && sample.isBalanced)
    }

    @Test("a slow acquisition is an event, and a holder is known by its place and scope")
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
        #expect(holder.scope == ScopeID(1) && holder.place.file.hasSuffix("PoolBorrowingTests.swift"))
        #expect(pool.poolSample().waiters.map(\.scope) == [ScopeID(2)])
        self.world.simulation.run(for: .seconds(5))
        #expect(subscription.drain().events.map(\.kind).contains(.leaseSlow(waited: .milliseconds(2010))))
    }
}
