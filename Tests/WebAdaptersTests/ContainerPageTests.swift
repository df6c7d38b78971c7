import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing
import WebAdapters

@Suite("Pages about a container")
struct ContainerPageTests {
    private let simulation = Simulation(seed: 1)

    private func pages(of container: Container) throws -> [String: ContainerPage.Content] {
        let health = HealthChecker(container)
        let pages = ContainerPage.all(health: health, monitor: ResourceMonitor(container, health: health))
        return try Dictionary(uniqueKeysWithValues: pages.map { ($0.name, try $0.content()) })
    }

    @Test("An open container is live and ready, and its metrics are text for Prometheus.")
    func open() throws {
        let container = Container("web", environment: self.simulation.environment)
        let pages = try self.pages(of: container)
        #expect(pages["live"]?.isPassing == true)
        #expect(pages["live"]?.type == "application/json")
        #expect(pages["live"]?.body == #"{"isPassing":true,"reasons":["no health checker runs"]}"#)
        #expect(pages["ready"]?.isPassing == true)
        #expect(pages["metrics"]?.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(pages["metrics"]?.body.contains("\nresmon_scopes_open{container=\"web\"} 0\n") == true)
    }

    @Test("A closed container is live and not ready.")
    func closed() throws {
        let container = Container("web", environment: self.simulation.environment)
        try self.simulation.run { _ = try await container.close() }
        let pages = try self.pages(of: container)
        #expect(pages["live"]?.isPassing == true)
        #expect(pages["ready"]?.isPassing == false)
        #expect(pages["ready"]?.body.contains("closed") == true)
    }

    @Test("Without a monitor there is no page of metrics.")
    func withoutMonitor() {
        let container = Container("web", environment: self.simulation.environment)
        let pages = ContainerPage.all(health: HealthChecker(container), monitor: nil)
        #expect(pages.map(\.name) == ["live", "ready"])
    }
}
