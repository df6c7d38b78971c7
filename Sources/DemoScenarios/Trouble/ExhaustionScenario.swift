import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with an exhausted pool: a nightly report holds three of four connections, and other requests wait and time out.
public struct ExhaustionScenario: Scenario {
    /// The scenario's name, `exhaustion`.
    public static let name = "exhaustion"
    /// One line that states what the scenario demonstrates.
    public static let summary = "a pool of four connections, three of them held by a nightly report: holders, locations, waiters"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.leaseHeldTooLong, .poolExhausted]

    private static let workers = 26
    /// The number of connections that the report holds at the same time.
    static let kept = 3

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        let environment = world.environment
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        let options = BindingOptions(allowsFaults: true)
        try container.bind(ConnectionPool.self, lifetime: .singleton, options: options) { (upstream: any Upstream) in
            let pool = try ResourcePool(
                name: "ConnectionPool",
                configuration: PoolConfiguration(
                    maximum: 4,
                    acquireBudget: .seconds(2),
                    creationConcurrency: 1,
                    leakThreshold: .seconds(5)
                ),
                environment: environment,
                make: { try await upstream.connect() },
                close: { try await $0.close() }
            )
            return ConnectionPool(pool)
        }
        try container.bind(Page.self, options: options) { Page() }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        await Self.serve(numbers.next(), container, world)
                        try? await world.turn(.milliseconds(20), .milliseconds(150))
                    }
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await world.turn(.seconds(3), .seconds(4))
                    await Self.report(container, world)
                }
            }
        }
    }

    private static func serve(_ number: Int, _ container: Container, _ world: ScenarioWorld) async {
        try? await container.withScope("page-\(number)", tag: "page") { scope in
            _ = try await scope.get(Page.self)
            try await scope.get(ConnectionPool.self).pool.withLease { connection in
                try await connection.ask()
                try await world.pause(.milliseconds(20), .milliseconds(150))
            }
        }
    }

    /// The mistake of this scenario: the report holds three connections for two minutes, although one would suffice.
    private static func report(_ container: Container, _ world: ScenarioWorld) async {
        try? await container.withScope("nightly-report", tag: "report") { scope in
            let pool = try await scope.get(ConnectionPool.self).pool
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...Self.kept {
                    group.addTask {
                        try await pool.withLease(budget: .seconds(30)) { connection in
                            try await connection.ask()
                            try await world.pause(.seconds(110), .seconds(130))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// A pool of connections to the service.
final class ConnectionPool: NamedPool {
    let pool: ResourcePool<any UpstreamConnection>

    init(_ pool: ResourcePool<any UpstreamConnection>) {
        self.pool = pool
    }
}

/// A page, created for each request.
final class Page: SyncResource {}
