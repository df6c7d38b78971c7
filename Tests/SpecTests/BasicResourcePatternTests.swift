import ResourceContainer
import ResourceSimulation
import Testing

/// The page's "Basic Resource Pattern": a connection that is initialised on first access and disposed when its scope ends.
///
/// Corrected here: the page's `execute_query` initialises the connection itself when nobody has; the container does that, so a
/// connection that is handed out is always ready.
@Suite("Spec: Basic Resource Pattern")
struct BasicResourcePatternTests {
    struct DatabaseConfig: Sendable {
        var name = "users"
    }

    final class DatabaseConnection: Resource {
        private let config: DatabaseConfig
        private let log: Lock<[String]>

        init(_ config: DatabaseConfig, log: consuming Lock<[String]> = Lock([])) {
            self.config = config
            self.log = log
        }

        func initialize() async throws {
            self.log.withLock { $0.append("initialized") }
        }

        func dispose() async throws {
            self.log.withLock { $0.append("disposed") }
        }

        func executeQuery(_ query: String) async throws -> String {
            "\(self.config.name): \(query)"
        }

        var events: [String] {
            self.log.withLock { $0 }
        }
    }

    @Test("Basic pattern: the resource is initialised automatically, used, and disposed automatically")
    func basicPattern() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let connection = DatabaseConnection(DatabaseConfig())
        try container.bind(DatabaseConnection.self, instance: connection)
        try simulation.run {
            let result = try await container.withScope { _ in
                let database = try await container.get(DatabaseConnection.self)
                #expect(connection.events == ["initialized"])
                return try await database.executeQuery("SELECT * FROM users")
            }
            #expect(result == "users: SELECT * FROM users")
            try await container.close()
        }
        #expect(connection.events == ["initialized", "disposed"])
    }

    @Test("Resource scope management: what a request used is disposed when the request ends")
    func requestScope() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let connections = Lock<[DatabaseConnection]>([])
        try container.bind(DatabaseConnection.self) { () -> DatabaseConnection in
            let connection = DatabaseConnection(DatabaseConfig())
            connections.withLock { $0.append(connection) }
            return connection
        }
        try simulation.run {
            for _ in 0..<2 {
                try await container.withScope("request") { _ in
                    _ = try await container.get(DatabaseConnection.self)
                    _ = try await container.get(DatabaseConnection.self)
                }
            }
        }
        #expect(connections.withLock { $0.map(\.events) } == [["initialized", "disposed"], ["initialized", "disposed"]])
    }

    @Test("Nested scopes: the inner scope can use the outer one's resources, which are still there when it has ended")
    func nestedScopes() throws {
        final class CacheConnection: SyncResource {
            private let disposed = Lock(false)
            func dispose() throws { self.disposed.withLock { $0 = true } }
            var isDisposed: Bool { self.disposed.withLock { $0 } }
        }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(DatabaseConnection.self) { DatabaseConnection(DatabaseConfig()) }
        try container.bind(CacheConnection.self) { CacheConnection() }
        try simulation.run {
            let database = try await container.withScope("outer") { _ in
                let database = try await container.get(DatabaseConnection.self)
                let cache = try await container.withScope("inner") { _ in
                    let sameDatabase = try await container.get(DatabaseConnection.self)
                    #expect(sameDatabase === database)
                    return try await container.get(CacheConnection.self)
                }
                #expect(cache.isDisposed)
                #expect(database.events == ["initialized"])
                #expect(try await database.executeQuery("COMMIT") == "users: COMMIT")
                return database
            }
            #expect(database.events == ["initialized", "disposed"])
        }
    }

    @Test("Managed resource: a type that knows nothing of resources is given a lifecycle where it is bound")
    func managedResource() throws {
        final class RedisClient: Sendable {
            private let connected = Lock(false)
            func connect() async { self.connected.withLock { $0 = true } }
            func disconnect() async { self.connected.withLock { $0 = false } }
            var isConnected: Bool { self.connected.withLock { $0 } }
        }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(
            RedisClient.self,
            lifecycle: .managed(onInitialize: { await $0.connect() }, onDispose: { await $0.disconnect() })
        ) { RedisClient() }
        try simulation.run {
            let client = try await container.withScope { scope in
                let client = try await scope.get(RedisClient.self)
                #expect(client.isConnected)
                return client
            }
            #expect(!client.isConnected)
        }
    }

    @Test("Explicit cleanup in synchronous code: a synchronous scope disposes what it made")
    func synchronous() throws {
        final class Service: SyncResource {
            private let log: Lock<[String]> = Lock([])
            func initialize() throws { self.log.withLock { $0.append("initialized") } }
            func dispose() throws { self.log.withLock { $0.append("disposed") } }
            func process() -> Int { 42 }
            var events: [String] { self.log.withLock { $0 } }
        }
        let container = Container()
        try container.bind(Service.self) { Service() }
        let (service, result) = try container.withScope { scope in
            let service = try scope.get(Service.self)
            return (service, service.process())
        }
        #expect(result == 42)
        #expect(service.events == ["initialized", "disposed"])
    }

    @Test("Graceful degradation: a resource that cannot be initialised is answered with a typed error, and a fallback takes its place")
    func fallback() throws {
        struct Refused: Error {}
        struct Primary: Sendable {}
        struct Fallback: Sendable { func process() -> String { "fallback" } }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Primary.self) { () async throws -> Primary in throw Refused() }
        try container.bind(Fallback.self) { Fallback() }
        let result = try simulation.run {
            do {
                return try await container.withScope { _ in
                    _ = try await container.get(Primary.self)
                    return "primary"
                }
            } catch let error as ResourceError where error.code == .initialisationFailed {
                #expect(error.underlying is Refused)
                return try await container.withScope { _ in try await container.get(Fallback.self).process() }
            }
        }
        #expect(result == "fallback")
    }
}
