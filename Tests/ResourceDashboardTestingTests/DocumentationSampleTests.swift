import ResourceContainer
import ResourceDashboardTesting
import ResourceSimulation
import ResourceTesting
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceDashboardTesting")
struct DocumentationSampleTests {
    @Test("A scripted session opens a scope, which the last frame shows.")
    func session() throws {
        try simulate(seed: 7) { simulation in
            let container = Container("shop", environment: simulation.environment)
            let session = DashboardSession(container, size: Size(width: 100, height: 24))
            try await session.play("2 o", "wait 1s")  // the scopes; open one
            #expect(session.frame.text.contains(" manual-1 "))
            try await session.close()
            try await container.close()
        }
    }
}
