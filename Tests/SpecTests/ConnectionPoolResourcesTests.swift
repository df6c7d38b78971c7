import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Connection Pool Resources": a pool of connections that is a resource, with connections that are released
/// automatically.
///
/// Corrected here: the page checks `active_connections`, suspends, and then counts, so that concurrent requests exceed the limit. Its
/// wrapper has no `_raw_connection`, so the count never decreases. Its `acquire_connection` is a coroutine used as a context manager.
@Suite("Spec: Connection Pool Resources")
struct ConnectionPoolResourcesTests {
    let simulation = Simulation(seed: 1)

    /// The page's `DatabasePool`: created from a configuration and bound as a singleton.
    private func container(
        _ configuration: PoolConfiguration,
        connecting: Duration = .zero,
        validate: (@Sendable (RawConnection) async throws -> Bool)? = nil,
        reset: (@Sendable (RawConnection) async throws -> Void)? = nil,
        in simulation: Simulation? = nil
    ) throws -> Container {
        let environment = (simulation ?? self.simulation).environment
        let container = Container(environment: environment)
        let made = Connections()
        try container.bind(Connections.self, instance: made)
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) { (made: Connections) throws in
            try ResourcePool(
                name: "DatabasePool",
                configuration: configuration,
                environment: environment,
                make: {
                    if connecting > .zero { try await environment.time.sleep(for: connecting) }
                    return made.make()
                },
                validate: validate,
                reset: reset,
                close: { $0.close() }
            )
        }
        return container
    }

    /// Every connection that was created.
    private final class Connections: Sendable {
        private let list = Lock<[RawConnection]>([])

        func make() -> RawConnection {
            self.list.withLock { list in
                list.append(RawConnection(list.count + 1))
                return list[list.count - 1]
            }
        }

        var all: [RawConnection] {
            self.list.withLock { $0 }
        }
    }

    @Test("Query with pool: A connection is acquired, used, and released automatically.")
    func query() throws {
        let container = try self.container(PoolConfiguration(maximum: 2))
        try self.simulation.run {
            let result = try await container.withScope { scope in
                let pool = try await scope.get(ResourcePool<RawConnection>.self)
                return try await pool.withLease { connection in
                    #expect(pool.poolSample().leased == 1)
                    return try connection.execute("SELECT * FROM users")
                }
            }
            #expect(result == "1: SELECT * FROM users")
            let sample = try await container.get(ResourcePool<RawConnection>.self).poolSample()
            #expect(sample.leased == 0)
            #expect(sample.idle == 1)
        }
    }

    @Test("The limit max_connections holds for any number of concurrent requests in any order.", arguments: 0..<20 as Range<UInt64>)
    func limit(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = try self.container(PoolConfiguration(maximum: 3), in: simulation)
        let occupancy = Occupancy()
        try simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await pool.withLease { _ in
                            occupancy.enter(0)
                            try await simulation.environment.time.sleep(for: .milliseconds(5))
                            occupancy.leave(0)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let made = try await container.get(Connections.self)
            #expect(made.all.count == 3)
        }
        #expect(occupancy.now(0) == 0)
        #expect(occupancy.most == 3)
    }

    @Test(
        "The min_connections are created when the pool is resolved, awaited or in the background as configured.",
        arguments: [PoolConfiguration.Prefill.wait, .background]
    )
    func minimum(prefill: PoolConfiguration.Prefill) throws {
        let container = try self.container(
            PoolConfiguration(maximum: 5, minimumSize: 3, prefill: prefill),
            connecting: .seconds(1)
        )
        let time = self.simulation.environment.time
        try self.simulation.run {
            let sample = try await container.get(ResourcePool<RawConnection>.self).poolSample()
            #expect(sample.minimum == 3)
            #expect(sample.idle + sample.pending == 3)
            #expect(sample.idle == (prefill == .wait ? 3 : 0))
            #expect(time.now.nanoseconds == (prefill == .wait ? 1_000_000_000 : 0))
            try await time.sleep(for: .seconds(2))
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            #expect(pool.poolSample().idle == 3)
            _ = try await pool.withLease { $0 }
            let made = try await container.get(Connections.self)
            #expect(made.all.count == 3)
        }
    }

    @Test("The min_connections are kept while unused; additional connections are closed at the idle timeout.")
    func minimumStays() throws {
        let container = try self.container(PoolConfiguration(maximum: 5, minimumSize: 2, idleTimeout: .seconds(30)))
        let time = self.simulation.environment.time
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { try await pool.withLease { _ in try await time.sleep(for: .seconds(1)) } } }
                try await group.waitForAll()
            }
            #expect(pool.poolSample().idle == 5)
            try await time.sleep(for: .seconds(60))
            let made = try await container.get(Connections.self)
            #expect(pool.poolSample().idle == 2)
            #expect(made.all.count { $0.isOpen } == 2)
        }
    }

    @Test("A min_connections value above max_connections is refused.")
    func minimumAboveMaximum() throws {
        let container = try self.container(PoolConfiguration(maximum: 2, minimumSize: 3))
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { _ = try await container.get(ResourcePool<RawConnection>.self) }
        }
        #expect((error?.underlying as? PoolError)?.code == .invalidConfiguration)
    }

    @Test("release_connection: The number of leased connections decreases, even if the holder throws.")
    func countDecreases() throws {
        let container = try self.container(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            for _ in 0..<3 {
                await #expect(throws: Refused.self) { try await pool.withLease { _ in throw Refused() } }
                #expect(pool.poolSample().leased == 0)
            }
            let answer = try await pool.withLease { try $0.execute("SELECT 1") }
            #expect(answer == "1: SELECT 1")
        }
    }

    @Test("acquire_connection as a value: A lease holds the connection until it is released.")
    func lease() throws {
        let container = try self.container(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            for _ in 0..<2 {
                let lease = try await pool.acquire()
                #expect(pool.poolSample().leased == 1)
                let answer = try lease.element.execute("SELECT 1")
                #expect(answer == "1: SELECT 1")
                lease.release()
                #expect(pool.poolSample().leased == 0)
            }
            #expect(pool.poolSample().dropped == 0)
        }
    }

    /// The page's query that throws between acquiring and releasing.
    private func failingQuery(_ pool: ResourcePool<RawConnection>) async throws {
        let lease = try await pool.acquire()
        _ = try lease.element.execute("SELECT 1")
        if pool.poolSample().leased == 1 { throw Refused() }
        lease.release()
    }

    @Test("ConnectionWrapper: A lease dropped because of a thrown error is released automatically and counted.")
    func droppedLease() throws {
        let container = try self.container(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            for count in 1...3 {
                await #expect(throws: Refused.self) { try await self.failingQuery(pool) }
                #expect(pool.poolSample().leased == 0)
                #expect(pool.poolSample().idle == 1)
                #expect(pool.poolSample().dropped == count)
            }
        }
    }

    @Test("A connection that its holder marks broken is closed instead of returned, and the next request gets a new one.")
    func discard() throws {
        let container = try self.container(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            let lease = try await pool.acquire()
            lease.discard()
            let number = try await pool.withLease { $0.number }
            #expect(number == 2)
            try await pool.withLease { _, handle in try handle.markBroken() }
            let next = try await pool.withLease { $0.number }
            #expect(next == 3)
            let made = try await container.get(Connections.self)
            #expect(made.all.map(\.isOpen) == [false, false, true])
            #expect(pool.poolSample().brokenDiscarded == 2)
        }
    }

    @Test("A connection that broke while idle is detected before its lease, closed, and replaced.")
    func validation() throws {
        let container = try self.container(PoolConfiguration(maximum: 1), validate: { $0.isOpen })
        let time = self.simulation.environment.time
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await pool.withLease { $0.close() }
            try await time.sleep(for: .seconds(10))
            let answer = try await pool.withLease { try $0.execute("SELECT 1") }
            #expect(answer == "2: SELECT 1")
            #expect(pool.poolSample().validationFailures == 1)
            #expect(pool.poolSample().isBalanced)
        }
    }

    @Test("A returned connection is reset before its next lease; one that cannot be reset is replaced.")
    func reset() throws {
        let journal = Journal()
        let container = try self.container(PoolConfiguration(maximum: 1), reset: { journal.write(try $0.execute("ROLLBACK")) })
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await pool.withLease { journal.write(try $0.execute("BEGIN")) }
            try await pool.withLease { connection in
                journal.write(try connection.execute("SELECT 1"))
                connection.close()
            }
            try await pool.withLease { journal.write(try $0.execute("SELECT 2")) }
        }
        self.simulation.runUntilIdle()
        #expect(journal.entries == ["1: BEGIN", "1: ROLLBACK", "1: SELECT 1", "2: SELECT 2", "2: ROLLBACK"])
    }

    @Test("ResourceExhaustedError: With the policy fail, an empty pool refuses immediately and includes its figures.")
    func exhausted() throws {
        let container = try self.container(PoolConfiguration(maximum: 1, whenEmpty: .fail))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await pool.withLease { _ in
                let error = await #expect(throws: PoolError.self) { try await pool.withLease { _ in } }
                #expect(error?.code == .exhausted)
                #expect(error?.pool == "DatabasePool")
                #expect(error?.sample?.leased == 1)
                #expect(error?.sample?.maximum == 1)
            }
            try await pool.withLease { _ in }
        }
        #expect(self.simulation.now.nanoseconds == 0)
    }

    @Test("dispose: All connections in the pool are closed, and the pool grants no leases afterward.")
    func dispose() throws {
        let container = try self.container(PoolConfiguration(maximum: 2))
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            let made = try await container.get(Connections.self)
            try await pool.withLease { _ in try await pool.withLease { _ in } }
            #expect(made.all.map(\.isOpen) == [true, true])
            try await container.close()
            #expect(made.all.map(\.isOpen) == [false, false])
            let error = await #expect(throws: PoolError.self) { try await pool.withLease { _ in } }
            #expect(error?.code == .closed)
        }
    }

    @Test("A pool without a limit cannot be configured.")
    func limitIsMandatory() {
        let error = #expect(throws: PoolError.self) {
            try ResourcePool(name: "DatabasePool", configuration: PoolConfiguration(maximum: 0), make: { RawConnection() })
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
