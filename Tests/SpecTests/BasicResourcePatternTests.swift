import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Basic Resource Pattern": a connection that is initialized on first access and disposed when its scope ends.
///
/// Corrected here: on the page, `execute_query` initializes the connection if necessary. The container does that, so a resolved connection
/// is always ready. The page also binds an instance, which a scope can neither dispose nor create again. Here an instance lives as long as
/// the container; for a scope's lifetime, bind a closure or initializer.
@Suite("Spec: Basic Resource Pattern")
struct BasicResourcePatternTests {
    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(DatabaseConnection.self) { [journal] in DatabaseConnection(DatabaseConfig(), journal) }
        return container
    }

    @Test("Basic pattern: A resource is initialized at its first request, used, and disposed when its scope ends.")
    func basicPattern() throws {
        let container = try self.container()
        let result = try self.simulation.run { [journal] in
            try await container.withScope { _ in
                #expect(journal.entries.isEmpty)
                let database = try await container.get(DatabaseConnection.self)
                #expect(journal.entries == ["+database"])
                return try await database.executeQuery("SELECT * FROM users")
            }
        }
        #expect(result == "1: SELECT * FROM users")
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Basic pattern: The container tracks is_initialized, and a second request returns the same connection.")
    func onceInitialized() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope { scope in
                let first = try await scope.get(DatabaseConnection.self)
                let second = try await container.get(DatabaseConnection.self)
                #expect(first === second)
            }
        }
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Basic pattern: A bound resource that is never requested is neither initialized nor disposed.")
    func neverRequested() throws {
        let container = try self.container()
        try container.bind(CacheConnection.self, instance: CacheConnection(self.journal))
        try self.simulation.run {
            try await container.withScope { _ in }
            try await container.close()
        }
        #expect(self.journal.entries.isEmpty)
        #expect(container.snapshot().books.created == 0)
    }

    @Test("Basic pattern: A bound instance outlives the scopes that use it and is disposed once, with the container.")
    func boundInstance() throws {
        let container = Container(environment: self.simulation.environment)
        let connection = DatabaseConnection(DatabaseConfig(), self.journal)
        try container.bind(DatabaseConnection.self, instance: connection)
        try self.simulation.run { [journal] in
            for _ in 0..<2 {
                try await container.withScope { _ in
                    let database = try await container.get(DatabaseConnection.self)
                    #expect(database === connection)
                }
                #expect(journal.entries == ["+database"])
            }
            try await container.close()
        }
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Basic pattern: The connection is never used before it is initialized or after it is disposed.")
    func alwaysReady() throws {
        let container = try self.container()
        try self.simulation.run {
            let database = try await container.withScope { scope in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<10 { group.addTask { try await scope.get(DatabaseConnection.self).executeQuery("SELECT 1") } }
                    for try await answer in group { #expect(answer == "1: SELECT 1") }
                }
                return try await scope.get(DatabaseConnection.self)
            }
            await #expect(throws: RawConnection.NotOpen.self) { try await database.executeQuery("SELECT 1") }
        }
    }

    @Test("Basic pattern: The two lines that the page prints are events about the same instance.")
    func events() throws {
        let container = try self.container()
        let subscription = container.subscribe()
        let id = try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(DatabaseConnection.self)
                return container.resources().map(\.id)
            }
        }
        let steps = subscription.drain().events.compactMap { event in
            switch event.kind {
            case .ready: ("initialized", event.resource)
            case .disposed: ("disposed", event.resource)
            default: nil
            }
        }
        #expect(id.count == 1)
        #expect(steps.map(\.0) == ["initialized", "disposed"])
        #expect(steps.map(\.1) == [id.first, id.first])
    }
}
