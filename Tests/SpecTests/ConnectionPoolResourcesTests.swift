import ResourceContainer
import ResourceSimulation
import Testing

/// The page's "Connection Pool Resources": a pool of connections that is a resource, and connections that are given back by themselves.
///
/// Corrected here: the page looks at `active_connections`, then waits, then counts, so that several borrowers pass the limit together;
/// its wrapper has no `_raw_connection`, so that the count never goes down; and `acquire_connection` is a coroutine used as a context.
@Suite("Spec: Connection Pool Resources")
struct ConnectionPoolResourcesTests {
    let simulation = Simulation(seed: 1)

    /// The page's `DatabasePool`: made of a configuration, bound for the whole program.
    private func container(
        maximum: Int,
        whenEmpty: PoolConfiguration.EmptyPolicy = .wait,
        in simulation: Simulation? = nil
    ) throws -> Container {
        let environment = (simulation ?? self.simulation).environment
        let container = Container(environment: environment)
        let made = Connections()
        try container.bind(Connections.self, instance: made)
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) { (made: Connections) throws in
            try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: maximum, whenEmpty: whenEmpty),
                environment: environment,
                make: { made.make() },
                close: { $0.close() }
            )
        }
        return container
    }

    /// Every connection that was ever made.
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

    @Test("Query with pool: a connection is borrowed, used, and given back without anybody's saying so")
    func query() throws {
        let container = try self.container(maximum: 2)
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
            #expect(sample.leased == 0 && sample.idle == 1)
        }
    }

    @Test("max_connections holds, however many ask at once and in whatever order", arguments: 0..<20 as Range<UInt64>)
    func limit(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = try self.container(maximum: 3, in: simulation)
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
        #expect(occupancy.now(0) == 0 && occupancy.most == 3)
    }

    @Test("release_connection: the count goes down, also when the borrower throws")
    func countGoesDown() throws {
        let container = try self.container(maximum: 1)
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

    @Test("ResourceExhaustedError: under the policy fail an empty pool refuses at once, with its figures")
    func exhausted() throws {
        let container = try self.container(maximum: 1, whenEmpty: .fail)
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            try await pool.withLease { _ in
                let error = await #expect(throws: PoolError.self) { try await pool.withLease { _ in } }
                #expect(error?.code == .exhausted && error?.pool == "DatabasePool")
                #expect(error?.sample?.leased == 1 && error?.sample?.maximum == 1)
            }
            try await pool.withLease { _ in }
        }
        #expect(self.simulation.now.nanoseconds == 0)
    }

    @Test("dispose closes all connections in the pool, and the pool lends nothing afterwards")
    func dispose() throws {
        let container = try self.container(maximum: 2)
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

    @Test("A pool without a limit cannot be configured")
    func limitIsMandatory() {
        let error = #expect(throws: PoolError.self) {
            try ResourcePool(name: "DatabasePool", configuration: PoolConfiguration(maximum: 0), make: { RawConnection() })
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
