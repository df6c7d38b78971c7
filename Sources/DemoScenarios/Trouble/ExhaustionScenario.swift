import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A pool of four connections, of which a nightly report takes all but one and keeps them: the others wait, and give up.
public struct ExhaustionScenario: Scenario {
    public static let name = "exhaustion"
    public static let summary = "a pool of four, of which a nightly report keeps three: who holds what, from where, and who waits"
    public static let findings: Set<Finding.Kind> = [.leaseHeldTooLong, .poolExhausted]

    private static let workers = 26
    /// How many connections the report keeps at once, and for how long.
    static let kept = 3

    public init() {}

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

    /// The culprit: three connections held side by side for two minutes, for work that one would do.
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

/// Connections to the service.
final class ConnectionPool: NamedPool {
    let pool: ResourcePool<any UpstreamConnection>

    init(_ pool: ResourcePool<any UpstreamConnection>) {
        self.pool = pool
    }
}

/// What one request makes.
final class Page: SyncResource {}
