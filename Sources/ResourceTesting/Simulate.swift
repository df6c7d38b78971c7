import ResourceContainer
import ResourceSimulation

/// Runs `body` in a simulated world: on one thread, on time that moves by itself when nothing else is left to do, in an order of jobs that
/// follows from `seed`. The same seed gives the same run.
///
/// ```swift
/// try simulate(seed: 7) { simulation in
///     let container = Container(environment: simulation.environment)
///     …
/// }
/// ```
///
/// - Throws: what `body` throws; `Simulation.Stalled` if it waits for something that never comes.
public func simulate<Result: Sendable>(
    seed: UInt64,
    order: Simulation.JobOrder = .random,
    _ body: @escaping @Sendable @concurrent (Simulation) async throws -> Result
) throws -> Result {
    let simulation = Simulation(seed: seed, order: order)
    return try simulation.run { try await body(simulation) }
}

/// One of many seeds failed.
public struct SweepFailure: Error, CustomStringConvertible {
    /// The seed, with which the failure comes again exactly.
    public let seed: UInt64
    /// How many seeds had passed before.
    public let passed: Int
    /// What was thrown.
    public let underlying: any Error

    public var description: String {
        "seed \(self.seed) failed after \(self.passed) that passed: \(self.underlying)\nto see it again: simulate(seed: \(self.seed)) { … }"
    }
}

/// Runs `body` in a simulated world for each of `seeds`, each another interleaving, until one fails.
///
/// A simulated world keeps its thread until it has ended. Between two of them the thread is given up, so that the tests that run beside a
/// long sweep are not held up, and a cancelled sweep ends.
///
/// - Throws: ``SweepFailure`` with the first seed that failed; `CancellationError` when the task is cancelled.
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
