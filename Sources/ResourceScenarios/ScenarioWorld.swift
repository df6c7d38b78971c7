import Foundation
import ResourceContainer

/// What a scenario touches outside of the process: the real thing, or something that waits on the environment's time and fails from its seed.
public struct ScenarioWorld: Sendable {
    /// Which leaves.
    public enum Leaves: Sendable {
        /// Real databases, files and sockets.
        case live
        /// Stand-ins on manual time.
        case simulated
    }

    /// The time and the randomness of the world.
    public let environment: ResourceEnvironment
    /// Which leaves it has.
    public let leaves: Leaves
    /// How much of the scenario's load runs.
    public let load: ScenarioLoad
    /// What was chosen about it.
    public let options: ScenarioOptions
    /// Where the live form makes its files, each scenario in a directory of its own that it removes at its end.
    public let directory: URL

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

    /// Waits for the next piece of work: between the two durations at full load, longer at less, and while there is none.
    public func turn(_ shortest: Duration, _ longest: Duration) async throws {
        var random = self.environment.random
        let nanoseconds = Int64.random(in: shortest.wholeNanoseconds...longest.wholeNanoseconds, using: &random)
        let percent = try await self.load.atLeastSome()
        try await self.environment.time.sleep(for: .nanoseconds(nanoseconds / Int64(percent) * 100))
    }

    /// Waits between the two durations, anywhere; throws if the task is cancelled.
    public func pause(_ shortest: Duration, _ longest: Duration) async throws {
        var random = self.environment.random
        let nanoseconds = Int64.random(in: shortest.wholeNanoseconds...longest.wholeNanoseconds, using: &random)
        try await self.environment.time.sleep(for: .nanoseconds(nanoseconds))
    }

    /// True in one case of `cases`.
    public func happens(onceIn cases: Int) -> Bool {
        var random = self.environment.random
        return Int.random(in: 0..<cases, using: &random) == 0
    }

    /// A number of the range.
    public func number(in range: ClosedRange<Int>) -> Int {
        var random = self.environment.random
        return Int.random(in: range, using: &random)
    }
}
