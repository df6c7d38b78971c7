import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

/// The specification's "Summary": its key features, one by one, in one small program.
@Suite("Spec: Summary")
struct SummaryTests {
    /// Depends on a pool, a cache, and a setting, and records its lifecycle.
    private final class Service: Resource, Pingable {
        let pool: ResourcePool<RawConnection>
        private let journal: Journal

        init(pool: ResourcePool<RawConnection>, cache: CacheConnection, journal: Journal) {
            self.pool = pool
            self.journal = journal
        }

        func initialize() async throws { self.journal.write("+service") }
        func dispose() async throws { self.journal.write("-service") }
        func ping() async throws {}
        func work() async throws { _ = try await self.pool.withLease { try $0.execute("SELECT 1") } }
    }

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container() throws -> Container {
        let (environment, journal) = (self.simulation.environment, self.journal)
        return try Container("program", environment: environment) {
            Bind(Journal.self, instance: journal, owned: false)
            Bind(CacheConnection.self, lifetime: .singleton, CacheConnection.init)
            Bind(ResourcePool<RawConnection>.self, lifetime: .singleton) {
                try ResourcePool(
                    name: "connections",
                    configuration: PoolConfiguration(maximum: 2),
                    environment: environment,
                    make: {
                        journal.write("+connection")
                        return RawConnection()
                    },
                    close: { _ in journal.write("-connection") }
                )
            }
            Bind(Service.self, Service.init)
        }
    }

    @Test("Automatic resource initialization when first accessed: A resource is initialized after its dependencies.")
    func initialization() throws {
        let container = try self.container()
        try self.simulation.run { [journal] in
            try await container.withScope { scope in
                #expect(journal.entries.isEmpty)
                _ = try await scope.get(Service.self)
                #expect(journal.entries == ["+cache", "+service"])
            }
        }
    }

    @Test("Automatic cleanup when exiting resource scopes: Each scope disposes its own instances, dependents first.")
    func cleanup() throws {
        let container = try self.container()
        try self.simulation.run { [journal] in
            try await container.withScope { try await $0.get(Service.self).work() }
            #expect(journal.entries == ["+cache", "+service", "+connection", "-service"])
            let report = try await container.close()
            #expect(report.isClean)
            #expect(report.entries.count == 2)
        }
        #expect(Set(self.journal.entries.suffix(2)) == ["-connection", "-cache"])
        #expect(container.snapshot().books.active == 0)
    }

    @Test("Support for async and sync resource management: One container serves both and shares instances between them.")
    func both() throws {
        final class Settings: SyncResource {
            private let journal: Journal
            init(_ journal: Journal) { self.journal = journal }
            func initialize() throws { self.journal.write("+settings") }
        }
        let container = try self.container()
        try container.bind(Settings.self, lifetime: .singleton) { [journal] in Settings(journal) }
        let first = try container.withScope { try $0.get(Settings.self) }
        let second = try self.simulation.run { try await container.withScope { try await $0.get(Settings.self) } }
        #expect(first === second)
        #expect(self.journal.entries == ["+settings"])
    }

    @Test("Resource pooling for efficient resource usage: A hundred uses share one connection.")
    func pooling() throws {
        let container = try self.container()
        try self.simulation.run {
            for _ in 0..<100 { try await container.withScope { try await $0.get(Service.self).work() } }
        }
        #expect(self.journal.entries.count { $0 == "+connection" } == 1)
        #expect(self.journal.entries.count { $0 == "+service" } == 100)
    }

    @Test("Monitoring and health checking: Usage and pools need no code in the resources; health needs one protocol.")
    func monitoring() throws {
        let container = try self.container()
        let monitor = ResourceMonitor(container)
        let healthy = try self.simulation.run {
            try await container.withScope { scope in
                let service = try await scope.get(Service.self)
                try await service.work()
                let results = await HealthChecker(container).checkAll()
                return container.resources().filter { results[$0.id]?.status == .healthy }.map(\.label)
            }
        }
        let report = monitor.report()
        #expect(healthy.contains("Service"))
        #expect(report.overall.resourcesCreated == 3)
        #expect(report.overall.activeResources == 2)
        #expect(report.pools.map(\.name) == ["connections"])
        #expect(report.pools.first?.totalCreated == 1)
    }

    @Test("Best practices: Validation before the program runs finds missing, circular, and captive dependencies.")
    func validation() throws {
        #expect(try self.container().validate().isValid)
        let faulty = try Container {
            Bind(CacheConnection.self, CacheConnection.init)
            Bind(Service.self, lifetime: .singleton, Service.init)
        }
        let faults = faulty.validate().problems.map(\.fault)
        #expect(faults.contains(.missing))
        #expect(faults.contains(.captive))
        struct First: Sendable { let second: Second }
        struct Second: Sendable { init(first: First) {} }
        let circular = try Container {
            Bind(First.self, First.init)
            Bind(Second.self, Second.init)
        }
        #expect(circular.validate().problems.map(\.fault).contains(.cycle))
    }

    @Test("Diagnostics: The graph, a snapshot, and the events of a program agree on its instances.")
    func diagnostics() throws {
        let container = try self.container()
        let subscription = container.subscribe()
        try self.simulation.run {
            try await container.withScope("request") { scope in
                _ = try await scope.get(Service.self)
                let labels = Set(
                    container.snapshot().resources.compactMap { row in
                        container.snapshot().bindings.first { $0.id == row.binding }?.label
                    }
                )
                #expect(labels == ["Service", "ResourcePool<RawConnection>", "CacheConnection"])
            }
        }
        let graph = container.graph().text
        for label in ["Service", "ResourcePool<RawConnection>", "CacheConnection"] { #expect(graph.contains(label)) }
        let ready = subscription.drain().events.count { if case .ready = $0.kind { true } else { false } }
        #expect(ready == container.snapshot().books.created)
    }
}
