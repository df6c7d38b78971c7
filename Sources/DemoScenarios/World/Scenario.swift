import ResourceContainer
import ResourceMonitoring

/// A small program to watch: what it binds, and the load it runs.
///
/// The same code serves the live and the simulated form. It takes time and randomness from the container's environment and starts tasks
/// only as children; what differs between the forms are the leaves - databases, files - which a ``ScenarioWorld`` chooses.
public protocol Scenario: Sendable {
    /// What it is called on the command line.
    static var name: String { get }
    /// What it shows, in one line.
    static var summary: String { get }
    /// What the monitor finds in it, sooner or later.
    static var findings: Set<Finding.Kind> { get }
    /// Within which time all of them are found.
    static var length: Duration { get }

    init()

    /// Binds what the scenario consists of.
    func bind(into container: Container, world: ScenarioWorld) throws

    /// Runs the scenario's load until the task is cancelled.
    func run(_ container: Container, world: ScenarioWorld) async
}

extension Scenario {
    public static var length: Duration { .seconds(120) }
}

/// The scenarios there are.
public enum Scenarios {
    /// All of them; the first is the one shown when none is named.
    public static let all: [any Scenario.Type] = [
        CheckoutScenario.self, TourScenario.self, QuietScenario.self, LeakScenario.self, ExhaustionScenario.self, FlakyScenario.self,
        BadDisposeScenario.self, SlowScenario.self, NestedScenario.self, OutageScenario.self, StormScenario.self,
    ]

    /// The scenario called `name`.
    public static func named(_ name: String) -> (any Scenario.Type)? {
        self.all.first { $0.name == name }
    }
}

/// Something a scenario makes go wrong.
struct Mishap: Error, CustomStringConvertible {
    let description: String
}
