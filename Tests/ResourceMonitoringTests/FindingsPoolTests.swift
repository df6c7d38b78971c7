import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Findings about pools")
struct FindingsPoolTests {
    let world = FindingWorld()

    /// Holds a lease for a time, in a separate scope.
    private func hold(_ pool: ResourcePool<Int>, for duration: Duration, budget: Duration? = nil) {
        self.world.spawn { world in
            try await world.container.withScope("job") { _ in
                try await pool.withLease(budget: budget) { _ in try await world.time.sleep(for: duration) }
            }
        }
    }

    @Test("The finding lease-held-too-long is raised for a lease beyond the threshold and ends with its return.")
    func heldTooLong() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 3, leakThreshold: .seconds(30)))
        self.hold(pool, for: .seconds(29))
        self.world.run(for: .seconds(31))
        #expect(self.world.standing(.leaseHeldTooLong).isEmpty)
        for _ in 0..<2 { self.hold(pool, for: .seconds(40)) }
        self.world.run(for: .seconds(31))
        let finding = try #require(self.world.standing(.leaseHeldTooLong).first)
        #expect(finding.isWhole())
        #expect(finding.isLeak)
        #expect(finding.count == 2)
        #expect(finding.evidence.hasPrefix("2 leases acquired at FindingsPoolTests.swift:"))
        #expect(finding.subject.label == "ResourcePool<Int>#1")
        self.world.run(for: .seconds(10))
        #expect(self.world.standing(.leaseHeldTooLong).isEmpty)
        #expect(self.world.withdrawn(.leaseHeldTooLong).count == 1)
    }

    @Test("The finding lease-lost is raised for a lease that outlives its scope and ends with its return.")
    func lost() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 2))
        let kept = Lock<LeaseHandle?>(nil)
        self.hold(pool, for: .seconds(1))
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.leaseLost).isEmpty)
        let world = self.world
        try self.world.simulation.run {
            try await world.container.withScope("request") { _ in
                let handle = try await pool.acquire().detach().handle
                kept.withLock { $0 = handle }
            }
        }
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.leaseLost).first)
        #expect(finding.isWhole())
        #expect(finding.isLeak)
        #expect(finding.severity == .high)
        try kept.withLock { $0 }?.release()
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.leaseLost).isEmpty)
        #expect(self.world.withdrawn(.leaseLost).count == 1)
    }

    @Test("The finding pool-starved is raised when the first waiter waits five seconds and ends when it is served.")
    func starved() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        self.hold(pool, for: .milliseconds(4700))
        self.hold(pool, for: .milliseconds(10))
        self.world.run(for: .seconds(6))
        #expect(self.world.standing(.poolStarved).isEmpty)
        #expect(self.world.withdrawn(.poolStarved).isEmpty)
        self.hold(pool, for: .seconds(9))
        self.hold(pool, for: .milliseconds(10))
        self.hold(pool, for: .milliseconds(10))
        self.world.run(for: .milliseconds(5300))
        let finding = try #require(self.world.standing(.poolStarved).first)
        #expect(finding.isWhole())
        #expect(finding.count == 1)
        #expect(finding.evidence.hasPrefix("2 waiting, the first for 5."))
        #expect(finding.evidence.contains("1 of 1 leased, the longest for 5."))
        self.world.run(for: .seconds(5))
        #expect(self.world.standing(.poolStarved).isEmpty)
        #expect(self.world.withdrawn(.poolStarved).count == 1)
    }

    @Test("The finding pool-exhausted is raised when an acquisition times out and ends after a quiet minute.")
    func exhausted() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1))
        self.hold(pool, for: .milliseconds(1990))
        self.hold(pool, for: .zero, budget: .seconds(2))
        self.world.run(for: .seconds(3))
        #expect(self.world.standing(.poolExhausted).isEmpty)
        self.hold(pool, for: .milliseconds(2010))
        self.hold(pool, for: .zero, budget: .seconds(2))
        self.world.run(for: .seconds(3))
        let finding = try #require(self.world.standing(.poolExhausted).first)
        #expect(finding.isWhole())
        #expect(finding.evidence == "an acquisition timed out after 2 s")
        self.world.run(for: .seconds(62))
        #expect(self.world.standing(.poolExhausted).isEmpty)
        #expect(self.world.withdrawn(.poolExhausted).count == 1)
    }

    @Test("The finding pool-exhausted is raised when an acquisition is refused immediately.")
    func refused() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        self.hold(pool, for: .seconds(1))
        self.world.run(for: .milliseconds(500))
        #expect(self.world.standing(.poolExhausted).isEmpty)
        self.hold(pool, for: .seconds(1))
        self.world.run(for: .milliseconds(500))
        #expect(self.world.standing(.poolExhausted).first?.evidence.contains("refused") == true)
    }

    @Test("The finding acquire-slow is raised for a wait of a second and ends after a quiet minute.")
    func slow() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, slowThreshold: .seconds(1)))
        self.hold(pool, for: .milliseconds(999))
        self.hold(pool, for: .zero)
        self.world.run(for: .seconds(3))
        #expect(self.world.standing(.acquireSlow).isEmpty)
        self.hold(pool, for: .seconds(1))
        self.hold(pool, for: .zero)
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.acquireSlow).first)
        #expect(finding.isWhole())
        #expect(finding.evidence == "an acquisition waited 1 s for a lease")
        self.world.run(for: .seconds(62))
        #expect(self.world.standing(.acquireSlow).isEmpty)
        #expect(self.world.withdrawn(.acquireSlow).count == 1)
    }

    @Test("Findings about a pool are withdrawn when the pool is closed.")
    func closed() throws {
        let pool = try self.world.pool(PoolConfiguration(maximum: 1, leakThreshold: .seconds(2), drainTimeout: .seconds(1)))
        self.hold(pool, for: .seconds(20))
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.leaseHeldTooLong).count == 1)
        let world = self.world
        self.world.simulation.spawn { _ = try? await world.container.close() }
        self.world.run(for: .seconds(30))
        #expect(self.world.standing(.leaseHeldTooLong).isEmpty)
    }

    @Test("Leases that are not returned are forgotten with their pool.")
    func leasesOfEndedPool() throws {
        var configuration = PoolConfiguration(maximum: 2)
        configuration.drainTimeout = .zero
        let limits = configuration
        let world = self.world
        try world.container.bind(ResourcePool<Int>.self, lifetime: .scoped) {
            try ResourcePool<Int>(name: "Tickets", configuration: limits, environment: world.simulation.environment, make: { 1 })
        }
        let kept = Lock<LeaseHandle?>(nil)
        try world.simulation.run {
            try await world.container.withScope("session") { session in
                let pool = try await session.get(ResourcePool<Int>.self)
                try await session.withScope("request") { _ in
                    let handle = try await pool.acquire().detach().handle
                    kept.withLock { $0 = handle }
                }
                try await world.time.sleep(for: .seconds(1))
                #expect(world.monitor.outstandingLeases == 1)
            }
            try await world.time.sleep(for: .seconds(1))
        }
        #expect(world.monitor.outstandingLeases == 0)
        withExtendedLifetime(kept) {}
    }

    @Test("The finding never-used is not raised for a pool bound as an instance that leases items, only for an unused one.")
    func neverUsed() throws {
        for isUsed in [true, false] {
            let world = FindingWorld()
            let pool = try ResourcePool<Int>(
                name: "Tickets",
                configuration: PoolConfiguration(maximum: 1),
                environment: world.simulation.environment,
                make: { 1 }
            )
            try world.container.bind(ResourcePool<Int>.self, instance: pool)
            if isUsed { try world.simulation.run { try await pool.withLease { _ in } } }
            world.run(for: .seconds(7200))
            #expect(world.standing(.neverUsed).count == (isUsed ? 0 : 1))
        }
    }
}
