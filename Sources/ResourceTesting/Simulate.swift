import ResourceContainer
import ResourceSimulation

/// Runs `body` in a simulation: on one thread and in virtual time. `seed` determines the order of jobs, and the same seed gives the same
/// run. Virtual time advances to the next deadline when no job is left to run.
///
/// ```swift
/// try simulate(seed: 7) { simulation in
///     let container = Container(environment: simulation.environment)
///     …
/// }
/// ```
///
/// - Parameters:
///   - seed: the seed of the job order, of the environment's randomness and of the interventions.
///   - order: the order in which jobs run.
///   - body: the code under test.
/// - Returns: the result of `body`.
/// - Throws: the error of `body`; `Simulation.Stalled` if the body can never end.
public func simulate<Result: Sendable>(
    seed: UInt64,
    order: Simulation.JobOrder = .random,
    _ body: @escaping @Sendable @concurrent (Simulation) async throws -> Result
) throws -> Result {
    let simulation = Simulation(seed: seed, order: order)
    return try simulation.run { try await body(simulation) }
}

/// An error that reports the first seed of a sweep that failed.
public struct SweepFailure: Error, CustomStringConvertible {
    /// The seed. It reproduces the failure exactly.
    public let seed: UInt64
    /// The number of seeds that passed before it.
    public let passed: Int
    /// The error of the body.
    public let underlying: any Error

    /// The seed, the number of seeds that passed, the underlying error, and a call that reproduces the failure.
    public var description: String {
        "seed \(self.seed) failed after \(self.passed) that passed: \(self.underlying)\nto reproduce: simulate(seed: \(self.seed)) { … }"
    }
}

/// Runs `body` in a separate simulation for each of `seeds`, each with another interleaving, until one fails.
///
/// A simulation occupies its thread until it ends. The sweep yields between simulations, so other tests can run and a canceled sweep ends.
///
/// - Parameters:
///   - seeds: the seeds, in ascending order.
///   - order: the order in which jobs run.
///   - body: the code under test.
/// - Throws: ``SweepFailure`` with the first seed that failed; `CancellationError` when the task is canceled.
public func sweep(
    seeds: Range<UInt64>,
    order: Simulation.JobOrder = .random,
    _ body: @escaping @Sendable @concurrent (Simulation) async throws -> Void
) async throws {
    for (index, seed) in seeds.enumerated() {
        await Task.yield()
        try Task.checkCancellation()
        do { try simulate(seed: seed, order: order, body) } catch {
            throw SweepFailure(seed: seed, passed: index, underlying: error)
        }
    }
}
