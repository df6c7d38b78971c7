import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// Bindings and no load: a container to open scopes in by hand.
public struct QuietScenario: Scenario {
    public static let name = "quiet"
    public static let summary = "bindings and no load: open scopes and get resources by hand"
    public static let findings: Set<Finding.Kind> = []

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try CheckoutScenario().bind(into: container, world: world)
    }

    public func run(_ container: Container, world: ScenarioWorld) async {
        // Nothing happens until the task is cancelled; no timer is held meanwhile.
        let never = AsyncStream<Void> { _ in }
        for await _ in never {}
    }
}
