import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

/// The specification's "Health Checks".
///
/// Corrected here: protocols declare the probes of a resource, instead of a search for its methods. A check has a deadline. Results are
/// kept by identity, where the page keeps only one resource of each type.
@Suite("Spec: Health Checks")
struct HealthChecksTests {
    private struct Checked: HealthCheckable, Pingable {
        var isWell = true
        func healthCheck() async throws -> HealthReport { self.isWell ? HealthReport(.healthy) : HealthReport(.unhealthy, "no space") }
        func ping() async throws { throw Refused() }
    }

    private struct Pinged: Pingable, StatementExecuting {
        var error: Refused?
        func ping() async throws { if let error { throw error } }
        func execute(_ statement: String) async throws { throw Refused() }
    }

    private struct Database: StatementExecuting, KeyReadable {
        let journal: Journal
        var error: Refused?
        func execute(_ statement: String) async throws {
            self.journal.write(statement)
            if let error { throw error }
        }
        func probe(key: String) async throws { throw Refused() }
    }

    private struct Cache: KeyReadable {
        let journal: Journal
        var error: Refused?
        func probe(key: String) async throws {
            self.journal.write(key)
            if let error { throw error }
        }
    }

    private struct Plain: Sendable {}

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    /// Returns the result for one resource.
    private func check<Value: Sendable>(_ value: Value) throws -> HealthResult? {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Value.self, instance: value)
        return try self.simulation.run {
            _ = try await container.get(Value.self)
            return await HealthChecker(container).checkAll().values.first
        }
    }

    @Test("check_resource_health: A built-in health check has priority, and its answer is used unchanged.")
    func builtIn() throws {
        let well = try self.check(Checked())
        #expect(well?.status == .healthy)
        #expect(well?.probe == "health_check")
        let unwell = try self.check(Checked(isWell: false))
        #expect(unwell?.status == .unhealthy)
        #expect(unwell?.message == "no space")
    }

    @Test("check_resource_health: The second choice is a ping, whose failure is an error.")
    func ping() throws {
        let well = try self.check(Pinged())
        #expect(well?.status == .healthy)
        #expect(well?.probe == "ping")
        let unwell = try self.check(Pinged(error: Refused()))
        #expect(unwell?.status == .error)
        #expect(unwell?.message?.contains("refused") == true)
    }

    @Test("check_resource_health: The third choice is SELECT 1, whose failure is unhealthy.")
    func execute() throws {
        let well = try self.check(Database(journal: self.journal))
        #expect(well?.status == .healthy)
        #expect(well?.probe == "execute")
        let unwell = try self.check(Database(journal: self.journal, error: Refused()))
        #expect(unwell?.status == .unhealthy)
        #expect(unwell?.message?.contains("refused") == true)
        #expect(self.journal.entries == ["SELECT 1", "SELECT 1"])
    }

    @Test("check_resource_health: The fourth choice is health_check_key, whose failure is unhealthy.")
    func get() throws {
        let well = try self.check(Cache(journal: self.journal))
        #expect(well?.status == .healthy)
        #expect(well?.probe == "get")
        let unwell = try self.check(Cache(journal: self.journal, error: Refused()))
        #expect(unwell?.status == .unhealthy)
        #expect(self.journal.entries == ["health_check_key", "health_check_key"])
    }

    @Test("check_resource_health: A resource without a probe is unknown, with a message that explains why.")
    func unknown() throws {
        let result = try self.check(Plain())
        #expect(result?.status == .unknown)
        #expect(result?.message == "no health check available")
        #expect(result?.probe == "none")
    }

    @Test("check_resource_health(resource): A healthy and an unhealthy resource have answers, and a disposed one has none.")
    func one() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Pinged.self, lifetime: .singleton) { Pinged() }
        try container.bind(Database.self) { [journal] in Database(journal: journal, error: Refused()) }
        let checker = HealthChecker(container)
        let (well, ill, gone) = try self.simulation.run {
            _ = try await container.get(Pinged.self)
            let scope = try container.openScope("request")
            _ = try await scope.get(Database.self)
            let ids = container.resources().map(\.id)
            let well = await checker.check(ids[0])
            let ill = await checker.check(ids[1])
            _ = try await scope.close()
            return (well, ill, await checker.check(ids[1]))
        }
        #expect(well?.status == .healthy)
        #expect(well?.probe == "ping")
        #expect(ill?.status == .unhealthy)
        #expect(ill?.message?.contains("refused") == true)
        #expect(gone == nil)
    }

    @Test("check_all_resources: Every resource of every scope is checked, and the loop over unhealthy ones finds the bad one.")
    func all() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Pinged.self, lifetime: .singleton) { Pinged() }
        try container.bind(Cache.self) { [journal] in Cache(journal: journal) }
        try container.bind(Database.self) { [journal] in Database(journal: journal, error: Refused()) }
        try self.simulation.run {
            try await container.withScope("outer") { outer in
                _ = try await outer.get(Pinged.self)
                _ = try await outer.get(Cache.self)
                try await outer.withScope("inner") { inner in
                    _ = try await inner.get(Database.self)
                    let results = await HealthChecker(container).checkAll()
                    let unwell = container.resources().filter { results[$0.id]?.status != .healthy }
                    #expect(results.count == 3)
                    #expect(unwell.map(\.label) == ["Database"])
                    #expect(unwell.map(\.scope) == [inner.id])
                }
            }
        }
    }

    @Test("get_all_resources: Two resources of one type have two answers, where the page's dictionary keeps the last.")
    func sameType() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Pinged.self, name: "one") { Pinged() }
        try container.bind(Pinged.self, name: "two") { Pinged(error: Refused()) }
        let statuses = try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Pinged.self, name: "one")
                _ = try await scope.get(Pinged.self, name: "two")
                let results = await HealthChecker(container).checkAll()
                return container.resources().map { results[$0.id]?.status }
            }
        }
        #expect(statuses == [.healthy, .error])
    }

    @Test("get_all_resources: A resource that was not requested is not created to be checked.")
    func nothingIsCreated() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Pinged.self, lifetime: .singleton) { Pinged() }
        let count = try self.simulation.run { await HealthChecker(container).checkAll().count }
        #expect(count == 0)
        #expect(container.snapshot().books.created == 0)
    }

    @Test("A check that never answers is an error at its deadline, and the others have their answers.")
    func deadline() throws {
        struct Hanging: Pingable {
            let time: TimeSource
            func ping() async throws { try await self.time.sleep(for: .seconds(60)) }
        }
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Hanging.self, instance: Hanging(time: time))
        try container.bind(Pinged.self, instance: Pinged())
        try self.simulation.run {
            _ = try await container.get(Hanging.self)
            _ = try await container.get(Pinged.self)
            let results = await HealthChecker(container, deadline: .seconds(1)).checkAll()
            #expect(time.now.nanoseconds == 1_000_000_000)
            #expect(container.resources().map { results[$0.id]?.status } == [.error, .healthy])
        }
    }
}
