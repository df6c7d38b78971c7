import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring

/// A scenario that runs: what shows it, and what ends it.
protocol Performance: Sendable {
    var source: any DashboardSource { get }
    /// How much of the load runs.
    var load: ScenarioLoad { get }
    /// Ends the load and closes the container with everything in it; nil if that was not done within `budget`, or nothing is to be closed.
    func end(within budget: Duration) async -> DisposeReport?
}

/// A scenario in this process, on real databases, files and sockets.
struct LivePerformance: Performance {
    let source: any DashboardSource
    let load = ScenarioLoad()
    private let container: Container
    private let task: Task<Void, Never>

    /// Binds what the scenario consists of and starts its load; `prepare` sees the container before that.
    init(
        _ scenario: any Scenario.Type,
        size: ScenarioSize,
        readonly: Bool,
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        let container = Container(name: "app")
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        try prepare(container, health)
        let world = ScenarioWorld(environment: .system, leaves: .live, load: self.load, size: size)
        let scenario = scenario.init()
        try scenario.bind(into: container, world: world)
        self.container = container
        self.source = LiveSource(container, monitor: monitor, readonly: readonly)
        // Runs beside the dashboard for as long as it is shown, and is cancelled at its end.
        self.task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await scenario.run(container, world: world) }
                group.addTask { await health.run() }
                group.addTask { await monitor.run() }
            }
        }
    }

    /// A resource may be deaf: what has not come back by then is left to the end of the process.
    func end(within budget: Duration) async -> DisposeReport? {
        let result = Promise<DisposeReport?>()
        let time = self.container.environment.time
        let deadline = time.schedule(at: time.now + budget) { result.fulfil(nil) }
        self.task.cancel()
        let closing = Task { [container] in
            // Closing twice gives the same report; that it fails from within a dispose cannot be here.
            result.fulfil(try? await container.close())
        }
        defer {
            deadline.cancel()
            closing.cancel()
        }
        return await result.waitThroughCancellation()
    }
}

/// A scenario in virtual time. There is nothing real to close.
struct SimulatedPerformance: Performance {
    let source: any DashboardSource
    let load: ScenarioLoad

    init(_ session: SimulatedSession, seed: UInt64, readonly: Bool) {
        self.source = SimulatedSource(session, seed: seed, isReadonly: readonly)
        self.load = session.scenarioLoad
    }

    func end(within budget: Duration) async -> DisposeReport? {
        nil
    }
}
