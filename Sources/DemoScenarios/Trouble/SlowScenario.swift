import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with slow resources: an initialize that exceeds its budget fails, and a dispose that exceeds its budget is abandoned.
public struct SlowScenario: Scenario {
    /// The scenario's name, `slow`.
    public static let name = "slow"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "a model that loads for seconds and a journal that often hangs: budgets expire, and hanging instances are abandoned"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.initializeSlow, .disposeSlow, .abandoned]

    private static let workers = 2
    /// The budget for loading a model.
    public static let loading = Duration.seconds(2)
    /// The budget for writing a journal.
    public static let writing = Duration.milliseconds(1_500)

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind(Model.self, options: BindingOptions(initializeTimeout: Self.loading, allowsFaults: true)) { Model(world: world) }
        try container.bind(Journal.self, options: BindingOptions(disposeTimeout: Self.writing, allowsFaults: true)) {
            Journal(world: world)
        }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        try? await container.withScope("forecast-\(numbers.next())", tag: "forecast") { scope in
                            _ = try await scope.get(Journal.self)
                            _ = try await scope.get(Model.self)
                            try await world.pause(.milliseconds(50), .milliseconds(200))
                        }
                        try? await world.turn(.milliseconds(200), .milliseconds(600))
                    }
                }
            }
        }
    }
}

/// A model that takes 0.5 s to 3 s to load.
final class Model: Resource {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func initialize() async throws {
        try await self.world.pause(.milliseconds(500), .seconds(3))
    }
}

/// A journal that is written when it is disposed. One in three waits several seconds for a lock.
final class Journal: Resource {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func dispose() async throws {
        if self.world.happens(onceIn: 3) {
            try await self.world.pause(.seconds(4), .seconds(6))
        } else {
            try await self.world.pause(.milliseconds(1), .milliseconds(1_200))
        }
    }
}
