import DemoScenarios
import ResourceContainer
import ResourceMonitoring

/// A scenario that runs in this process on real databases and files.
struct LiveScenario {
    let container: Container
    /// Watches it, and its health, from the beginning.
    let monitor: ResourceMonitor
    private let health: HealthChecker
    private let scenario: any Scenario
    private let world: ScenarioWorld

    /// Binds what the scenario consists of; nothing is opened and nothing runs yet.
    init(_ scenario: any Scenario.Type) throws {
        self.container = Container(name: "app")
        self.health = HealthChecker(self.container)
        self.monitor = ResourceMonitor(self.container, health: self.health)
        self.world = ScenarioWorld(environment: .system, leaves: .live)
        self.scenario = scenario.init()
        try self.scenario.bind(into: self.container, world: self.world)
    }

    /// Starts the load.
    func start() -> Task<Void, Never> {
        // Runs beside the dashboard for as long as that is shown, and is cancelled after it.
        Task { [scenario, container, world, health, monitor] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await scenario.run(container, world: world) }
                group.addTask { await health.run() }
                group.addTask { await monitor.run() }
            }
        }
    }

    /// Ends the load and closes the container with everything in it; nil if that was not done within `budget`.
    ///
    /// A resource may be deaf: what has not come back by then is left to the end of the process.
    func close(_ load: Task<Void, Never>, within budget: Duration) async -> DisposeReport? {
        let result = Promise<DisposeReport?>()
        let time = self.container.environment.time
        let deadline = time.schedule(at: time.now + budget) { result.fulfil(nil) }
        load.cancel()
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
