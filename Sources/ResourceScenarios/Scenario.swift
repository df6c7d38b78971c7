import ResourceContainer
import ResourceMonitoring

/// A small program to monitor: its bindings and its load.
///
/// The same code runs live and simulated. A scenario takes time and randomness from its ``ScenarioWorld`` and starts tasks only as child
/// tasks. The two forms differ only in the leaves - databases, files, sockets - which the scenario chooses by ``ScenarioWorld/leaves``. A
/// ``LiveSession`` runs a scenario in this process; a ``SimulatedSession`` runs it in virtual time with a seed.
public protocol Scenario: Sendable {
    /// The scenario's name.
    static var name: String { get }
    /// One line that states what the scenario demonstrates.
    static var summary: String { get }
    /// The kinds of findings that the monitor raises in the scenario.
    static var findings: Set<Finding.Kind> { get }
    /// The virtual time within which all ``findings`` are raised in the simulated form. Two minutes by default.
    static var length: Duration { get }

    /// Creates the scenario. Nothing is bound or started.
    init()

    /// Binds the scenario's resources.
    func bind(into container: Container, world: ScenarioWorld) throws

    /// Runs the scenario's load until the task is canceled.
    func run(_ container: Container, world: ScenarioWorld) async
}

extension Scenario {
    /// Two minutes.
    public static var length: Duration { .seconds(120) }
}
