import ResourceContainer
import ResourceSimulation

/// A value whose steps the test controls.
struct Part: Sendable {}

/// A container under a random load in which every lifecycle event of a resource occurs.
struct MonitorLoad {
    let simulation: Simulation
    let container: Container

    init(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        self.simulation = simulation
        self.container = Container("app", environment: simulation.environment)
        let step: @Sendable (Part) async throws -> Void = { _ in
            var random = simulation.environment.random
            try await simulation.environment.time.sleep(for: .milliseconds(Int.random(in: 0...40, using: &random)))
            if Int.random(in: 0...9, using: &random) == 0 { throw CancellationError() }
            if Int.random(in: 0...30, using: &random) == 0 { try await simulation.environment.time.sleep(for: .seconds(20)) }
        }
        for name in ["a", "b", "c"] {
            try self.container.bind(
                Part.self,
                name: name,
                lifetime: name == "c" ? .transient : .scoped,
                lifecycle: .managed(onInitialize: step, onDispose: step),
                options: BindingOptions(initializeTimeout: .seconds(2), disposeTimeout: .seconds(2))
            ) { Part() }
        }
    }

    /// Starts workers that open scopes and get parts, one after the other.
    func start(workers: Int = 3, requests: Int = 40) {
        for worker in 0..<workers {
            self.simulation.spawn { [simulation, container] in
                var random = simulation.environment.random
                for request in 0..<requests {
                    try? await container.withScope("req-\(worker)-\(request)") { scope in
                        for _ in 0..<Int.random(in: 1...4, using: &random) {
                            _ = try? await scope.get(Part.self, name: ["a", "b", "c"][Int.random(in: 0...2, using: &random)])
                        }
                        try await simulation.environment.time.sleep(for: .milliseconds(Int.random(in: 0...300, using: &random)))
                    }
                }
            }
        }
    }
}
