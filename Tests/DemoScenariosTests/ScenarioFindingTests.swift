import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import Testing

@Suite("Every scenario shows what it is there to show", .serialized)
struct ScenarioFindingTests {
    /// A size that a test build keeps up with; only the storm has one.
    private static let size = ScenarioSize(rate: 1_000, resources: 50)

    @Test("simulated: its findings come within two minutes", arguments: Scenarios.all.map { $0.name })
    func simulated(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let session = try SimulatedSession(type, seed: 7, size: Self.size)
        var found: Set<Finding.Kind> = []
        // Where nothing is to be found, nothing is found for as long as the others are given.
        while type.findings.isEmpty || !found.isSuperset(of: type.findings), await session.time < .seconds(120) {
            found.formUnion(await session.advance().findings.map(\.kind))
        }
        if type.findings.isEmpty { #expect(found.isEmpty) }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        #expect(session.container.snapshot().books.isBalanced)
    }

    @Test(
        "live, on real leaves and a clock that hurries: its findings come, and it ends without a trace",
        arguments: Scenarios.all.map { $0.name }
    )
    func live(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let environment = ResourceEnvironment(time: .hurrying(by: 20))
        let container = Container(name: "app", environment: environment)
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        let scenario = type.init()
        let world = ScenarioWorld(environment: environment, leaves: .live, size: Self.size)
        try scenario.bind(into: container, world: world)
        let feed = monitor.feed()
        let found = await withTaskGroup(of: Void.self) { group in
            group.addTask { await scenario.run(container, world: world) }
            group.addTask { await health.run() }
            var found: Set<Finding.Kind> = []
            let end = environment.time.now + .seconds(600)
            while !found.isSuperset(of: type.findings), environment.time.now < end {
                try? await environment.time.sleep(for: .seconds(1))
                found.formUnion(feed.next().findings.map(\.kind))
            }
            group.cancelAll()
            return found
        }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        _ = try await container.close(.force)
        #expect(container.snapshot().books.isBalanced && container.snapshot().resources.isEmpty)
    }

    /// Where the guides are.
    private static let guides = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/scenarios")

    @Test("it has a guide of one page that names its findings and how to start it", arguments: Scenarios.all.map { $0.name })
    func guide(name: String) throws {
        let type = try #require(Scenarios.named(name))
        let text = try String(contentsOf: Self.guides.appendingPathComponent("\(name).md"), encoding: .utf8)
        #expect(text.hasPrefix("# \(name)\n") && text.contains("resmon demo \(name)"))
        for finding in type.findings { #expect(text.contains("`\(finding.rawValue)`")) }
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
    }
}

extension TimeSource {
    /// The system's clock and deadlines, `factor` times as fast: what a scenario does in minutes is done in seconds.
    static func hurrying(by factor: Int64) -> TimeSource {
        let start = TimeSource.system.now
        return TimeSource(
            now: { Instant(nanoseconds: start.nanoseconds + (TimeSource.system.now.nanoseconds - start.nanoseconds) * factor) },
            register: { instant, operation in
                let real = start.nanoseconds + (instant.nanoseconds - start.nanoseconds) / factor
                return TimeSource.system.schedule(at: Instant(nanoseconds: max(start.nanoseconds, real) + 1), operation)
            }
        )
    }
}
