import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Idle timeouts, lifetimes, and resizing of a pool")
struct PoolLifetimeTests {
    let world = PoolTestWorld()

    /// Creates a pool with `count` items that are all idle.
    private func filled(_ configuration: PoolConfiguration, _ count: Int) throws -> ResourcePool<Ticket> {
        let pool = try self.world.pool(configuration)
        for number in 0..<count { self.world.acquire("\(number)", pool, hold: .seconds(1)) }
        self.world.simulation.run(for: .seconds(3))
        #expect(pool.poolSample().idle == count)
        return pool
    }

    @Test("A pool with a minimum is filled during initialization, and with the prefill wait it is ready when it is full.")
    func prefill() throws {
        let background = try self.world.pool(PoolConfiguration(maximum: 5, minimumSize: 3))
        try self.world.simulation.run { try await background.initialize() }
        #expect(self.world.milliseconds == 0)
        #expect(background.poolSample().pending == 3)
        let waiting = try self.world.pool(PoolConfiguration(maximum: 9, minimumSize: 8, prefill: .wait))
        try self.world.simulation.run { try await waiting.initialize() }
        #expect(self.world.milliseconds == 20)
        #expect(waiting.poolSample().idle == 8)
    }

    @Test("Prefilling that exceeds its budget throws with the cause; canceling it stops no creation.")
    func prefillFails() throws {
        self.world.change { $0.makeFails = true }
        let pool = try self.world.pool(PoolConfiguration(maximum: 5, minimumSize: 3, prefill: .wait, acquireBudget: .seconds(7)))
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.simulation.run { try await pool.initialize() } }
        )
        #expect(error.code == .timedOut)
        #expect(self.world.milliseconds == 7000)
        #expect(
            error.description.hasPrefix("timed out after 7 s filling pool Tickets: 0 of 3 items are ready; the last creation failed: no")
        )
        let task = self.world.simulation.spawn { try? await pool.prefill() }
        self.world.simulation.run(for: .milliseconds(1))
        task.cancel()
        self.world.change { $0.makeFails = false }
        self.world.simulation.run(for: .seconds(10))
        #expect(pool.poolSample().idle == 3)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("Unused items are reaped at the idle timeout, longest idle first, a few per second, down to the minimum.")
    func reaping() throws {
        let configuration = PoolConfiguration(maximum: 12, minimumSize: 2, creationConcurrency: 4, idleTimeout: .seconds(10))
        let pool = try self.filled(configuration, 12)
        self.world.simulation.run(for: .milliseconds(8_200))
        #expect(pool.poolSample().reaped == 4)
        self.world.simulation.run(for: .seconds(60))
        let sample = pool.poolSample()
        #expect(sample.reaped == 10)
        #expect(sample.idle == 2)
        #expect(sample.isBalanced)
        #expect(self.world.plan.withLock { $0.closed } == Array(1...10))
    }

    @Test("Items of the same age expire spread over the jitter, a few at a time, never below the minimum.")
    func lifetime() throws {
        let configuration = PoolConfiguration(
            maximum: 120,
            minimumSize: 100,
            creationConcurrency: 4,
            idleTimeout: nil,
            maximumLifetime: .seconds(1000)
        )
        let pool = try self.world.pool(configuration)
        try self.world.simulation.run { try await pool.prefill() }
        self.world.change { $0.mostInMaking = 0 }
        let born = self.world.milliseconds
        var first: Int64?
        while self.world.plan.withLock({ $0.closed.count }) < 100 {
            self.world.simulation.run(for: .milliseconds(10))
            let sample = pool.poolSample()
            #expect(sample.isBalanced)
            #expect(sample.idle + sample.leased >= 100)
            if first == nil, sample.retired > 0 { first = self.world.milliseconds - born }
            try #require(self.world.milliseconds - born < 1_100_000)
        }
        let last = self.world.milliseconds - born
        // The jitter is a tenth: the first item expires soon after 900 s, the last one shortly before 1,000 s.
        #expect(try #require(first) < 910_000)
        #expect(last > 990_000)
        #expect(last <= 1_000_500)
        #expect(self.world.plan.withLock { $0.mostInMaking } <= 4)
        #expect(pool.poolSample().retired == 100)
    }

    @Test("A pool without room for replacements replaces its expired items one at a time.")
    func lifetimeWithoutRoom() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 3, minimumSize: 3, maximumLifetime: .seconds(100), lifetimeJitter: 0))
        try self.world.simulation.run { try await pool.prefill() }
        for _ in 0..<200 {
            self.world.simulation.run(for: .seconds(1))
            #expect(pool.poolSample().idle + pool.poolSample().leased >= 2)
        }
        #expect(pool.poolSample().retired >= 3)
        #expect(pool.poolSample().idle == 3)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("An item leased past its lifetime is closed on return.")
    func leasedPastItsLifetime() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, maximumLifetime: .seconds(10)))
        self.world.acquire("a", pool, hold: .seconds(30))
        self.world.simulation.run(for: .seconds(20))
        #expect(self.world.plan.withLock { $0.closed } == [])
        self.world.simulation.run(for: .seconds(20))
        #expect(self.world.plan.withLock { $0.closed } == [1])
        #expect(pool.poolSample().retired == 1)
    }

    @Test("Expiring all items closes idle ones immediately, leased ones on return, and initializing ones on completion.")
    func expireAll() throws {
        let pool = try self.filled(PoolConfiguration(maximum: 3), 2)
        self.world.acquire("holder", pool, hold: .seconds(1))
        self.world.simulation.run(for: .milliseconds(10))
        pool.expireAll()
        self.world.simulation.run(for: .milliseconds(100))
        #expect(self.world.plan.withLock { $0.closed.count } == 1)
        self.world.acquire("next", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(5))
        pool.expireAll()
        self.world.simulation.run(for: .seconds(2))
        #expect(self.world.plan.withLock { $0.closed.sorted() } == [1, 2, 3])
        #expect(self.world.diary.entries.last == "next has 4 at 3130")
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().idle == 1)
    }

    @Test("Shrinking a pool takes no item from its holder; growing it serves the queue.")
    func resize() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 4))
        for number in 0..<4 { self.world.acquire("\(number)", pool, hold: .seconds(Int64(number + 1))) }
        self.world.simulation.run(for: .milliseconds(100))
        try pool.resize(maximum: 2)
        self.world.acquire("late", pool, hold: .zero)
        #expect(pool.poolSample().leased == 4)
        #expect(pool.poolSample().leaseLimit == 4)
        #expect(pool.poolSample().isBalanced)
        self.world.simulation.run(for: .milliseconds(2500))
        #expect(pool.poolSample().leased == 2)
        #expect(pool.poolSample().leaseLimit == 2)
        #expect(pool.poolSample().waiting == 1)
        #expect(self.world.plan.withLock { $0.closed } == [1, 2])
        try pool.resize(maximum: 3)
        self.world.simulation.run(for: .milliseconds(100))
        #expect(self.world.diary.entries.last == "late has 5 at 2610")
        let error = try #require(throws: PoolError.self, performing: { try pool.resize(maximum: 2, minimum: 3) })
        #expect(error.code == .invalidConfiguration)
        #expect(error.description.contains("minimumSize is 3 and must not be above maximum"))
        #expect(pool.poolSample().maximum == 3)
    }

    @Test(
        "A lease that races with the idle timeout of the same item ends one way, never below the minimum.",
        arguments: Array(UInt64(1)...60)
    )
    func reapRace(seed: UInt64) throws {
        let world = PoolTestWorld(seed: seed, order: .random)
        let pool = try world.pool(PoolConfiguration(maximum: 3, minimumSize: 1, idleTimeout: .milliseconds(50)))
        try world.simulation.run { try await pool.prefill() }
        for round in 0..<20 {
            for number in 0..<3 { world.acquire("\(round).\(number)", pool, hold: .milliseconds(Int64(number))) }
            world.simulation.run(for: .milliseconds(49 + Int64(round % 4)))
            let sample = pool.poolSample()
            #expect(sample.isBalanced)
            #expect(sample.idle + sample.leased >= 1)
        }
        world.simulation.run(for: .seconds(10))
        let closed = world.plan.withLock { $0.closed }
        #expect(Set(closed).count == closed.count)
        #expect(pool.poolSample().idle == 1)
        #expect(world.diary.entries.count == 60)
    }
}
