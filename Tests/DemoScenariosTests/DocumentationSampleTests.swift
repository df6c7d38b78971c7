import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

final class Newsletter: Resource {}

struct NewsletterScenario: Scenario {
    static let name = "newsletter"
    static let summary = "one newsletter after the other, each in a scope"
    static let findings: Set<Finding.Kind> = []

    func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind(Newsletter.self) { Newsletter() }
    }

    func run(_ container: Container, world: ScenarioWorld) async {
        while !Task.isCancelled {
            try? await container.withScope("newsletter") { _ = try await $0.get(Newsletter.self) }
            try? await world.turn(.milliseconds(100), .milliseconds(500))
        }
    }
}

/// Compiles and runs the samples of the documentation catalogs of ResourceScenarios and DemoScenarios.
@Suite("Samples of the documentation: scenarios")
struct DocumentationSampleTests {
    @Test("A custom scenario runs a minute of simulated time without findings.")
    func custom() async throws {
        let session = try SimulatedSession(NewsletterScenario.self, seed: 7)
        let updates = await session.advance(to: .seconds(60))
        let findings = session.monitor.findings()
        #expect(updates.count == 240)
        #expect(findings.isEmpty)
        #expect(session.container.snapshot().books.disposed > 100)
    }

    @Test("The leak scenario raises its finding within its stated length.")
    func leak() async throws {
        let session = try SimulatedSession(LeakScenario.self, seed: 7)
        _ = await session.advance(to: LeakScenario.length)
        let kinds = Set(session.monitor.findings().map(\.kind))
        #expect(kinds.isSuperset(of: LeakScenario.findings))
    }
}
