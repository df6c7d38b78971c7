import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's bad pattern 2, "Resource Exhaustion": missing limits, and steps that take too long.
///
/// Not detectable: a resource that keeps its own list of connections, like the page's `UnlimitedPool`. Let it use a ``ResourcePool``, whose
/// limit is mandatory.
@Suite("Spec: Bad pattern, Resource Exhaustion")
struct ResourceExhaustionTests {
    let simulation = Simulation(seed: 1)

    /// The page's `LongRunningResource`.
    private final class LongRunning: Resource {
        let initialization: Duration
        let disposal: Duration
        let time: TimeSource

        init(initialization: Duration = .zero, disposal: Duration = .zero, _ time: TimeSource) {
            self.initialization = initialization
            self.disposal = disposal
            self.time = time
        }

        func initialize() async throws { try await self.time.sleep(for: self.initialization) }
        func dispose() async throws { try await self.time.sleep(for: self.disposal) }
    }

    @Test("Prevented: A pool without a limit cannot be created.", arguments: [0, -1, Int.min])
    func noLimit(maximum: Int) {
        let error = #expect(throws: PoolError.self) {
            try ResourcePool(name: "unlimited", configuration: PoolConfiguration(maximum: maximum), make: { RawConnection() })
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("Prevented: A hundred requests to a pool of four create four connections.")
    func limited() throws {
        let made = Lock(0)
        let pool = try ResourcePool(
            name: "limited",
            configuration: PoolConfiguration(maximum: 4),
            environment: self.simulation.environment,
            make: {
                made.withLock { count in
                    count += 1
                    return RawConnection(count)
                }
            }
        )
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 { group.addTask { try await pool.withLease { _ in try await time.sleep(for: .milliseconds(1)) } } }
                try await group.waitForAll()
            }
        }
        #expect(made.withLock { $0 } == 4)
    }

    @Test("Prevented: An initialization that exceeds its budget fails its request with a timeout error.")
    func slowInitialization() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self, options: BindingOptions(initializeTimeout: .seconds(5))) {
            LongRunning(initialization: .seconds(30), time)
        }
        try self.simulation.run {
            let error = await #expect(throws: ResourceError.self) {
                try await container.withScope { _ = try await $0.get(LongRunning.self) }
            }
            #expect(error?.code == .initializationTimedOut)
            #expect(error?.key == "LongRunning")
            #expect(time.now.nanoseconds == 5_000_000_000)
        }
        #expect(container.snapshot().books.abandoned == 1)
    }

    @Test("Prevented: A dispose that exceeds its budget is abandoned and named, and its scope ends without it.")
    func slowDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self, options: BindingOptions(disposeTimeout: .seconds(2))) {
            LongRunning(disposal: .seconds(10), time)
        }
        let report = Lock<DisposeReport?>(nil)
        try self.simulation.run {
            try await container.withScope(onClose: { closed in report.withLock { $0 = closed } }) { _ = try await $0.get(LongRunning.self) }
            #expect(time.now.nanoseconds == 2_000_000_000)
        }
        let entry = try #require(report.withLock { $0 }?.entries.first)
        #expect(entry.label == "LongRunning")
        #expect(entry.outcome == .abandoned)
    }

    @Test(
        "Prevented by default: initializations of 30 seconds, as on the page, or more, and disposes of 10 seconds or more.",
        arguments: [(Duration.seconds(30), Duration.seconds(10)), (.seconds(31), .seconds(11))]
    )
    func defaults(initialization: Duration, disposal: Duration) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self, name: "start") { LongRunning(initialization: initialization, time) }
        try container.bind(LongRunning.self, name: "end") { LongRunning(disposal: disposal, time) }
        try self.simulation.run {
            let scope = try container.openScope("request")
            await #expect(throws: ResourceError.self) { try await scope.get(LongRunning.self, name: "start") }
            #expect(time.now.nanoseconds == 30_000_000_000)
            _ = try await scope.get(LongRunning.self, name: "end")
            let report = try await scope.close()
            #expect(report.took == .seconds(10))
            #expect(report.count(.abandoned) == 1)
        }
    }

    @Test("Found: Steps that are slow but within their budgets are in the events with their durations.")
    func slowButAllowed() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self) { LongRunning(initialization: .seconds(20), disposal: .seconds(7), time) }
        try self.simulation.run { try await container.withScope { _ = try await $0.get(LongRunning.self) } }
        var took: [Duration] = []
        for event in subscription.drain().events {
            switch event.kind {
            case .ready(let duration, _, _): took.append(duration)
            case .disposed(let duration, _): took.append(duration)
            default: break
            }
        }
        #expect(took == [.seconds(20), .seconds(7)])
    }
}
