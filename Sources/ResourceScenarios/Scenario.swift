import ResourceContainer
import ResourceMonitoring

/// A small program to watch: what it binds, and the load it runs.
///
/// The same code serves the live and the simulated form. It takes time and randomness from its ``ScenarioWorld`` and starts tasks only as
/// children; what differs between the forms are the leaves - databases, files - which it chooses by ``ScenarioWorld/leaves``. A
/// ``LiveSession`` runs it in this process, a ``SimulatedSession`` in virtual time and from a seed.
public protocol Scenario: Sendable {
    /// What it is called.
    static var name: String { get }
    /// What it shows, in one line.
    static var summary: String { get }
    /// What the monitor finds in it, sooner or later.
    static var findings: Set<Finding.Kind> { get }
    /// Within which time all of them are found in the simulated form; two minutes unless it says otherwise.
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
