import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import ResourceSimulation
import Testing

@Suite("Every scenario shows what it is there to show", .serialized)
struct ScenarioFindingTests {
    /// A size that a test build keeps up with; only the storm has one.
    private static let options = ScenarioOptions(rate: 1_000, resources: 50)

    @Test("simulated: its findings come within the time that it says", arguments: Scenarios.all.map { $0.name })
    func simulated(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let session = try SimulatedSession(type, seed: 7, options: Self.options)
        var found: Set<Finding.Kind> = []
        // Where nothing is to be found, nothing is found for as long as the others are given.
        while type.findings.isEmpty || !found.isSuperset(of: type.findings), await session.time < type.length {
            found.formUnion(await session.advance().findings.map(\.kind))
        }
        if type.findings.isEmpty { #expect(found.isEmpty) }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        #expect(session.container.snapshot().books.isBalanced)
    }

    /// What one step of a live scenario's time is: about ten times a real one's, so that a socket that is slow on a busy machine is still quick.
    private static let step = Duration.milliseconds(10)

    @Test("live, on real leaves: its findings come, and it ends without a trace", arguments: Scenarios.all.map { $0.name })
    func live(name: String) async throws {
        let type = try #require(Scenarios.named(name))
        let time = ManualTime()
        let environment = ResourceEnvironment(time: time.source)
        let container = Container(name: "app", environment: environment)
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
            // Where nothing is to be found, nothing is found in half a minute.
            let end = time.now + (type.findings.isEmpty ? .seconds(30) : .seconds(600))
            while type.findings.isEmpty || !found.isSuperset(of: type.findings), time.now < end {
                await Self.turn(of: time)
                if time.now.nanoseconds % 1_000_000_000 == 0 { found.formUnion(feed.next().findings.map(\.kind)) }
            }
            group.cancelAll()
            // What is on its way still needs time to go on.
            await Self.going(time) { await group.waitForAll() }
            return found
        }
        #expect(found.isSuperset(of: type.findings), "not found: \(type.findings.subtracting(found))")
        if type.findings.isEmpty { #expect(found.isEmpty) }
        try await Self.going(time) { _ = try await container.close(.force) }
        #expect(container.snapshot().books.isBalanced && container.snapshot().resources.isEmpty)
    }

    /// Lets the sockets have a moment, then moves time by one step, deadline by deadline. A busy machine makes the moments longer and the
    /// steps no larger: what takes long in the scenario's time is what was meant to.
    private static func turn(of time: ManualTime) async {
        try? await Task.sleep(for: .milliseconds(1))
        let next = time.now + Self.step
        repeat {
            for _ in 0..<8 { await Task.yield() }
        } while time.meetNextDeadline(until: next)
        time.move(to: next)
    }

    /// Moves time on for as long as `body` runs.
    private static func going(_ time: ManualTime, _ body: () async throws -> Void) async rethrows {
        async let _: Void = {
            while !Task.isCancelled { await Self.turn(of: time) }
        }()
        // Leaving cancels the clock, and waits for it.
        try await body()
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
