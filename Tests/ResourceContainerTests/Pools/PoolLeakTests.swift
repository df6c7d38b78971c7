import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Leases that are not returned")
struct PoolLeakTests {
    let world = PoolTestWorld()

    /// Binds a pool in a container and returns both with a subscription to the container's events.
    private func bound(_ configuration: PoolConfiguration) throws -> (Container, ResourcePool<Ticket>, EventSubscription) {
        let container = Container(environment: self.world.simulation.environment)
        let pool = try self.world.pool(configuration)
        try container.bind(ResourcePool<Ticket>.self, lifetime: .singleton) { pool }
        _ = try self.world.simulation.run { try await container.get(ResourcePool<Ticket>.self) }
        return (container, pool, container.subscribe())
    }

    @Test("A lease held past the threshold is suspected once and withdrawn once on return, without a timer per lease.")
    func suspicion() throws {
        let (_, pool, subscription) = try self.bound(PoolConfiguration(maximum: 2, leakThreshold: .seconds(10)))
        self.world.acquire("slow", pool, hold: .seconds(25))
        self.world.simulation.run(for: .seconds(5))
        for _ in 0..<100 { self.world.acquire("quick", pool, hold: .milliseconds(1)) }
        self.world.simulation.run(for: .seconds(4))
        #expect(pool.poolSample().leaksSuspected == 0)
        self.world.simulation.run(for: .seconds(3))
        let suspicions = subscription.drain().events.compactMap { event -> (CodeLocation, Duration)? in
            if case .leakSuspected(let location, _, let held) = event.kind { return (location, held) }
            return nil
        }
        #expect(suspicions.count == 1)
        #expect(suspicions.first?.1 == .seconds(10))
        #expect(suspicions.first?.0.file.hasSuffix("PoolTestWorld.swift") == true)
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .degraded)
        #expect(pool.metrics().leaked == 1)
        self.world.simulation.run(for: .seconds(60))
        let withdrawals = subscription.drain().events.compactMap { event -> Duration? in
            if case .leakWithdrawn(_, let held) = event.kind { return held }
            return nil
        }
        #expect(withdrawals == [.seconds(25)])
        #expect(pool.poolSample().leaksSuspected == 1)
        #expect(pool.poolSample().leaksWithdrawn == 1)
        #expect(pool.metrics().leaked == 0)
        #expect(try self.world.simulation.run { try await pool.healthCheck() }.status == .healthy)
    }

    @Test("A lease is lost if it is still held when the scope that acquired it has closed, and not before.")
    func lost() throws {
        let (container, pool, subscription) = try self.bound(PoolConfiguration(maximum: 2, drainTimeout: .zero))
        let kept = Lock<LeaseHandle?>(nil)
        try self.world.simulation.run {
            try await container.withScope("request") { _ in
                try await pool.withLease { _ in }
                let handle = try await pool.acquire().detach().handle
                kept.withLock { $0 = handle }
                try await container.withScope("another") { _ in }
                #expect(pool.poolSample().lost == 0)
            }
        }
        #expect(pool.poolSample().lost == 1)
        #expect(pool.metrics().leaked == 1)
        let lost = subscription.drain().events.compactMap { event -> CodeLocation? in
            if case .leaseLost(let location, _, _) = event.kind { return location }
            return nil
        }
        #expect(lost.count == 1)
        #expect(lost.first?.file.hasSuffix("PoolLeakTests.swift") == true)
        // The lease is suspected as well by now. It still counts as one, and as none after its return.
        let time = self.world.simulation.environment.time
        try self.world.simulation.run { try await time.sleep(for: .seconds(61)) }
        #expect(pool.poolSample().leaksSuspected == 1)
        #expect(pool.metrics().leaked == 1)
        try kept.withLock { $0 }?.release()
        #expect(pool.metrics().leaked == 0)
        let kinds = subscription.drain().events.map(\.kind)
        #expect(kinds.contains { if case .leaseRecovered(_, .seconds(61)) = $0 { true } else { false } })
        #expect(kinds.contains { if case .leakWithdrawn(_, .seconds(61)) = $0 { true } else { false } })
        #expect(pool.poolSample().leased == 0)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("A task that requests another item of a pool it has exhausted fails in the same turn.", arguments: [true, false])
    func nested(throwing: Bool) throws {
        let (_, pool, subscription) = try self.bound(
            PoolConfiguration(maximum: 1, acquireBudget: .seconds(10), reentrancy: throwing ? .throw : .report)
        )
        self.world.simulation.spawn {
            do {
                try await pool.withLease { _ in try await pool.withLease { _ in } }
            } catch {
                self.world.diary.write("\((error as? PoolError)?.code.description ?? "?") at \(self.world.milliseconds)")
            }
        }
        self.world.simulation.run(for: .milliseconds(10))
        #expect(subscription.drain().events.map(\.kind).contains(.leaseReentrant))
        #expect(pool.poolSample().reentrant == 1)
        self.world.simulation.run(for: .seconds(20))
        #expect(self.world.diary.entries == [throwing ? "reentrant at 10" : "timedOut at 10010"])
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().idle == 1)
    }

    @Test("A stall of the clock is recorded as lateness and does not evict every item.")
    func stall() throws {
        let configuration = PoolConfiguration(maximum: 40, creationConcurrency: 4, idleTimeout: .seconds(10))
        let pool = try self.world.pool(configuration)
        for number in 0..<40 { self.world.acquire("\(number)", pool, hold: .seconds(1)) }
        self.world.simulation.run(for: .seconds(3))
        self.world.simulation.time.move(to: self.world.simulation.now + .seconds(100))
        self.world.simulation.run(for: .zero)
        let sample = pool.poolSample()
        #expect(sample.longestLateness >= .seconds(90))
        #expect(sample.reaped == 4)
        #expect(sample.idle == 36)
        #expect(sample.isBalanced)
    }

    @Test("A leak threshold that would suspect every lease is refused.")
    func tooShortThreshold() throws {
        let error = try #require(
            throws: PoolError.self,
            performing: { try self.world.pool(PoolConfiguration(maximum: 1, leakThreshold: .milliseconds(200))) }
        )
        #expect(error.code == .invalidConfiguration)
        #expect(error.description.contains("leakThreshold is 0.2 seconds and would report ordinary"))
    }
}
