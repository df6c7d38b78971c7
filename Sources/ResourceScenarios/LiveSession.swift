import ResourceContainer
import ResourceMonitoring

/// A scenario that runs in this process, on real databases, files and sockets, watched by a monitor and a health checker.
public struct LiveSession: Sendable {
    public let container: Container
    public let monitor: ResourceMonitor
    /// Asks for health all the time, as a program would.
    public let health: HealthChecker
    /// How much of the scenario's load runs.
    public let load: ScenarioLoad
    private let task: Task<Void, Never>

    /// Binds what the scenario consists of and starts its load; `prepare` sees the container before anything is bound.
    public init(
        _ scenario: any Scenario.Type,
        options: ScenarioOptions = ScenarioOptions(),
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        let container = Container(name: "app")
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        try prepare(container, health)
        let world = ScenarioWorld(environment: .system, leaves: .live, options: options)
        let scenario = scenario.init()
        try scenario.bind(into: container, world: world)
        self.container = container
        self.monitor = monitor
        self.health = health
        self.load = world.load
        // Runs until ``end(within:)`` cancels it: whoever makes a session has no task to be its parent.
        self.task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await scenario.run(container, world: world) }
                group.addTask { await health.run() }
                group.addTask { await monitor.run() }
            }
        }
    }

    /// Ends the load and closes the container with everything in it.
    ///
    /// - Returns: what became of it; nil if that was not known within `budget`. A resource may be deaf: what has not come back by then is
    ///   left to the end of the process.
    @discardableResult
    public func end(within budget: Duration = .seconds(5)) async -> DisposeReport? {
        let result = Promise<DisposeReport?>()
        let time = self.container.environment.time
        let deadline = time.schedule(at: time.now + budget) { result.fulfil(nil) }
        self.task.cancel()
        // Goes on when the budget is over, and nobody waits for it any more.
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
