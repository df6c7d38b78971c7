import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

/// A container in a simulation with a running monitor.
final class FindingWorld: Sendable {
    let simulation: Simulation
    let container: Container
    let monitor: ResourceMonitor

    init(rules: FindingRules = FindingRules()) {
        self.simulation = Simulation(seed: 1)
        let container = Container("app", environment: self.simulation.environment)
        let monitor = ResourceMonitor(container, rules: rules)
        self.container = container
        self.monitor = monitor
        self.simulation.spawn { await monitor.run() }
    }

    var time: TimeSource {
        self.simulation.environment.time
    }

    /// Advances the time and lets the monitor process it.
    func run(for duration: Duration) {
        self.simulation.run(for: duration)
    }

    /// Starts work that runs in the background.
    func spawn(_ work: @escaping @Sendable @concurrent (FindingWorld) async throws -> Void) {
        self.simulation.spawn { try? await work(self) }
    }

    /// The active findings of a kind.
    func standing(_ kind: Finding.Kind) -> [Finding] {
        self.monitor.findings().filter { $0.kind == kind }
    }

    func withdrawn(_ kind: Finding.Kind) -> [Finding] {
        self.monitor.feed().next().withdrawnFindings.filter { $0.kind == kind }
    }

    /// Binds a part whose steps take the time and fail in the way that the test chooses.
    func bindPart(
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        initialize: @escaping @Sendable @concurrent (FindingWorld) async throws -> Void = { _ in },
        dispose: @escaping @Sendable @concurrent (FindingWorld) async throws -> Void = { _ in },
        options: BindingOptions = BindingOptions()
    ) throws {
        try self.container.bind(
            Part.self,
            name: name,
            lifetime: lifetime,
            lifecycle: .managed(onInitialize: { _ in try await initialize(self) }, onDispose: { _ in try await dispose(self) }),
            options: options
        ) { Part() }
    }

    func pool(_ configuration: PoolConfiguration) throws -> ResourcePool<Int> {
        let environment = self.simulation.environment
        let pool = try ResourcePool<Int>(name: "Tickets", configuration: configuration, environment: environment, make: { 1 })
        try self.container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        try self.simulation.run { _ = try await self.container.get(ResourcePool<Int>.self) }
        return pool
    }
}

extension Finding {
    /// Whether the finding has every required part and, if the source location is known, the location.
    func isWhole(placed: Bool = true) -> Bool {
        !self.evidence.isEmpty && self.advice.hasSuffix(".") && !self.subject.label.isEmpty && self.count > 0 && self.lastSeen >= self.since
            && (!placed || self.location?.file.hasPrefix("ResourceMonitoringTests/") == true)
    }
}
