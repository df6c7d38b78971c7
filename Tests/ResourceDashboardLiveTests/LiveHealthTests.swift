import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceDashboardLive

private final class PingCounter: Pingable, Sendable {
    let count = Lock(0)
    func ping() async throws { self.count.withLock { $0 += 1 } }
}

@Suite("Health in a live dashboard")
struct LiveHealthTests {
    private let simulation = Simulation(seed: 1)
    private let container: Container
    private let resource = PingCounter()

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        let (container, resource) = (self.container, self.resource)
        try container.bind(PingCounter.self, lifetime: .singleton) { resource }
        try self.simulation.run { _ = try await container.get(PingCounter.self) }
    }

    /// Returns the health that the dashboard shows after `duration`.
    private func picture(_ source: LiveSource, after duration: Duration) throws -> HealthPicture? {
        let running = self.simulation.spawn { await source.run() }
        self.simulation.run(for: duration)
        let result = Lock<HealthPicture?>(nil)
        let asking = self.simulation.spawn {
            var updates = source.updates(rate: 4).makeAsyncIterator()
            let update = await updates.next()
            result.withLock { $0 = update?.health }
        }
        self.simulation.run(for: .seconds(1))
        for task in [running, asking] { task.cancel() }
        self.simulation.runUntilIdle()
        return result.withLock { $0 }
    }

    @Test("Without a checker of the program, the dashboard checks health only while it runs.")
    func ownChecker() throws {
        let picture = try #require(try self.picture(LiveSource(self.container), after: .seconds(12)))
        #expect(picture.checkedBy == .dashboard)
        #expect(picture.verdict == .healthy)
        let asked = self.resource.count.withLock { $0 }
        #expect((2...4).contains(asked))
        self.simulation.run(for: .seconds(60))
        #expect(self.resource.count.withLock { $0 } == asked)
    }

    @Test("With a checker of the program, the dashboard shows its results and checks nothing.")
    func programChecker() throws {
        var policy = HealthPolicy()
        (policy.interval, policy.jitter) = (.seconds(20), 0)
        let checker = try HealthChecker(self.container, policy: policy)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(1))
        let picture = try #require(try self.picture(LiveSource(self.container), after: .seconds(30)))
        #expect(picture.checkedBy == .program)
        #expect(picture.verdict == .healthy)
        #expect(picture.rows.map(\.interval) == [.seconds(20)])
        #expect(self.resource.count.withLock { $0 } == 2)
        running.cancel()
        self.simulation.runUntilIdle()
    }

    @Test("A read-only dashboard checks nothing and shows the results of other checks.")
    func readonly() throws {
        #expect(try self.picture(LiveSource(self.container, readonly: true), after: .seconds(12)) == nil)
        #expect(self.resource.count.withLock { $0 } == 0)
        let (container, checker) = (self.container, HealthChecker(self.container))
        try self.simulation.run { _ = await checker.checkAll() }
        let picture = try #require(try self.picture(LiveSource(container, readonly: true), after: .seconds(2)))
        #expect(picture.checkedBy == .nobody)
        #expect(picture.verdict == .healthy)
        #expect(self.resource.count.withLock { $0 } == 1)
    }

    @Test("The loop runs the source's background work and ends it.")
    func backgroundWork() async {
        let (terminal, source) = (FakeTerminal(), FakeSource())
        let state = DashboardState(configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: terminal.size))
        let loop = DashboardLoop(terminal: terminal, source: source, state: state, rate: 4)
        let run = Task {
            var loop = loop
            return await loop.run()
        }
        _ = await source.began.wait()
        #expect(source.ended.value == nil)
        terminal.type("q")
        _ = await run.value
        #expect(source.ended.value != nil)
    }
}
