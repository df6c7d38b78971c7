import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Testing

private final class Database: Resource {}
private final class Orders: Resource {
    let database: Database
    init(database: Database) { self.database = database }
}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceTesting")
struct DocumentationSampleTests {
    @Test("For every seed, the end of a scope disposes the orders and not the database.")
    func disposal() async throws {
        try await sweep(seeds: 0..<100) { simulation in
            try await withTestContainer(environment: simulation.environment) {
                Bind(Database.self, lifetime: .singleton) { Database() }
                Bind(Orders.self, Orders.init)
            } body: { container in
                try await expectDisposal(in: container, order: ["Orders"]) {
                    try await container.withScope("request") { _ = try await $0.get(Orders.self) }
                }
            }
        }
    }
}
