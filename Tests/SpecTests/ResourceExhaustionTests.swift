import ResourceContainer
import ResourceSimulation
import Testing

/// The page's bad pattern 2, "Resource Exhaustion": no limits, and steps that take too long.
///
/// Not detectable: a resource that keeps a list of connections of its own, as the page's `UnlimitedPool` does. Let it have them from a
/// ``ResourcePool``, whose limit is mandatory.
@Suite("Spec: Bad pattern, Resource Exhaustion")
struct ResourceExhaustionTests {
    let simulation = Simulation(seed: 1)

    /// The page's `LongRunningResource`.
    private final class LongRunning: Resource {
        let initialisation: Duration
        let disposal: Duration
        let time: TimeSource

        init(initialisation: Duration = .zero, disposal: Duration = .zero, _ time: TimeSource) {
            self.initialisation = initialisation
            self.disposal = disposal
            self.time = time
        }

        func initialize() async throws { try await self.time.sleep(for: self.initialisation) }
        func dispose() async throws { try await self.time.sleep(for: self.disposal) }
    }

    @Test("Prevented: a pool without a limit cannot be made", arguments: [0, -1, Int.min])
    func noLimit(maximum: Int) {
        let error = #expect(throws: PoolError.self) {
            try ResourcePool(name: "unlimited", configuration: PoolConfiguration(maximum: maximum), make: { RawConnection() })
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("Prevented: a hundred borrowers of a pool of four make four connections")
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

    @Test("Prevented: an initialisation longer than its budget ends the request with an error that says so")
    func slowInitialisation() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self, options: BindingOptions(initializeTimeout: .seconds(5))) {
            LongRunning(initialisation: .seconds(30), time)
        }
        try self.simulation.run {
            let error = await #expect(throws: ResourceError.self) {
                try await container.withScope { _ = try await $0.get(LongRunning.self) }
            }
            #expect(error?.code == .initialisationTimedOut && error?.key == "LongRunning")
            #expect(time.now.nanoseconds == 5_000_000_000)
        }
        #expect(container.snapshot().books.abandoned == 1)
    }

    @Test("Prevented: a dispose longer than its budget is abandoned and named, and the scope ends without it")
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
        #expect(entry.label == "LongRunning" && entry.outcome == .abandoned)
    }

    @Test(
        "Prevented without being asked for: an initialisation of 30 seconds, the page's, or more; a dispose of 10 seconds or more",
        arguments: [(Duration.seconds(30), Duration.seconds(10)), (.seconds(31), .seconds(11))]
    )
    func defaults(initialisation: Duration, disposal: Duration) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self, name: "start") { LongRunning(initialisation: initialisation, time) }
        try container.bind(LongRunning.self, name: "end") { LongRunning(disposal: disposal, time) }
        try self.simulation.run {
            let scope = try container.openScope(named: "request")
            await #expect(throws: ResourceError.self) { try await scope.get(LongRunning.self, name: "start") }
            #expect(time.now.nanoseconds == 30_000_000_000)
            _ = try await scope.get(LongRunning.self, name: "end")
            let report = try await scope.close()
            #expect(report.took == .seconds(10) && report.count(.abandoned) == 1)
        }
    }

    @Test("Found: steps that are slow but within their budget stand in the events with the time they took")
    func slowButAllowed() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        let time = self.simulation.environment.time
        try container.bind(LongRunning.self) { LongRunning(initialisation: .seconds(20), disposal: .seconds(7), time) }
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
