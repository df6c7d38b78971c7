import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with the bindings of ``CheckoutScenario`` and no load, to open scopes and resolve resources by hand.
public struct QuietScenario: Scenario {
    /// The scenario's name, `quiet`.
    public static let name = "quiet"
    /// One line that states what the scenario demonstrates.
    public static let summary = "bindings without load: open scopes and resolve resources by hand"
    /// Empty: without load there are no findings.
    public static let findings: Set<Finding.Kind> = []

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try CheckoutScenario().bind(into: container, world: world)
    }

    /// Waits until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        // Suspends until the task is canceled, without a timer.
        let never = AsyncStream<Void> { _ in }
        for await _ in never {}
    }
}
