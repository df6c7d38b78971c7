import ResourceScenarios

/// The built-in scenarios.
public enum Scenarios {
    /// All built-in scenarios. The first one is the default.
    public static let all: [any Scenario.Type] = [
        CheckoutScenario.self, TourScenario.self, QuietScenario.self, LeakScenario.self, ExhaustionScenario.self, FlakyScenario.self,
        BadDisposeScenario.self, SlowScenario.self, NestedScenario.self, OutageScenario.self, StormScenario.self,
    ]

    /// Returns the scenario with this name, or nil.
    public static func named(_ name: String) -> (any Scenario.Type)? {
        self.all.first { $0.name == name }
    }
}
