import ResourceContainer
import ResourceSimulation
import Testing

/// Runs the samples of the article on pools and checks the documented results.
@Suite("Samples of the documentation: pools")
struct PoolSampleTests {
    let simulation = Simulation(seed: 1)
    let log = SampleLog()

    private func pool(_ configuration: PoolConfiguration) throws -> ResourcePool<Connection> {
        try ResourcePool(
            name: "sample",
            configuration: configuration,
            environment: self.simulation.environment,
            make: { [log] in Connection(log: log) },
            close: { await $0.close() }
        )
    }

    @Test("Pools: A lease is released with its closure, and the error of an empty pool names the phase and the figures.")
    func pools() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(SampleLog.self, instance: self.log, owned: false)
        try DocumentationSamples.pool(container)
        try self.simulation.run {
            let rows = try await DocumentationSamples.lease(container)
            #expect(rows == "rows of SELECT * FROM users")
            try await container.close()
        }
        #expect(self.log.lines == ["connection closed"])

        for policy in [PoolConfiguration.EmptyPolicy.wait, .fail] {
            let pool = try ResourcePool(
                name: "one",
                configuration: PoolConfiguration(maximum: 1, whenEmpty: policy),
                environment: self.simulation.environment,
                make: { [log] in Connection(log: log) }
            )
            try self.simulation.run { [log] in
                try await pool.withLease { _ in try await DocumentationSamples.exhausted(pool, log) }
            }
        }
        #expect(self.log.lines.suffix(2) == ["waited in phase waiting, 1 leased", "exhausted"])
    }

    @Test("Pools: A lease value is released explicitly, or when its holder throws before that.")
    func leaseAsValue() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let rows = try await DocumentationSamples.leaseAsValue(pool)
            #expect(rows == "rows of SELECT * FROM users")
            #expect(pool.poolSample().dropped == 0)
            try await pool.withLease { $0.sever() }
            await #expect(throws: Unreachable.self) { try await DocumentationSamples.leaseAsValue(pool) }
        }
        #expect(pool.poolSample().leased == 0)
        #expect(pool.poolSample().dropped == 1)
    }

    @Test("Pools: An item that its holder marks broken is closed, and the next request gets another.")
    func broken() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            try await pool.withLease { $0.sever() }
            await #expect(throws: Unreachable.self) { try await DocumentationSamples.broken(pool) }
            try await DocumentationSamples.broken(pool)
        }
        #expect(self.log.lines == ["connection closed"])
        #expect(pool.poolSample().brokenDiscarded == 1)
    }

    @Test("Pools: The minimum exists immediately, returned items are reset, and items that broke while idle are replaced.")
    func hooks() throws {
        let pool = try DocumentationSamples.hooks(self.log, self.simulation.environment)
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await pool.initialize()
            #expect(pool.poolSample().idle == 2)
            try await pool.withLease { $0.sever() }
            try await time.sleep(for: .seconds(1))
            let rows = try await pool.withLease { try await $0.execute("SELECT 1") }
            #expect(rows == "rows of SELECT 1")
        }
        self.simulation.runUntilIdle()
        #expect(self.log.lines == ["rolled back", "connection closed", "rolled back"])
        #expect(pool.poolSample().validationFailures == 1)
    }

    @Test("Pools: A keyed pool connects once for each requested key.")
    func keyed() throws {
        try self.simulation.run { [log, simulation] in
            let hosts = try await DocumentationSamples.keyed(log, simulation.environment)
            try await hosts.withLease("api.example.com") { _ in }
            try await hosts.withLease("cdn.example.com") { _ in }
            #expect(hosts.keyCount == 2)
        }
        #expect(self.log.lines == ["connecting to api.example.com", "rows of GET /users", "connecting to cdn.example.com"])
    }

    @Test("Pools: A pool can be resized while in use, and every item can be replaced.")
    func changing() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 2))
        try self.simulation.run {
            try await pool.withLease { _ in
                try await pool.withLease { _ in }
                try DocumentationSamples.changing(pool)
            }
        }
        self.simulation.runUntilIdle()
        #expect(pool.poolSample().maximum == 16)
        #expect(pool.poolSample().idle == 0)
        #expect(self.log.lines == ["connection closed", "connection closed"])
    }

    @Test("Pools: Closing waits for the drain timeout, names the holders, and closes their items on return.")
    func closing() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 2, drainTimeout: .seconds(5)))
        try self.simulation.run { [log] in
            try await pool.withLease { _ in
                try await pool.withLease { _ in }
                await DocumentationSamples.closing(pool, log)
            }
        }
        self.simulation.runUntilIdle()
        #expect(self.simulation.now.nanoseconds == 5_000_000_000)
        let file = "\(#fileID)"
        #expect(self.log.lines == ["connection closed", "closed 1, abandoned 0", "not released: \(file)", "connection closed"])
    }

    @Test("Pools: The metrics are in seconds and belong to one moment.")
    func metrics() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        let time = self.simulation.environment.time
        try self.simulation.run { [log] in
            async let holder: Void = pool.withLease { _ in try await time.sleep(for: .seconds(3)) }
            try await time.sleep(for: .seconds(1))
            try await pool.withLease { _ in DocumentationSamples.metrics(pool, log) }
            try await holder
        }
        #expect(self.log.lines == ["1 leased, 0 idle, 1 created", "waited 1.0 s on average, 2.0 s at most"])
    }
}
