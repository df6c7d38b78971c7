import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's bad pattern 1, "Manual Resource Management": the parts that are prevented and the parts that are found.
///
/// Not detectable: code that calls `initialize()` or `dispose()` of an instance manually. To prevent it, keep the two steps out of the
/// type's interface and specify them with the binding.
@Suite("Spec: Bad pattern, Manual Resource Management")
struct ManualResourceManagementTests {
    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container(_ options: BindingOptions = BindingOptions()) throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(DatabaseConnection.self, options: options) { [journal] in DatabaseConnection(DatabaseConfig(), journal) }
        return container
    }

    @Test("Prevented: No instance needs manual initialization or a finally; a resolved instance is ready and is disposed.")
    func prevented() throws {
        let container = try self.container()
        #expect(throws: RawConnection.NotOpen.self) {
            try self.simulation.run {
                try await container.withScope { scope in
                    let database = try await scope.get(DatabaseConnection.self)
                    #expect(try await database.executeQuery("SELECT * FROM users") == "1: SELECT * FROM users")
                    throw RawConnection.NotOpen()
                }
            }
        }
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Prevented: Steps specified with the binding cannot be called by other code, because the type has none.")
    func stepsCannotBeCalled() throws {
        final class Connection: Sendable {
            private let journal: Journal
            init(_ journal: Journal) { self.journal = journal }
            fileprivate func connect() { self.journal.write("+") }
            fileprivate func disconnect() { self.journal.write("-") }
        }
        let container = Container(environment: self.simulation.environment)
        try container.bind(
            Connection.self,
            lifecycle: .managedSynchronously(onInitialize: { $0.connect() }, onDispose: { $0.disconnect() })
        ) { [journal] in Connection(journal) }
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Connection.self) } }
        #expect(self.journal.entries == ["+", "-"])
    }

    @Test("Prevented: The page's leaky function, a request outside any scope, is refused.")
    func leakyFunction() throws {
        let container = try self.container()
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { _ = try await container.get(DatabaseConnection.self) }
        }
        #expect(error?.code == .noScope)
        #expect(container.snapshot().books.created == 0)
    }

    @Test("Found: A forgotten open scope is in the snapshot with its source location and is closed with the container.")
    func forgottenScope() throws {
        let container = try self.container()
        try self.simulation.run {
            let line: UInt = #line + 1
            let scope = try container.openScope("forgotten")
            _ = try await scope.get(DatabaseConnection.self)
            let open = container.snapshot().scopes.filter { $0.parent != nil }
            #expect(open.map(\.name) == ["forgotten"])
            #expect(open.first?.location.line == line)
            #expect(open.first?.books.ready == 1)
            try await container.close()
        }
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Found: An instance that is referenced after its dispose is listed, if its binding tracks outliving instances.")
    func outliving() throws {
        let container = try self.container(BindingOptions(trackOutliving: true))
        try self.simulation.run {
            let kept = Lock<DatabaseConnection?>(nil)
            try await container.withScope { scope in
                let database = try await scope.get(DatabaseConnection.self)
                kept.withLock { $0 = database }
            }
            #expect(container.outliving().map(\.label) == ["DatabaseConnection"])
            kept.withLock { $0 = nil }
            #expect(container.outliving().isEmpty)
        }
    }

    @Test(
        "Found: A lease held too long is suspected with its source location; on return the suspicion is withdrawn."
    )
    func suspectedLease() throws {
        let container = Container(environment: self.simulation.environment)
        let environment = self.simulation.environment
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: 1, leakThreshold: .seconds(10)),
                environment: environment,
                make: { RawConnection() }
            )
        }
        let subscription = container.subscribe()
        let line: UInt = #line + 3
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            let lease = try await pool.acquire().detach()
            try await environment.time.sleep(for: .seconds(9))
            #expect(pool.metrics().leaked == 0)
            try await environment.time.sleep(for: .seconds(2))
            #expect(pool.metrics().leaked == 1)
            try await environment.time.sleep(for: .seconds(9))
            try pool.release(lease.handle)
            #expect(pool.metrics().leaked == 0)
        }
        let alarms = subscription.drain().events.compactMap { event -> String? in
            switch event.kind {
            case .leakSuspected(let location, _, let held): "suspected, line \(location.line), after \(held)"
            case .leakWithdrawn(let location, let held): "withdrawn, line \(location.line), after \(held)"
            default: nil
            }
        }
        #expect(alarms == ["suspected, line \(line), after 10.0 seconds", "withdrawn, line \(line), after 20.0 seconds"])
    }

    @Test("Found: A lease that outlives the scope that acquired it is lost.")
    func lostLease() throws {
        let container = Container(environment: self.simulation.environment)
        let environment = self.simulation.environment
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "DatabasePool",
                configuration: PoolConfiguration(maximum: 1),
                environment: environment,
                make: { RawConnection() }
            )
        }
        let subscription = container.subscribe()
        try self.simulation.run {
            let handle = try await container.withScope { scope in
                try await scope.get(ResourcePool<RawConnection>.self).acquire().detach().handle
            }
            let pool = try await container.get(ResourcePool<RawConnection>.self)
            #expect(pool.metrics().leaked == 1)
            #expect(pool.poolSample().lost == 1)
            try pool.release(handle)
            #expect(pool.poolSample().leased == 0)
        }
        #expect(subscription.drain().events.count { if case .leaseLost = $0.kind { true } else { false } } == 1)
    }

    @Test("Prevented: A lease cannot be forgotten, because it ends with its closure or with the value that holds it.")
    func lease() throws {
        let pool = try ResourcePool(
            name: "DatabasePool",
            configuration: PoolConfiguration(maximum: 1),
            environment: self.simulation.environment,
            make: { RawConnection() }
        )
        try self.simulation.run {
            for _ in 0..<3 { _ = try await pool.withLease { $0 } }
            #expect(pool.poolSample().leased == 0)
            for _ in 0..<3 { _ = try await pool.acquire() }
            #expect(pool.poolSample().leased == 0)
            #expect(pool.poolSample().dropped == 3)
        }
    }
}
