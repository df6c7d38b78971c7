import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Validation, reset, and discard of pool items")
struct PoolValidationTests {
    let world = PoolTestWorld()

    @Test("An item is validated before its lease only if it was unused for the freshness window.")
    func freshness() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1), validates: true)
        self.world.acquire("a", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(100))
        self.world.acquire("b", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(600))
        #expect(self.world.plan.withLock { $0.validated } == [])
        self.world.acquire("c", pool, hold: .zero)
        self.world.simulation.run(for: .milliseconds(1))
        #expect(self.world.plan.withLock { $0.validated } == [1])
        #expect(self.world.diary.entries == ["a has 1 at 10", "b has 1 at 100", "c has 1 at 700"])
        #expect(pool.poolSample().validations == 1)
    }

    @Test("An item that fails its validation is closed, and the requester gets a new one.")
    func invalid() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2, idleTimeout: nil), validates: true)
        self.world.acquire("a", pool, hold: .milliseconds(5))
        self.world.acquire("b", pool, hold: .milliseconds(5))
        self.world.simulation.run(for: .seconds(2))
        self.world.change { $0.invalid = [1, 2] }
        self.world.acquire("c", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.plan.withLock { $0.closed }.sorted() == [1, 2])
        #expect(self.world.diary.entries.last == "c has 3 at 2010")
        let sample = pool.poolSample()
        #expect(sample.validationFailures == 2)
        #expect(sample.idle == 1)
        #expect(sample.isBalanced)
    }

    @Test("A hanging validation ends at its timeout, and the error names validation as the phase that used the budget.")
    func hangingValidation() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, validateTimeout: .seconds(2)), validates: true)
        self.world.acquire("a", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        self.world.change { $0.validateTime = .seconds(60) }
        let error = try #require(
            throws: PoolError.self,
            performing: {
                try self.world.simulation.run { try await pool.withLease(budget: .seconds(1)) { _ in } }
            }
        )
        #expect(error.phase == .validating)
        #expect(error.description.contains("validating 1 s"))
        self.world.acquire("b", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(70))
        #expect(self.world.diary.entries.last == "b has 2 at 3010")
        #expect(self.world.plan.withLock { $0.closed } == [1])
        #expect(pool.poolSample().isBalanced)
    }

    @Test("An item is reset before its next lease; one whose reset fails or hangs is not leased again.")
    func reset() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, resetTimeout: .seconds(3)), resets: true)
        self.world.change { $0.resetTime = .milliseconds(20) }
        self.world.acquire("a", pool, hold: .milliseconds(10))
        self.world.acquire("b", pool, hold: .milliseconds(10))
        self.world.simulation.run(for: .milliseconds(25))
        #expect(pool.poolSample().resetting == 1)
        #expect(pool.poolSample().waiting == 1)
        self.world.simulation.run(for: .milliseconds(24))
        #expect(self.world.diary.entries == ["a has 1 at 10", "b has 1 at 40"])
        self.world.change { $0.resetFails = true }
        self.world.acquire("c", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(1))
        self.world.change { ($0.resetFails, $0.resetTime) = (false, .seconds(60)) }
        self.world.acquire("d", pool, hold: .zero)
        self.world.acquire("e", pool, hold: .zero)
        self.world.simulation.run(for: .seconds(70))
        #expect(Array(self.world.diary.entries.dropFirst(2)) == ["c has 2 at 80", "d has 3 at 1059", "e has 4 at 4069"])
        #expect(pool.poolSample().resetFailures >= 2)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("The reset of an item runs to completion when its holder is canceled.")
    func resetOfCancelled() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1), resets: true)
        self.world.change { $0.resetTime = .milliseconds(20) }
        let task = self.world.acquire("a", pool, hold: .milliseconds(50))
        self.world.simulation.run(for: .milliseconds(30))
        task.cancel()
        self.world.simulation.run(for: .milliseconds(200))
        #expect(self.world.plan.withLock { $0.reset } == [1])
        #expect(pool.poolSample().idle == 1)
    }

    @Test("If every returned item is broken, the pool replaces them and every waiter is served.")
    func allBroken() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        for number in 0..<20 {
            self.world.simulation.spawn {
                try? await pool.withLease { ticket, lease in
                    self.world.diary.write("\(number) has \(ticket.number)")
                    try await self.world.time.sleep(for: .milliseconds(5))
                    try lease.markBroken()
                }
            }
        }
        self.world.simulation.run(for: .seconds(2))
        #expect(self.world.diary.entries.map { $0.split(separator: " ")[0] } == (0..<20).map { "\($0)" })
        #expect(self.world.plan.withLock { $0.closed }.sorted() == Array(1...20))
        let sample = pool.poolSample()
        #expect(sample.brokenDiscarded == 20)
        #expect(sample.closed == 20)
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
        #expect(self.world.plan.withLock { $0.mostInMaking } <= 2)
    }

    @Test("Keepalive validates idle items and does not interfere with leases, closing, or its own timer.")
    func keepalive() throws {
        let configuration = PoolConfiguration(maximum: 2, idleTimeout: nil, keepalive: .seconds(10))
        let pool = try self.world.pool(configuration, validates: true)
        self.world.change { $0.validateTime = .milliseconds(100) }
        self.world.acquire("a", pool, hold: .milliseconds(5))
        self.world.acquire("b", pool, hold: .milliseconds(5))
        self.world.simulation.run(for: .milliseconds(10_050))
        #expect(pool.poolSample().validating == 2)
        // A request during the keepalive gets the item when the validation ends.
        self.world.acquire("c", pool, hold: .seconds(30))
        self.world.simulation.run(for: .seconds(1))
        #expect(self.world.diary.entries.last == "c has 1 at 10115")
        #expect(self.world.plan.withLock { $0.validated } == [1, 2])
        // The leased item is not validated. The idle one is validated every ten seconds.
        self.world.simulation.run(for: .seconds(25))
        #expect(self.world.plan.withLock { $0.validated } == [1, 2, 2, 2])
        self.world.change { $0.invalid = [2] }
        self.world.simulation.run(for: .seconds(5))
        #expect(self.world.plan.withLock { $0.closed } == [2])
        self.world.simulation.run(for: .seconds(10))
        self.world.simulation.run(for: .milliseconds(50))
        let report = try self.world.simulation.run { await pool.close() }
        #expect(report.isClean)
        #expect(report.closed == 2)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A validation that returns nothing passes if it returns, and fails if it throws.")
    func throwingValidation() throws {
        let broken = Lock<Set<Int>>([])
        let made = Lock(0)
        let pool = try ResourcePool(
            name: "pinged",
            configuration: PoolConfiguration(maximum: 1, validationFreshness: .zero),
            environment: self.world.simulation.environment,
            make: {
                made.withLock { made in
                    made += 1
                    return made
                }
            },
            validate: { try Self.ping($0, broken) }
        )
        try self.world.simulation.run { [time = self.world.time] in
            try await time.sleep(for: .seconds(1))
            #expect(try await pool.withLease { $0 } == 1)
            try await time.sleep(for: .seconds(1))
            #expect(try await pool.withLease { $0 } == 1)
            try await time.sleep(for: .seconds(1))
            broken.withLock { $0 = [1] }
            #expect(try await pool.withLease { $0 } == 2)
        }
        #expect(pool.poolSample().validations == 2)
        #expect(pool.poolSample().validationFailures == 1)
    }

    @Test("A keyed pool accepts a validation that returns nothing.")
    func throwingKeyedValidation() throws {
        let broken = Lock<Set<Int>>([1])
        let pool = try KeyedResourcePool<String, Int>(
            name: "pinged",
            configuration: PoolConfiguration(maximum: 1, validationFreshness: .zero),
            maximumPerKey: 1,
            environment: self.world.simulation.environment,
            make: { $0.count },
            validate: { try Self.ping($0, broken) }
        )
        try self.world.simulation.run { [time = self.world.time] in
            _ = try await pool.withLease("a") { $0 }
            try await time.sleep(for: .seconds(1))
            _ = try await pool.withLease("a") { $0 }
        }
        #expect(pool.poolSample().validationFailures == 1)
    }

    private static func ping(_ item: Int, _ broken: borrowing Lock<Set<Int>>) throws {
        if broken.withLock({ $0.contains(item) }) { throw Failure(description: "item \(item) does not answer") }
    }
}
