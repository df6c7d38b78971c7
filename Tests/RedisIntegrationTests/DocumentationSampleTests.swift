import LoopbackServers
import RedisResources
import ResourceContainer
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: RedisResources")
struct DocumentationSampleTests {
    @Test("A pool that is bound to a container stores and returns a value, and closes with the container.")
    func pool() async throws {
        let server = try await RedisServer()
        let configuration = server.configuration()
        let container = Container("shop")
        try container.bind(RedisPool.self, lifetime: .singleton) { try RedisPool(configuration, pool: PoolConfiguration(maximum: 10)) }
        let pool = try await container.get(RedisPool.self)
        try await pool.set("city", "Bern")
        let city = try await pool.get("city")
        let report = try await container.close()
        await server.stop()
        #expect(city == "Bern")
        #expect(report.isClean)
    }
}
