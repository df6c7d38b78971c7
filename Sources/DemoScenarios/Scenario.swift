import ResourceContainer

/// A small program to watch: what it binds, and the load it runs.
///
/// The same code serves the live and the simulated form. It takes time and randomness from the container's environment and starts tasks
/// only as children; what differs between the forms are the leaves - databases, files - which a ``ScenarioWorld`` chooses.
public protocol Scenario: Sendable {
    /// What it is called on the command line.
    static var name: String { get }
    /// What it shows, in one line.
    static var summary: String { get }

    init()

    /// Binds what the scenario consists of.
    func bind(into container: Container, world: ScenarioWorld) throws

    /// Runs the scenario's load until the task is cancelled.
    func run(_ container: Container, world: ScenarioWorld) async
}

/// What a scenario touches outside of the process: the real thing, or something that waits on the environment's time and fails from its seed.
public struct ScenarioWorld: Sendable {
    /// Which leaves.
    public enum Leaves: Sendable {
        /// Real databases and files, in a temporary directory.
        case live
        /// Stand-ins on manual time.
        case simulated
    }

    /// The time and the randomness of the world.
    public let environment: ResourceEnvironment
    /// Which leaves it has.
    public let leaves: Leaves

    public init(environment: ResourceEnvironment, leaves: Leaves) {
        self.environment = environment
        self.leaves = leaves
    }

    /// Waits between the two durations, anywhere; throws if the task is cancelled.
    func pause(_ shortest: Duration, _ longest: Duration) async throws {
        var random = self.environment.random
        let nanoseconds = Int64.random(in: shortest.wholeNanoseconds...longest.wholeNanoseconds, using: &random)
        try await self.environment.time.sleep(for: .nanoseconds(nanoseconds))
    }

    /// True in one case of `cases`.
    func happens(onceIn cases: Int) -> Bool {
        var random = self.environment.random
        return Int.random(in: 0..<cases, using: &random) == 0
    }

    /// A number of the range.
    func number(in range: ClosedRange<Int>) -> Int {
        var random = self.environment.random
        return Int.random(in: range, using: &random)
    }
}

/// The scenarios there are.
public enum Scenarios {
    /// All of them; the first is the one shown when none is named.
    public static let all: [any Scenario.Type] = [CheckoutScenario.self, QuietScenario.self]

    /// The scenario called `name`.
    public static func named(_ name: String) -> (any Scenario.Type)? {
        self.all.first { $0.name == name }
    }
}

/// Something a scenario makes go wrong.
struct Mishap: Error, CustomStringConvertible {
    let description: String
}
