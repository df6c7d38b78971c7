import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// Resources that take too long: initialise beyond its budget fails, dispose beyond its budget is abandoned, and both are named.
public struct SlowScenario: Scenario {
    public static let name = "slow"
    public static let summary =
        "a model that loads for seconds and a spooler that often never ends: budgets are exceeded, and what hangs is abandoned"
    public static let findings: Set<Finding.Kind> = [.initialiseSlow, .disposeSlow, .abandoned]

    private static let workers = 2
    /// What a model may take to be loaded, and a journal to be written out.
    public static let loading = Duration.seconds(2)
    public static let writing = Duration.milliseconds(1_500)

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind(Model.self, options: BindingOptions(initializeTimeout: Self.loading, allowsFaults: true)) { Model(world: world) }
        try container.bind(Journal.self, options: BindingOptions(disposeTimeout: Self.writing, allowsFaults: true)) {
            Journal(world: world)
        }
    }

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

/// Takes from half a second to three to be loaded.
final class Model: Resource {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func initialize() async throws {
        try await self.world.pause(.milliseconds(500), .seconds(3))
    }
}

/// Is written out when it is disposed, and one in three waits for a lock that nobody gives back for a long time.
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
