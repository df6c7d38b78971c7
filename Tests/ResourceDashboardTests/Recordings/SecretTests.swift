import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import ResourceSimulation
import Testing

@testable import ResourceDashboard

@Suite("Passwords in connection URLs")
struct SecretTests {
    private static let secret = "Xy7-topsecret"
    private static let url = "postgres://app:\(secret)@db.local/shop"

    /// An error whose text quotes the URL, as a driver's would.
    private struct Refused: Error, CustomStringConvertible {
        let description = "could not connect to \(SecretTests.url): connection refused"
    }

    private final class Database: Resource, HealthCheckable, ContextualResource {
        private let fails: Bool
        private let context = Lock<ResourceContext?>(nil)

        init(fails: Bool) { self.fails = fails }

        func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }

        func initialize() async throws {
            if self.fails { throw Refused() }
            self.context.withLock { $0 }?.note("connected to \(SecretTests.url)")
            self.context.withLock { $0 }?.report(Refused())
        }

        func healthCheck() async throws -> HealthReport { HealthReport(.unhealthy, "no answer from \(SecretTests.url)") }
        func dispose() async throws { throw Refused() }
    }

    @Test("A password appears in no event, error, report, snapshot, finding, metric, screen or recording.")
    func nowhere() async throws {
        let simulation = Simulation(seed: 1)
        let container = Container("of \(Self.url)", environment: simulation.environment)
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        let feed = monitor.feed()
        let file = try TemporaryFile()
        let recorder = try Recorder(
            container,
            health: health,
            path: file.path,
            header: RecordingHeader(container: "app", origin: "test", clockOriginNanoseconds: 0)
        )
        let collected = Lock<[String]>([])
        let say: @Sendable (String) -> Void = { text in collected.withLock { $0.append(text) } }

        try container.bind(Database.self, name: Self.url, options: BindingOptions(tags: ["url": Self.url])) { Database(fails: false) }
        try container.bind(Database.self, name: "down \(Self.url)") { Database(fails: true) }
        let pool = try ResourcePool<Int>(
            name: "pool of \(Self.url)",
            configuration: PoolConfiguration(maximum: 1, acquireBudget: .milliseconds(200)),
            environment: simulation.environment,
            make: { throw Refused() }
        )
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }

        var frames: [String] = []
        var picture = Picture()
        func sample() throws {
            let update = feed.next()
            picture.fold(update)
            try recorder.record()
            for finding in update.findings { say("\(finding)") }
            for event in update.events { say("\(event)") }
            for view in DashboardView.allCases {
                var state = DashboardState(
                    configuration: DashboardConfiguration(
                        origin: "test",
                        clock: WallClock(originNanoseconds: 0),
                        size: Size(width: 300, height: 60),
                        view: view,
                        isPaused: true
                    )
                )
                state.show(recorded: picture)
                frames.append(TextRenderer.render(state.render()))
            }
        }
        simulation.spawn {
            do {
                try await container.withScope("scope of \(Self.url)", policy: .throw) { scope in
                    _ = try await scope.get(Database.self, name: Self.url)
                    _ = await health.checkAll()
                    for _ in 0..<4 {
                        do { _ = try await scope.get(Database.self, name: "down \(Self.url)") } catch { say("\(error)") }
                    }
                    do { try await scope.get(ResourcePool<Int>.self).withLease { _ in } } catch { say("\(error)") }
                    monitor.trackError(Refused())
                }
            } catch {
                say("\(error)")
            }
        }
        for _ in 0..<12 {
            simulation.run(for: .milliseconds(250))
            try sample()
        }
        let encoder = JSONEncoder()
        say(String(decoding: try encoder.encode(container.snapshot()), as: UTF8.self))
        say(String(decoding: try encoder.encode(monitor.report()), as: UTF8.self))
        say(monitor.report().prometheusText())
        simulation.spawn { if let report = try? await container.close() { say("\(report)") } }
        simulation.run(for: .seconds(2))
        try sample()
        try recorder.finish()

        let texts = collected.withLock { $0 } + frames + [try String(contentsOfFile: file.path, encoding: .utf8)]
        for text in texts where text.contains(Self.secret) {
            let location = text.range(of: Self.secret)?.lowerBound ?? text.startIndex
            Issue.record("shown: \(text[..<location].suffix(200))")
        }
        // The same texts appear without the password, so the check above was not vacuous.
        let all = texts.joined()
        for words in ["could not connect to postgres://app:***@", "no answer from postgres://app:***@", "connected to postgres://app:***@"]
        {
            #expect(all.contains(words), "\(words)")
        }
    }
}
