import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Resource Scope Management": a scope's resources are disposed when it ends, and scopes nest.
@Suite("Spec: Resource Scope Management")
struct ResourceScopeManagementTests {
    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(DatabaseConnection.self) { [journal] in DatabaseConnection(DatabaseConfig(), journal) }
        try container.bind(CacheConnection.self) { [journal] in CacheConnection(journal) }
        return container
    }

    @Test("Request scope: Resources are initialized at their first request and disposed at the end, newest first.")
    func request() throws {
        let container = try self.container()
        let answer = try self.simulation.run {
            try await container.withScope("request") { _ in
                let database = try await container.get(DatabaseConnection.self)
                let cache = try await container.get(CacheConnection.self)
                let user = try await database.executeQuery("SELECT * FROM users WHERE id = 7")
                await cache.set("user:7", user)
                return ["user": await cache.get("user:7")]
            }
        }
        #expect(answer == ["user": "1: SELECT * FROM users WHERE id = 7"])
        #expect(self.journal.entries == ["+database", "+cache", "-cache", "-database"])
    }

    @Test("Request scope: Every request has its own resources.")
    func ownResources() throws {
        let container = try self.container()
        try self.simulation.run {
            let first = try await container.withScope("request") { try await $0.get(DatabaseConnection.self) }
            let second = try await container.withScope("request") { try await $0.get(DatabaseConnection.self) }
            #expect(first !== second)
        }
        #expect(self.journal.entries == ["+database", "-database", "+database", "-database"])
    }

    @Test("Request scope: Concurrent requests do not see each other's resources.", arguments: 0..<10 as Range<UInt64>)
    func concurrentRequests(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        try container.bind(DatabaseConnection.self) { DatabaseConnection() }
        let connections = try simulation.run {
            try await withThrowingTaskGroup(of: DatabaseConnection.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await container.withScope("request") { _ in
                            let database = try await container.get(DatabaseConnection.self)
                            try await simulation.environment.time.sleep(for: .milliseconds(1))
                            let again = try await container.get(DatabaseConnection.self)
                            #expect(again === database)
                            return database
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(Set(connections.map { ObjectIdentifier($0) }).count == 8)
    }

    @Test("Nested scopes: The inner scope shares the outer scope's resources, and only its own are disposed at its end.")
    func nested() throws {
        let container = try self.container()
        try self.simulation.run { [journal] in
            try await container.withScope("outer") { _ in
                let database = try await container.get(DatabaseConnection.self)
                try await container.withScope("inner") { _ in
                    let same = try await container.get(DatabaseConnection.self)
                    #expect(same === database)
                    _ = try await container.get(CacheConnection.self)
                    #expect(journal.entries == ["+database", "+cache"])
                }
                #expect(journal.entries == ["+database", "+cache", "-cache"])
                #expect(try await database.executeQuery("COMMIT") == "1: COMMIT")
            }
        }
        #expect(self.journal.entries == ["+database", "+cache", "-cache", "-database"])
    }

    @Test("Nested scopes: outer_scope and inner_scope are two scopes, one inside the other.")
    func scopes() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope("outer") { outer in
                try await container.withScope("inner") { inner in
                    #expect(inner.parent === outer)
                    #expect(outer.parent === container.root)
                    #expect(Scope.current === inner)
                    #expect(inner.isOpen)
                    #expect(outer.isOpen)
                }
                #expect(Scope.current === outer)
            }
            #expect(Scope.current == nil)
        }
    }

    @Test("Proper cleanup: A body that throws has its resources disposed, and its error propagates unchanged.")
    func throwing() throws {
        let container = try self.container()
        #expect(throws: Refused.self) {
            try self.simulation.run {
                try await container.withScope("request") { scope in
                    _ = try await scope.get(DatabaseConnection.self)
                    throw Refused()
                }
            }
        }
        #expect(self.journal.entries == ["+database", "-database"])
    }

    @Test("Proper cleanup: A body that is canceled has its resources disposed.")
    func cancelled() throws {
        let container = try self.container()
        let time = self.simulation.environment.time
        try self.simulation.run { [journal] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await container.withScope("request") { scope in
                        _ = try await scope.get(DatabaseConnection.self)
                        try await time.sleep(for: .seconds(60))
                        journal.write("never")
                    }
                }
                try? await time.sleep(for: .seconds(1))
                group.cancelAll()
            }
        }
        #expect(self.journal.entries == ["+database", "-database"])
        #expect(self.simulation.now.nanoseconds == 1_000_000_000)
    }

    @Test("A scoped resource is refused outside any scope, because nothing would dispose it.")
    func outside() throws {
        let container = try self.container()
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { _ = try await container.get(DatabaseConnection.self) }
        }
        #expect(error?.code == .noScope)
        #expect(error?.key == "DatabaseConnection")
        #expect(self.journal.entries.isEmpty)
    }
}
