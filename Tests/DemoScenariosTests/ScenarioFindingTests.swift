import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import ResourceSimulation
import Testing

@Suite("Scenario findings", .serialized)
struct ScenarioFindingTests {
    /// A load that a debug build keeps up with. Only the storm scenario reads it.
    private static let options = ScenarioOptions(rate: 1_000, resources: 50)

    @Test("A simulated scenario raises its findings within its stated length.", arguments: Scenarios.all.map { $0.name })
    func simulated(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let session = try SimulatedSession(type, seed: 7, options: Self.options)
        var found: Set<Finding.Kind> = []
        // A scenario without findings runs for its full length.
        while type.findings.isEmpty || !found.isSuperset(of: type.findings), await session.time < type.length {
            found.formUnion(await session.advance().findings.map(\.kind))
        }
        if type.findings.isEmpty { #expect(found.isEmpty) }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        #expect(session.container.snapshot().books.isBalanced)
    }

    /// The scenario time of one step of a live scenario. It is about ten times the real time, so sockets stay fast on a busy machine.
    private static let step = Duration.milliseconds(10)

    @Test("A live scenario raises its findings and leaves no resources behind.", arguments: Scenarios.all.map { $0.name })
    func live(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let time = ManualTime()
        let environment = ResourceEnvironment(time: time.source)
        let container = Container("app", environment: environment)
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        let scenario = type.init()
        let world = ScenarioWorld(environment: environment, leaves: .live, options: Self.options)
        try scenario.bind(into: container, world: world)
        let feed = monitor.feed()
        let found = await withTaskGroup(of: Void.self) { group in
            group.addTask { await scenario.run(container, world: world) }
            group.addTask { await health.run() }
            var found: Set<Finding.Kind> = []
            // A scenario without findings runs for 30 s of manual time.
            let end = time.now + (type.findings.isEmpty ? .seconds(30) : .seconds(600))
            while type.findings.isEmpty || !found.isSuperset(of: type.findings), time.now < end {
                await Self.turn(of: time)
                if time.now.nanoseconds % 1_000_000_000 == 0 { found.formUnion(feed.next().findings.map(\.kind)) }
            }
            group.cancelAll()
            // Operations in flight need time to advance in order to finish.
            await Self.advancing(time) { await group.waitForAll() }
            return found
        }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        if type.findings.isEmpty { #expect(found.isEmpty) }
        try await Self.advancing(time) { _ = try await container.close(.force) }
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().resources.isEmpty)
    }

    /// Gives the sockets a moment of real time, then advances manual time by one step, deadline by deadline. A busy machine makes the real
    /// moments longer but not the steps, so only intended delays are long in scenario time.
    private static func turn(of time: ManualTime) async {
        try? await Task.sleep(for: .milliseconds(1))
        let next = time.now + Self.step
        repeat {
            for _ in 0..<8 { await Task.yield() }
        } while time.meetNextDeadline(until: next)
        time.move(to: next)
    }

    /// Advances time while `body` runs.
    private static func advancing(_ time: ManualTime, _ body: () async throws -> Void) async rethrows {
        async let _: Void = {
            while !Task.isCancelled { await Self.turn(of: time) }
        }()
        // Leaving the scope cancels the clock task and waits for it.
        try await body()
    }

    /// The directory of the scenario guides.
    private static let guides = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/scenarios")

    @Test("Each scenario has a one-page guide that names its findings and its command.", arguments: Scenarios.all.map { $0.name })
    func guide(name: String) throws {
        let type = try #require(Scenarios.named(name))
        let text = try String(contentsOf: Self.guides.appendingPathComponent("\(name).md"), encoding: .utf8)
        #expect(text.hasPrefix("# \(name)\n"))
        #expect(text.contains("resmon demo \(name)"))
        for finding in type.findings { #expect(text.contains("`\(finding.rawValue)`")) }
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
    }
}
