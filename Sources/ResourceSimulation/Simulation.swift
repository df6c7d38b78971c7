import ResourceContainer

/// A world in which a container, its pools and the code that uses them run on one thread, on time that is moved by hand, with
/// randomness from a seed: the same seed gives the same run, to the last event.
///
/// What runs in it must take its time from the environment and must start its tasks as children, or with the environment's executor:
/// `Task {}`, `Task.detached` and `Task.sleep` leave the simulation.
public final class Simulation: Sendable {
    /// Which of the jobs that can run goes next.
    public enum JobOrder: Sendable {
        /// The one that has waited longest.
        case firstInFirstOut
        /// Any, drawn from the seed: every seed is another interleaving.
        case random
    }

    /// The simulated body did not end and never will: no job is left to run and no deadline to come.
    public struct Stalled: Error, CustomStringConvertible {
        /// When nothing was left to do.
        public let time: TimeSource.Instant

        public var description: String {
            "the simulated code waits for something that never comes, since \(Duration.nanoseconds(self.time.nanoseconds))"
        }
    }

    /// Where virtual time stands in the world's: time 0 is 2026-01-01T12:00:00Z, in seconds of Unix time.
    public static let epochSeconds: Int64 = 1_767_268_800

    /// The simulation's time.
    public let time = ManualTime()
    /// What the simulated code takes from the world.
    public let environment: ResourceEnvironment
    private let executor: SimulationExecutor
    private let interventions: Interventions

    /// The world of `seed`, at time 0.
    ///
    /// - Parameter order: by default jobs run in the order they came; with `.random` every seed is another interleaving.
    public init(seed: UInt64, order: JobOrder = .firstInFirstOut) {
        var seeds = SeededRandom(seed: seed)
        self.executor = SimulationExecutor(order: order, seed: seeds.next())
        var environment = ResourceEnvironment(time: self.time.source, random: .seeded(seeds.next()), executor: self.executor)
        let interventions = Interventions(seed: seeds.next())
        self.interventions = interventions
        #if SCHEDULE_POINTS
            environment.onSchedulePoint = { interventions.pass() }
        #endif
        self.environment = environment
    }

    /// Carries out `act` at a moment drawn from the seed, once, between two critical sections of a container or a pool: a place that no
    /// order of jobs reaches. For acts that do not suspend: cancelling a task, beginning to close, giving a lease back.
    ///
    /// Only in debug builds, and in those with `RESMON_SCHEDULE_POINTS=1`; elsewhere there are no schedule points and nothing happens.
    public func intervene(_ act: @escaping @Sendable () -> Void) {
        self.interventions.add(act)
    }

    /// How many schedule points the code under test has passed.
    public var schedulePoints: Int {
        self.interventions.points
    }

    /// Calls `check` after every job from now on: for what must hold at every step.
    public func afterEachStep(_ check: @escaping @Sendable () -> Void) {
        self.executor.afterEachJob(check)
    }

    /// Forgets what ``afterEachStep(_:)`` checks and the acts of ``intervene(_:)`` that did not take place. Both may hold what lives in the
    /// simulation, which holds the simulation: without this, neither is ever freed.
    public func end() {
        self.executor.afterEachJob(nil)
        self.interventions.removeAll()
    }

    /// The present moment.
    public var now: TimeSource.Instant {
        self.time.now
    }

    /// Starts `body` as a task of the simulation; it runs when the simulation is run.
    @discardableResult
    public func spawn(_ body: @escaping @Sendable @concurrent () async -> Void) -> Task<Void, Never> {
        // Unstructured: the simulation is driven from outside of any task.
        Task(executorPreference: self.executor, operation: body)
    }

    /// Runs what can run without moving time.
    public func runUntilIdle() {
        while self.executor.runNext() {}
    }

    /// Runs jobs and meets deadlines in order, up to and including those of `instant`, and leaves time there.
    public func run(until instant: TimeSource.Instant) {
        repeat { self.runUntilIdle() } while self.time.meetNextDeadline(until: instant)
        self.time.move(to: instant)
    }

    /// Runs the simulation for `duration`. See ``run(until:)``.
    public func run(for duration: Duration) {
        self.run(until: self.now + duration)
    }

    /// Runs `body` in the simulation to its end, moving time as needed, and returns its result.
    ///
    /// - Throws: what `body` throws; ``Stalled`` if it can never end.
    public func run<Result: Sendable>(_ body: @escaping @Sendable @concurrent () async throws -> Result) throws -> Result {
        let outcome = Promise<Swift.Result<Result, any Error>>()
        self.spawn {
            do { outcome.fulfil(.success(try await body())) } catch { outcome.fulfil(.failure(error)) }
        }
        while true {
            self.runUntilIdle()
            if let result = outcome.value { return try result.get() }
            guard let next = self.time.earliestDeadline, self.time.meetNextDeadline(until: next) else { throw Stalled(time: self.now) }
        }
    }
}
