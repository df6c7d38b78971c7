import Foundation
import ResourceContainer

/// The environment in which a scenario runs. It provides time, randomness, load and options, and determines whether the scenario uses real
/// or simulated databases, files and sockets.
public struct ScenarioWorld: Sendable {
    /// The kind of the leaves of a scenario: the databases, files and sockets that it uses.
    public enum Leaves: Sendable {
        /// Real databases, files and sockets.
        case live
        /// Simulated databases, files and sockets. Their delays are in virtual time, and the seed determines their failures.
        case simulated
    }

    /// The time and randomness of the world, and its executor.
    public let environment: ResourceEnvironment
    /// The kind of the leaves.
    public let leaves: Leaves
    /// The scenario's load.
    public let load: ScenarioLoad
    /// The scenario's options.
    public let options: ScenarioOptions
    /// The directory for files of the live form. Each scenario creates its own subdirectory and removes it at its end.
    public let directory: URL

    /// Creates a world.
    public init(
        environment: ResourceEnvironment,
        leaves: Leaves,
        load: ScenarioLoad = ScenarioLoad(),
        options: ScenarioOptions = ScenarioOptions(),
        directory: URL = FileManager.default.temporaryDirectory
    ) {
        self.environment = environment
        self.leaves = leaves
        self.load = load
        self.options = options
        self.directory = directory
    }

    /// Waits for the next unit of work: a random duration between `shortest` and `longest`, divided by the load. Waits while the load is 0.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    public func turn(_ shortest: Duration, _ longest: Duration) async throws {
        var random = self.environment.random
        let nanoseconds = Int64.random(in: shortest.wholeNanoseconds...longest.wholeNanoseconds, using: &random)
        let percent = try await self.load.atLeastSome()
        try await self.environment.time.sleep(for: .nanoseconds(nanoseconds / Int64(percent) * 100))
    }

    /// Waits for a random duration between `shortest` and `longest`, independent of the load.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    public func pause(_ shortest: Duration, _ longest: Duration) async throws {
        var random = self.environment.random
        let nanoseconds = Int64.random(in: shortest.wholeNanoseconds...longest.wholeNanoseconds, using: &random)
        try await self.environment.time.sleep(for: .nanoseconds(nanoseconds))
    }

    /// Returns true with probability 1/`cases`.
    public func happens(onceIn cases: Int) -> Bool {
        var random = self.environment.random
        return Int.random(in: 0..<cases, using: &random) == 0
    }

    /// Returns a random number in `range`.
    public func number(in range: ClosedRange<Int>) -> Int {
        var random = self.environment.random
        return Int.random(in: range, using: &random)
    }
}
