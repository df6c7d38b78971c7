import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    /// Compiles and runs the sample of the library's documentation catalog.
    @Suite("Sample of the documentation: PostgresResources")
    struct DocumentationSampleTests {
        @Test("A pool that is bound to a container answers a query and closes with the container.")
        func pool() async throws {
            let server = try TestServers.current.shared.configuration()
            let container = Container("shop")
            try container.bind(PostgresPool.self, lifetime: .singleton) { try PostgresPool(server, maximum: 10) }
            let pool = try await container.get(PostgresPool.self)
            let result = try await pool.query("SELECT $1::text AS city", ["Bern"])
            let city: String = try result.rows[0].value("city")
            let report = try await container.close()
            #expect(city == "Bern")
            #expect(report.isClean)
        }
    }
}
