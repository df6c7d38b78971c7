import ResourceContainer
import ResourceSimulation
import Testing

private final class Database: Resource {}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceSimulation")
struct DocumentationSampleTests {
    @Test("An hour of virtual time passes in a simulation, and the container is closed in it.")
    func hour() throws {
        let simulation = Simulation(seed: 7)
        let container = Container("shop", environment: simulation.environment)
        try container.bind(Database.self, lifetime: .singleton) { Database() }
        try simulation.run {
            _ = try await container.get(Database.self)
            try await simulation.environment.time.sleep(for: .seconds(3600))  // takes no real time
            try await container.close()
        }
        #expect(simulation.now.nanoseconds == 3_600_000_000_000)
        #expect(container.snapshot().books.disposed == 1)
    }
}
