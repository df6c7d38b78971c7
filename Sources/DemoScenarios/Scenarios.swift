import ResourceScenarios

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
