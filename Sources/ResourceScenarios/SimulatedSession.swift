import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

/// A scenario in its simulated form, and a monitor that watches it: the same seed gives the same updates, byte for byte.
///
/// An actor, because a simulation is driven by one caller at a time.
public actor SimulatedSession {
    /// The step in which the monitor's figures are sampled.
    public static let step = Duration.milliseconds(250)
    /// When virtual time begins: 2026-01-01T12:00:00Z, in seconds of Unix time.
    public static let epochSeconds = Simulation.epochSeconds

    public nonisolated let container: Container
    public nonisolated let monitor: ResourceMonitor
    /// Asks for health all the time, as a program would.
    public nonisolated let health: HealthChecker
    private let simulation: Simulation
    private let feed: MonitorFeed
    /// How much of the scenario's load runs.
    public nonisolated let scenarioLoad: ScenarioLoad
    private var load: Task<Void, Never>?

    /// Binds and starts `scenario` at virtual time 0; `prepare` sees the container before anything is bound, as the monitor does.
    public init(
        _ scenario: any Scenario.Type,
        seed: UInt64,
        options: ScenarioOptions = ScenarioOptions(),
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        let simulation = Simulation(seed: seed)
        let container = Container(name: "app", environment: simulation.environment)
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        try prepare(container, health)
        let world = ScenarioWorld(environment: simulation.environment, leaves: .simulated, options: options)
        let scenario = scenario.init()
        try scenario.bind(into: container, world: world)
        self.simulation = simulation
        self.scenarioLoad = world.load
        self.container = container
        self.monitor = monitor
        self.health = health
        self.feed = monitor.feed()
        self.load = simulation.spawn {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await scenario.run(container, world: world) }
                group.addTask { await health.run() }
            }
        }
    }

    /// The virtual time that has passed.
    public var time: Duration {
        .nanoseconds(self.simulation.now.nanoseconds)
    }

    /// Runs the scenario up to `time` and returns the monitor's update of every sampling step on the way, and of `time` itself.
    public func advance(to time: Duration) -> [MonitorUpdate] {
        var updates: [MonitorUpdate] = []
        var next = self.time
        repeat {
            // The grid does not move when somebody looks between its points. In whole numbers: a quotient that is rounded
            // down would be the step that was just made, again and for ever.
            next = min(time, Self.step * Int(next.wholeNanoseconds / Self.step.wholeNanoseconds + 1))
            updates.append(self.advance(to: next, sample: ()))
        } while next < time
        return updates
    }

    /// Runs the scenario for one sampling step.
    public func advance() -> MonitorUpdate {
        self.advance(to: self.time + Self.step, sample: ())
    }

    private func advance(to time: Duration, sample: Void) -> MonitorUpdate {
        self.simulation.run(until: TimeSource.Instant(nanoseconds: time.wholeNanoseconds))
        return self.feed.next()
    }

    /// Runs `operation` inside the simulation to its end, moving virtual time as far as that needs, a minute at most.
    public func perform<Result: Sendable>(
        _ operation: @escaping @Sendable @concurrent (Container) async throws -> Result
    ) async throws -> Result {
        let container = self.container
        let outcome = Promise<Swift.Result<Result, any Error>>()
        self.simulation.spawn {
            do {
                outcome.fulfil(.success(try await operation(container)))
            } catch {
                outcome.fulfil(.failure(error))
            }
        }
        self.simulation.runUntilIdle()
        let limit = self.simulation.now + .seconds(60)
        while outcome.value == nil, self.simulation.now < limit {
            self.simulation.run(for: .milliseconds(10))
        }
        guard let result = outcome.value else { throw Endless() }
        return try result.get()
    }
}

/// What was to be done in a simulation has no end.
private struct Endless: Error, CustomStringConvertible {
    let description = "the simulated operation did not end within a minute"
}
