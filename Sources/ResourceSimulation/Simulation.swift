import ResourceContainer

/// A deterministic world for a container, its pools and the code that uses them: one thread, virtual time and seeded randomness. The same
/// seed gives the same run, to the last event.
///
/// Code in a simulation must take its time from the environment, and must start its tasks as child tasks or with the environment's
/// executor: `Task {}`, `Task.detached` and `Task.sleep` leave the simulation.
public final class Simulation: Sendable {
    /// The order in which runnable jobs run.
    public enum JobOrder: Sendable {
        /// The job that has waited longest runs next.
        case firstInFirstOut
        /// A random job runs next: every seed is another interleaving.
        case random
    }

    /// An error that reports that the simulated body can never end: no job is runnable and no deadline is registered.
    public struct Stalled: Error, CustomStringConvertible {
        /// The virtual time at which nothing was left to run.
        public let time: TimeSource.Instant

        /// A sentence with the time of the stall.
        public var description: String {
            "the simulation stalled at \(Duration.nanoseconds(self.time.nanoseconds)): nothing is left to do, because no job is runnable and no "
                + "deadline is registered; Task.sleep, unstructured tasks, and real I/O leave the simulation"
        }
    }

    /// The wall-clock time of instant 0, in seconds of Unix time: 2026-01-01T12:00:00Z.
    public static let epochSeconds: Int64 = 1_767_268_800

    /// The virtual time.
    public let time = ManualTime()
    /// The environment to pass to a container of the simulation: time, randomness and executor.
    public let environment: ResourceEnvironment
    private let executor: SimulationExecutor
    private let interventions: Interventions

    /// Creates a simulation with `seed`, at instant 0.
    ///
    /// - Parameters:
    ///   - seed: the seed of the job order, of the environment's randomness and of the interventions.
    ///   - order: the order in which jobs run.
    public init(seed: UInt64, order: JobOrder = .firstInFirstOut) {
        var seeds = SeededRandom(seed: seed)
        self.executor = SimulationExecutor(order: order, seed: seeds.next())
        var environment = ResourceEnvironment(time: self.time.source, random: .seeded(seeds.next()), executor: self.executor)
        let interventions = Interventions(seed: seeds.next())
        self.interventions = interventions
        environment.lastJob = { [executor] in executor.lastJob }
        #if SCHEDULE_POINTS
            environment.onSchedulePoint = { interventions.pass() }
        #endif
        self.environment = environment
    }

    /// Runs `act` once at a schedule point chosen by the seed. A schedule point is between two critical sections of a container or a pool,
    /// where the executor cannot run another job. `act` must not suspend; typical acts cancel a task, begin a close, or release a lease.
    ///
    /// Schedule points exist only in debug builds and in builds with `RESMON_SCHEDULE_POINTS=1`. Elsewhere `act` never runs.
    public func intervene(_ act: @escaping @Sendable () -> Void) {
        self.interventions.add(act)
    }

    /// The number of schedule points that the code under test has passed.
    public var schedulePoints: Int {
        self.interventions.points
    }

    /// Calls `check` after every job from now on, to verify invariants. A second call replaces the check.
    public func afterEachStep(_ check: @escaping @Sendable () -> Void) {
        self.executor.afterEachJob(check)
    }

    /// Removes the check of ``afterEachStep(_:)`` and the pending acts of ``intervene(_:)``. Both may capture objects that refer to the
    /// simulation; without this call such a cycle is never freed.
    public func end() {
        self.executor.afterEachJob(nil)
        self.interventions.removeAll()
    }

    /// The current virtual time.
    public var now: TimeSource.Instant {
        self.time.now
    }

    /// Starts `body` as a task of the simulation. It runs when the simulation is run.
    @discardableResult
    public func spawn(_ body: @escaping @Sendable @concurrent () async -> Void) -> Task<Void, Never> {
        // Unstructured, because the simulation is driven from outside of any task.
        Task(executorPreference: self.executor, operation: body)
    }

    /// Runs jobs until none is runnable, without advancing time.
    public func runUntilIdle() {
        self.executor.runAll(at: self.now)
    }

    /// Runs jobs and meets deadlines in order, up to and including those at `instant`, and advances time to `instant`.
    public func run(until instant: TimeSource.Instant) {
        repeat { self.runUntilIdle() } while self.time.meetNextDeadline(until: instant)
        self.time.move(to: instant)
    }

    /// Runs the simulation for `duration`. See ``run(until:)``.
    public func run(for duration: Duration) {
        self.run(until: self.now + duration)
    }

    /// Runs `body` in the simulation to its end, advancing time as needed.
    ///
    /// - Returns: the result of `body`.
    /// - Throws: the error of `body`; ``Stalled`` if it can never end.
    public func run<Result: Sendable>(_ body: @escaping @Sendable @concurrent () async throws -> Result) throws -> Result {
        let outcome = Promise<Swift.Result<Result, any Error>>()
        self.spawn {
            do { outcome.fulfill(.success(try await body())) } catch { outcome.fulfill(.failure(error)) }
        }
        while true {
            self.runUntilIdle()
            if let result = outcome.value { return try result.get() }
            guard let next = self.time.earliestDeadline, self.time.meetNextDeadline(until: next) else { throw Stalled(time: self.now) }
        }
    }
}
