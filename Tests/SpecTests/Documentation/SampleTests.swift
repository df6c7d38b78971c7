import ResourceContainer
import ResourceSimulation
import Testing

/// Runs the samples of the documentation and checks the documented results.
@Suite("Samples of the documentation")
struct SampleTests {
    let simulation = Simulation(seed: 1)
    let log = SampleLog()

    /// Creates a container with the bindings that the samples need.
    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(SampleLog.self, instance: self.log, owned: false)
        return container
    }

    @Test("Getting started: The database is opened at its first request, and dependents are closed first.")
    func gettingStarted() async throws {
        try await DocumentationSamples.gettingStarted(self.log)
        #expect(self.log.lines == ["database opened", "ordered a kettle", "orders written", "database closed"])
    }

    @Test("Lifetimes: An inner scope shares the outer scope's instance and disposes only its own.")
    func nesting() throws {
        let container = try self.container()
        try container.bind(Database.self, Database.init)
        try container.bind(Orders.self, Orders.init)
        try self.simulation.run { [log] in try await DocumentationSamples.nesting(container, log) }
        #expect(self.log.lines == ["database opened", "shared: true", "orders written", "user 7", "database closed"])
    }

    @Test("Lifetimes: The four lifetimes are valid together, and open and synchronous scopes work as described.")
    func lifetimes() throws {
        let container = try self.container()
        try DocumentationSamples.lifetimes(container)
        #expect(container.validate().isValid)
        DocumentationSamples.validating(container)
        let report = try self.simulation.run { try await DocumentationSamples.openScope(container) }
        #expect(report.entries.map(\.label) == ["Orders"])
        #expect(report.isClean)
        try self.simulation.run { try await DocumentationSamples.enterScope(container) }
        #expect(self.log.lines.suffix(3) == ["ordered a kettle", "ordered tea", "orders written"])
        let plain = try self.container()
        try plain.bind(Settings.self) { Settings() }
        #expect(try DocumentationSamples.synchronous(plain) == 3)
        #expect(try DocumentationSamples.synchronousKeys(try self.container()) == 3)
    }

    @Test("Work that outlives a request: It runs in a detached scope, and the event of a close has the error of a body.")
    func detached() async throws {
        let container = Container()
        try container.bind(SampleLog.self, instance: self.log, owned: false)
        try container.bind(Database.self, lifetime: .singleton, Database.init)
        try container.bind(Orders.self, Orders.init)
        try await DocumentationSamples.detached(container, self.log)
        #expect(self.log.lines.sorted() == ["database opened", "ordered a kettle", "orders written", "user 7"])
        #expect(container.snapshot().outcomes?.returned == 2)
        let other = SampleLog()
        await DocumentationSamples.outcome(container, other)
        #expect(other.lines == ["threw Unreachable: unreachable"])
        try await container.close()
    }

    @Test("Bindings: Every form of binding creates the described instance.")
    func bindings() throws {
        let container = Container(environment: self.simulation.environment)
        try DocumentationSamples.bindings(container, self.log)
        try DocumentationSamples.managed(container)
        try self.simulation.run { [log] in
            try await container.withScope { scope in
                let report = try await scope.get(Report.self)
                let replica = try await scope.get(Database.self, name: "replica")
                #expect(report.database === replica)
                #expect(report.store.name == "sql")
                try await scope.get(Orders.self).place("a kettle")
                _ = try await scope.get(RedisClient.self)
            }
            #expect(Set(log.lines).isSuperset(of: ["connected", "disconnected", "ordered a kettle"]))
        }
        let aliased = try self.container()
        try DocumentationSamples.alias(aliased)
        let name = try self.simulation.run { try await aliased.withScope { try await $0.get((any Store).self).name } }
        #expect(name == "sql")
        let shared = try self.container()
        try DocumentationSamples.oneObject(shared, self.log)
        try self.simulation.run {
            let databases = [
                try await shared.get(Database.self), try await shared.get(Database.self, name: "replica"),
                try await shared.get(Database.self, name: "reports"),
            ]
            #expect(databases.allSatisfy { $0 === databases[0] })
            #expect(throws: ResourceError.self) { try shared.bind(Database.self, name: "again", instance: databases[0]) }
            try await shared.close()
        }
        #expect(self.log.lines.suffix(2) == ["database opened", "database closed"])
    }

    @Test("Factories and modules: One factory creates two pools, and a module and a container are written as lists.")
    func modules() async throws {
        let container = try self.container()
        try DocumentationSamples.factory(container)
        try self.simulation.run {
            try await container.withScope { scope in
                let orders = try await scope.get(ResourcePool<Connection>.self, name: "orders")
                let users = try await scope.get(ResourcePool<Connection>.self, name: "users")
                #expect([orders.name, users.name] == ["orders", "users"])
                #expect(orders.configuration.maximum == 8)
            }
        }
        let shop = try DocumentationSamples.module(self.log)
        #expect(shop.validate().isValid)
        #expect(shop.snapshot().bindings.count == 4)
    }

    @Test("When things go wrong: Errors name the key, fallbacks serve, reports list failures, and resources report errors.")
    func failures() throws {
        let container = try self.container()
        try container.bind(Database.self) { () throws -> Database in throw Unreachable() }
        let text = try self.simulation.run { try await DocumentationSamples.failing(container) }
        #expect(text == "Database failed: unreachable")

        try DocumentationSamples.fallback(container)
        let name = try self.simulation.run { try await container.withScope { try await $0.get((any Store).self).name } }
        #expect(name == "memory")

        try container.bind(RedisClient.self, lifecycle: .managed(onDispose: { _ in throw Unreachable() }), RedisClient.init)
        try self.simulation.run { [log] in try await DocumentationSamples.reports(container, log) }
        #expect(self.log.lines == ["RedisClient threw: unreachable"])

        try container.bind(DocumentationSamples.Cache.self) { DocumentationSamples.Cache() }
        let before = container.snapshot().books.errors
        try self.simulation.run { try await container.withScope { _ = try await $0.get(DocumentationSamples.Cache.self) } }
        #expect(container.snapshot().books.errors == before + 1)
        let report = try self.simulation.run { try await DocumentationSamples.forcing(container) }
        #expect(report.isClean)
    }

    @Test("Closing in time: A dispose that does not return is named with the budget.")
    func closingInTime() throws {
        let container = try self.container()
        let time = self.simulation.environment.time
        let options = BindingOptions(disposeTimeout: .seconds(60))
        try container.bind(
            RedisClient.self,
            lifetime: .singleton,
            lifecycle: .managed(onDispose: { _ in try await time.sleep(for: .seconds(40)) }),
            options: options,
            RedisClient.init
        )
        try self.simulation.run { [log] in
            _ = try await container.get(RedisClient.self)
            try await DocumentationSamples.closingInTime(container, log)
        }
        #expect(self.simulation.now.nanoseconds == 20_000_000_000)
        #expect(self.log.lines.count == 1)
        let text = "RedisClient: its dispose did not return within the close's budget of 20.0 seconds"
        #expect(self.log.lines.first?.hasPrefix(text) == true)
    }

    @Test("Concurrent start and close: The container's steps run concurrently, and one scope stays serial.")
    func concurrentStartAndClose() async throws {
        try await DocumentationSamples.sideBySide(self.log)
        #expect(self.log.lines == ["database opened", "orders written", "database closed"])
    }

    @Test("Budgets: The budgets of a binding apply.")
    func budgets() throws {
        let container = try self.container()
        try DocumentationSamples.budgets(container)
        try self.simulation.run {
            try await container.withScope { _ = try await $0.get(Database.self) }
        }
        #expect(self.log.lines == ["database opened", "database closed"])
    }

    @Test("Testing: The application gets the override inside of overriding, its own binding outside, and leaves no residue.")
    func overriding() throws {
        let container = try self.container()
        try container.bind((any Mailer).self) { SMTPMailer() }
        let sent = try self.simulation.run { try await DocumentationSamples.overriding(container) }
        #expect(sent == ["a kettle"])
        #expect(DocumentationSamples.nothingLeft(container))
        #expect(throws: Unreachable.self) { try self.simulation.run { try await placeOrder(container) } }
    }
}
