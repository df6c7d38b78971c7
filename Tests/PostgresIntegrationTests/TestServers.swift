import LoopbackServers
import PostgresResources
import Testing

/// The suite of all tests that need a PostgreSQL server, which run one after the other.
@Suite("PostgreSQL", .serialized, .servers)
struct PostgresTests {}

/// A server that the tests of the suite share, and the template for tests that need a separate one.
struct TestServers: Sendable {
    @TaskLocal private static var provided: TestServers?

    let shared: PostgresServer
    let template: PostgresTemplate

    static var current: TestServers {
        get throws { try #require(Self.provided) }
    }

    struct Provider: SuiteTrait, TestScoping {
        @concurrent func provideScope(
            for test: Test,
            testCase: Test.Case?,
            performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            let template = try await PostgresTemplate()
            let servers = TestServers(shared: try await template.server(), template: template)
            try await TestServers.$provided.withValue(servers) { try await function() }
            await servers.shared.stop()
        }
    }
}

extension Trait where Self == TestServers.Provider {
    static var servers: Self { Self() }
}

extension PostgresServer {
    /// The configuration for connecting to this server.
    func configuration(as name: String = "resmon", password: String = PostgresTemplate.password) -> PostgresConfiguration {
        PostgresConfiguration(
            host: "127.0.0.1",
            port: self.port,
            user: PostgresTemplate.user,
            password: password,
            database: "postgres",
            applicationName: name
        )
    }
}

/// Runs `body` with a connection to `server`, by default the shared one, which is closed afterward in any case.
func withConnection<Result>(
    to server: PostgresServer? = nil,
    as name: String = "resmon",
    _ configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresConnection) async throws -> Result
) async throws -> Result {
    var configuration = try (server ?? TestServers.current.shared).configuration(as: name)
    configure(&configuration)
    let connection = PostgresConnection(configuration)
    try await connection.initialize()
    do {
        let result = try await body(connection)
        try await connection.dispose()
        return result
    } catch {
        try await connection.dispose()
        throw error
    }
}

extension PostgresConnection {
    /// The number of the server's connections with this name.
    func count(of name: String) async throws -> Int {
        let result = try await self.query("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = $1", [.text(name)])
        return try result.rows[0].value("n")
    }

    /// The number of running statements on connections with this name.
    func running(on name: String) async throws -> Int {
        let statement = "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'"
        return try await self.query(statement, [.text(name)]).rows[0].value("n")
    }

    /// Whether the connection returns the expected result.
    var answers: Bool {
        get async throws { try await self.query("SELECT 42 AS n").rows[0].value("n") == 42 }
    }
}

/// Returns the error that `body` throws, which must be a ``PostgresError``.
func postgresError(_ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) async throws -> PostgresError {
    let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { try await body() }
    return try #require(error, sourceLocation: sourceLocation)
}

/// Measures the duration of `body`.
func duration(of body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return ContinuousClock.now - start
}
