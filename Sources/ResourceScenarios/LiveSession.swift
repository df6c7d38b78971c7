import ResourceContainer
import ResourceMonitoring

/// A scenario that runs in this process on real databases, files and sockets, with a monitor and a health checker. It runs until
/// ``end(within:)`` is called.
public struct LiveSession: Sendable {
    /// The scenario's container.
    public let container: Container
    /// The monitor of the container.
    public let monitor: ResourceMonitor
    /// The health checker. It runs for the whole session, as in an application.
    public let health: HealthChecker
    /// The scenario's load; can be changed while the scenario runs.
    public let load: ScenarioLoad
    private let task: Task<Void, Never>

    /// Binds the scenario and starts its load.
    ///
    /// - Parameters:
    ///   - scenario: the scenario.
    ///   - options: the scenario's options.
    ///   - prepare: called with the container and its health checker before anything is bound.
    /// - Throws: the error of `prepare` or of the scenario's `bind(into:world:)`.
    public init(
        _ scenario: any Scenario.Type,
        options: ScenarioOptions = ScenarioOptions(),
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        let container = Container("app")
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
        // Runs until ``end(within:)`` cancels it. The creator of a session has no task to be its parent.
        self.task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await scenario.run(container, world: world) }
                group.addTask { await health.run() }
                group.addTask { await monitor.run() }
            }
        }
    }

    /// Ends the load and closes the container.
    ///
    /// - Parameter budget: how long to wait for the close.
    /// - Returns: the report of the close, or nil if the close did not finish within `budget`. A resource may ignore cancellation; such a
    ///   close continues until the process ends.
    @discardableResult
    public func end(within budget: Duration = .seconds(5)) async -> DisposeReport? {
        let result = Promise<DisposeReport?>()
        let time = self.container.environment.time
        let deadline = time.schedule(at: time.now + budget) { result.fulfill(nil) }
        self.task.cancel()
        // Continues after the budget, with no waiter.
        let closing = Task { [container] in
            // A second close returns the same report. The error for a close from within a dispose cannot occur here.
            result.fulfill(try? await container.close())
        }
        defer {
            deadline.cancel()
            closing.cancel()
        }
        return await result.waitThroughCancellation()
    }
}
