import ResourceContainer
import ResourceSimulation
import Testing

/// Runs the samples of the article on pools: they do what it says.
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

    @Test("Pools: a lease is given back, and an empty pool tells the phase and the figures")
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
        #expect(self.log.lines.suffix(2) == ["waited in phase waiting, 1 lent", "nothing left"])
    }

    @Test("A lease that is a value is given back when it is released, and when something throws before that")
    func leaseAsValue() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            let rows = try await DocumentationSamples.leaseAsValue(pool)
            #expect(rows == "rows of SELECT * FROM users" && pool.poolSample().dropped == 0)
            try await pool.withLease { $0.sever() }
            await #expect(throws: Unreachable.self) { try await DocumentationSamples.leaseAsValue(pool) }
        }
        #expect(pool.poolSample().leased == 0 && pool.poolSample().dropped == 1)
    }

    @Test("An item that its borrower finds broken is closed, and the next borrower has another")
    func broken() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        try self.simulation.run {
            try await pool.withLease { $0.sever() }
            await #expect(throws: Unreachable.self) { try await DocumentationSamples.broken(pool) }
            try await DocumentationSamples.broken(pool)
        }
        #expect(self.log.lines == ["connection closed"] && pool.poolSample().brokenDiscarded == 1)
    }

    @Test("Hooks: the minimum is there at once, what comes back is reset, and what broke while it rested is replaced")
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

    @Test("A pool with keys connects once for each key that is asked for")
    func keyed() throws {
        try self.simulation.run { [log, simulation] in
            let hosts = try await DocumentationSamples.keyed(log, simulation.environment)
            try await hosts.withLease("api.example.com") { _ in }
            try await hosts.withLease("cdn.example.com") { _ in }
            #expect(hosts.keyCount == 2)
        }
        #expect(self.log.lines == ["connecting to api.example.com", "rows of GET /users", "connecting to cdn.example.com"])
    }

    @Test("Changing a pool while it is used: more room, and every item replaced")
    func changing() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 2))
        try self.simulation.run {
            try await pool.withLease { _ in
                try await pool.withLease { _ in }
                try DocumentationSamples.changing(pool)
            }
        }
        self.simulation.runUntilIdle()
        #expect(pool.poolSample().maximum == 16 && pool.poolSample().idle == 0)
        #expect(self.log.lines == ["connection closed", "connection closed"])
    }

    @Test("Closing waits for the drain timeout, names who kept an item, and closes that item when it comes back")
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
        #expect(self.log.lines == ["connection closed", "closed 1, abandoned 0", "not given back: \(file)", "connection closed"])
    }

    @Test("Metrics are those of one moment, in seconds")
    func metrics() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1))
        let time = self.simulation.environment.time
        try self.simulation.run { [log] in
            async let holder: Void = pool.withLease { _ in try await time.sleep(for: .seconds(3)) }
            try await time.sleep(for: .seconds(1))
            try await pool.withLease { _ in DocumentationSamples.metrics(pool, log) }
            try await holder
        }
        #expect(self.log.lines == ["1 lent, 0 idle, 1 made", "waited 1.0 s on average, 2.0 s at most"])
    }
}
