import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

private struct Checked: HealthCheckable, Pingable {
    let report: @Sendable () async throws -> HealthReport
    func healthCheck() async throws -> HealthReport { try await self.report() }
    func ping() async throws { Issue.record("the health check comes first") }
}

private struct Pinged: Pingable, StatementExecuting {
    var error: (any Error)?
    func ping() async throws { if let error { throw error } }
    func execute(_ statement: String) async throws { Issue.record("the ping comes first") }
}

private struct Executing: StatementExecuting {
    var error: (any Error)?
    let statements = Statements()
    func execute(_ statement: String) async throws {
        self.statements.list.withLock { $0.append(statement) }
        if let error { throw error }
    }
}

private final class Statements: Sendable { let list = Lock<[String]>([]) }

private struct Keyed: KeyReadable {
    let keys = Statements()
    func probe(key: String) async throws { self.keys.list.withLock { $0.append(key) } }
}

private struct Plain: Sendable {}
private struct Trouble: Error {}

@Suite("Health checks run in the specified order and independently of each other")
struct HealthCheckerTests {
    let simulation = Simulation(seed: 1)

    private func check<Value: Sendable>(_ value: Value, degradedAfter: Duration? = nil) throws -> HealthResult? {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Value.self, instance: value, options: BindingOptions(degradedAfter: degradedAfter))
        return try self.simulation.run {
            _ = try await container.get(Value.self)
            return await HealthChecker(container).checkAll().values.first
        }
    }

    @Test("The probe order is health check, ping, SELECT 1, health_check_key, then unknown.")
    func order() throws {
        #expect(try self.check(Checked { HealthReport(.degraded, "busy") })?.status == .degraded)
        #expect(try self.check(Pinged())?.probe == "ping")
        let executing = Executing()
        #expect(try self.check(executing)?.status == .healthy)
        #expect(executing.statements.list.withLock { $0 } == ["SELECT 1"])
        let keyed = Keyed()
        #expect(try self.check(keyed)?.probe == "get")
        #expect(keyed.keys.list.withLock { $0 } == ["health_check_key"])
        #expect(try self.check(Plain())?.status == .unknown)
    }

    @Test("A throw in a health check or a ping is an error; in another probe it is unhealthy.")
    func throwing() throws {
        #expect(try self.check(Checked { throw Trouble() })?.status == .error)
        #expect(try self.check(Pinged(error: Trouble()))?.status == .error)
        #expect(try self.check(Executing(error: Trouble()))?.status == .unhealthy)
    }

    @Test("An answer that takes longer than the binding's limit is degraded.")
    func degraded() throws {
        let time = self.simulation.environment.time
        let slow = Checked {
            try await time.sleep(for: .milliseconds(300))
            return HealthReport(.healthy)
        }
        #expect(try self.check(slow, degradedAfter: .milliseconds(250))?.status == .degraded)
        #expect(try self.check(slow)?.status == .healthy)
    }

    @Test("A hanging check is an error at its deadline, its late answer is dropped, and the others have their answers.")
    func hanging() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(
            Checked.self,
            instance: Checked {
                try await time.sleep(for: .seconds(30))
                return HealthReport(.healthy)
            }
        )
        try container.bind(Pinged.self, instance: Pinged())
        try self.simulation.run {
            _ = try await container.get(Checked.self)
            _ = try await container.get(Pinged.self)
            let start = time.now
            let results = await HealthChecker(container).checkAll()
            #expect(time.now - start == .seconds(1))
            #expect(results[ResourceID(1)]?.status == .error)
            #expect(results[ResourceID(2)]?.status == .healthy)
            try await time.sleep(for: .seconds(60))
            #expect(container.snapshot().resources.map(\.health?.status) == [.error, .healthy])
        }
    }

    @Test("A check that has not returned is not started again; a later check is an error immediately.")
    func notTwice() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let asked = Statements()
        try container.bind(
            Checked.self,
            instance: Checked {
                asked.list.withLock { $0.append("x") }
                try await time.sleep(for: .seconds(30))
                return HealthReport(.healthy)
            }
        )
        try self.simulation.run {
            let id = try await container.resolve(BindingID(0), in: .root)
            let checker = HealthChecker(container)
            for _ in 0..<5 { #expect(await checker.check(id)?.status == .error) }
            #expect(asked.list.withLock { $0.count } == 1)
            try await time.sleep(for: .seconds(60))
            #expect(await checker.check(id)?.status == .error)
            #expect(asked.list.withLock { $0.count } == 2)
        }
    }

    @Test("Concurrent runs share one run and its results, and a change of status is one event.")
    func singleFlight() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let asked = Statements()
        try container.bind(
            Checked.self,
            instance: Checked {
                asked.list.withLock { $0.append("x") }
                try await time.sleep(for: .milliseconds(100))
                return HealthReport(.healthy)
            }
        )
        let subscription = container.subscribe()
        try self.simulation.run {
            _ = try await container.get(Checked.self)
            let checker = HealthChecker(container)
            async let first = checker.checkAll()
            async let second = checker.checkAll()
            let results = await [first, second]
            #expect(results[0] == results[1])
            _ = await checker.checkAll()
        }
        #expect(asked.list.withLock { $0.count } == 2)
        let changes = subscription.drain().events.filter { if case .healthChanged = $0.kind { true } else { false } }
        #expect(changes.count == 1)
    }

    @Test("Checking initializes nothing, and resources that are not ready are unknown.")
    func initializesNothing() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Pinged.self) { Pinged() }
        let results = try self.simulation.run { await HealthChecker(container).checkAll() }
        #expect(results.isEmpty)
        #expect(container.snapshot().books.created == 0)
    }
}
