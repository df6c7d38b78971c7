import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

/// A scenario in its simulated form, with a monitor. The same seed gives the same updates, byte for byte.
///
/// The session is an actor because only one caller at a time may drive a simulation.
public actor SimulatedSession {
    /// The sampling interval of the monitor: 250 ms.
    public static let step = Duration.milliseconds(250)
    /// The wall-clock time of instant 0, in seconds of Unix time: 2026-01-01T12:00:00Z.
    public static let epochSeconds = Simulation.epochSeconds

    /// The scenario's container.
    public nonisolated let container: Container
    /// The monitor of the container.
    public nonisolated let monitor: ResourceMonitor
    /// The health checker. It runs for the whole session, as in an application.
    public nonisolated let health: HealthChecker
    private let simulation: Simulation
    private let feed: MonitorFeed
    /// The scenario's load; can be changed while the scenario runs.
    public nonisolated let scenarioLoad: ScenarioLoad
    private var load: Task<Void, Never>?

    /// Binds and starts `scenario` at virtual time 0.
    ///
    /// - Parameters:
    ///   - scenario: the scenario.
    ///   - seed: the seed of the simulation.
    ///   - options: the scenario's options.
    ///   - prepare: called with the container and its health checker before anything is bound.
    /// - Throws: the error of `prepare` or of the scenario's `bind(into:world:)`.
    public init(
        _ scenario: any Scenario.Type,
        seed: UInt64,
        options: ScenarioOptions = ScenarioOptions(),
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        let simulation = Simulation(seed: seed)
        let container = Container("app", environment: simulation.environment)
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

    /// The virtual time since the session began.
    public var time: Duration {
        .nanoseconds(self.simulation.now.nanoseconds)
    }

    /// Runs the scenario up to `time` and returns the monitor's updates: one for each sampling step on the way, and one for `time` itself.
    public func advance(to time: Duration) -> [MonitorUpdate] {
        var updates: [MonitorUpdate] = []
        var next = self.time
        repeat {
            // The grid is fixed, also when `time` lies between its points. Integer division: a quotient rounded down from floating
            // point would repeat the current step forever.
            next = min(time, Self.step * Int(next.wholeNanoseconds / Self.step.wholeNanoseconds + 1))
            updates.append(self.advance(to: next, sample: ()))
        } while next < time
        return updates
    }

    /// Runs the scenario for one sampling step and returns the monitor's update.
    public func advance() -> MonitorUpdate {
        self.advance(to: self.time + Self.step, sample: ())
    }

    private func advance(to time: Duration, sample: Void) -> MonitorUpdate {
        self.simulation.run(until: TimeSource.Instant(nanoseconds: time.wholeNanoseconds))
        return self.feed.next()
    }

    /// Runs `operation` in the simulation to its end and advances virtual time as needed, by at most one minute.
    ///
    /// - Returns: the result of `operation`.
    /// - Throws: the error of `operation`; an error if it does not end within one minute of virtual time.
    public func perform<Result: Sendable>(
        _ operation: @escaping @Sendable @concurrent (Container) async throws -> Result
    ) async throws -> Result {
        let container = self.container
        let outcome = Promise<Swift.Result<Result, any Error>>()
        self.simulation.spawn {
            do {
                outcome.fulfill(.success(try await operation(container)))
            } catch {
                outcome.fulfill(.failure(error))
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

/// Thrown when an operation in a simulation does not end within the limit.
private struct Endless: Error, CustomStringConvertible {
    let description = "the simulated operation did not end within a minute"
}
