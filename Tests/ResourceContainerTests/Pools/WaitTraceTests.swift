import ResourceSimulation
import Synchronization
import Testing

@testable import ResourceContainer

@Suite("Traces of acquisitions that waited")
struct WaitTraceTests {
    private static let traces = ["trace-1", "trace-2", "trace-3"].compactMap(TraceID.init)

    private static func pool(_ environment: ResourceEnvironment, budget: Duration = .seconds(30)) throws -> ResourcePool<Int> {
        try ResourcePool<Int>(
            name: "numbers",
            configuration: PoolConfiguration(maximum: 1, acquireBudget: budget),
            environment: environment,
            make: { 1 }
        )
    }

    @Test("The last trace of each range of waits is kept, in the range of its wait.")
    func ranges() {
        var examples: [WaitTrace] = []
        for (trace, waited) in zip(Self.traces, [Duration.milliseconds(3), .seconds(2), .milliseconds(4)]) {
            examples.note(WaitTrace(trace: trace, waited: waited))
        }
        #expect(examples.map(\.trace.rawValue) == ["trace-3", "trace-2"])
        #expect(WaitTrace(trace: Self.traces[0], waited: .zero).range == 0)
        #expect(WaitTrace(trace: Self.traces[0], waited: .nanoseconds(1024)).range == 1)
        #expect(WaitTrace(trace: Self.traces[0], waited: .seconds(1_000_000)).range == DurationBuckets.exportedBounds.count)
        for (range, bound) in DurationBuckets.exportedBounds.enumerated() {
            #expect(WaitTrace(trace: Self.traces[0], waited: bound - .nanoseconds(1)).range == range)
        }
    }

    @Test("Acquisitions that wait read the trace of their task, and no others do.")
    func asked() throws {
        let simulation = Simulation(seed: 1)
        let asked = Mutex(0)
        var environment = simulation.environment
        environment.traceID = {
            asked.withLock { count in
                count += 1
                return Self.traces[count % 3]
            }
        }
        let (pool, time) = (try Self.pool(environment), environment.time)
        try simulation.run { try await pool.prefill() }
        try simulation.run { for _ in 0..<10 { try await pool.withLease { _ in } } }
        let atOnce = asked.withLock { $0 }
        // The item does not exist before the first lease, which therefore waits.
        #expect(atOnce == 1)
        for _ in 0..<2 { simulation.spawn { try? await pool.withLease { _ in try? await time.sleep(for: .seconds(1)) } } }
        simulation.run(for: .seconds(3))
        #expect(asked.withLock { $0 } == 2)
        let examples = pool.poolSample().waitTraces ?? []
        #expect(examples.last == WaitTrace(trace: Self.traces[2], waited: .seconds(1)))
    }

    @Test("An acquisition that times out is an example, and one that is canceled is none.")
    func ends() throws {
        let simulation = Simulation(seed: 1)
        var environment = simulation.environment
        environment.traceID = { Self.traces[0] }
        let (pool, time) = (try Self.pool(environment, budget: .seconds(2)), environment.time)
        simulation.spawn { try? await pool.withLease { _ in try? await time.sleep(for: .seconds(10)) } }
        simulation.run(for: .seconds(1))
        let canceled = simulation.spawn { try? await pool.withLease { _ in } }
        simulation.run(for: .seconds(1))
        let before = pool.poolSample().waitTraces
        canceled.cancel()
        simulation.run(for: .milliseconds(100))
        #expect(pool.poolSample().waitTraces == before)
        simulation.spawn { try? await pool.withLease { _ in } }
        simulation.run(for: .seconds(3))
        #expect(pool.poolSample().timedOut == 1)
        #expect(pool.poolSample().waitTraces?.last == WaitTrace(trace: Self.traces[0], waited: .seconds(2)))
    }

    @Test("A pool uses the function of its container, and has no examples without one.")
    func container() throws {
        let simulation = Simulation(seed: 1)
        var environment = simulation.environment
        environment.traceID = { Self.traces[1] }
        for (environment, expected) in [(environment, Self.traces[1]), (simulation.environment, nil)] {
            let container = Container("app", environment: environment)
            let pool = try Self.pool(simulation.environment)
            try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
            try simulation.run { try await container.get(ResourcePool<Int>.self).withLease { _ in } }
            #expect(pool.poolSample().waitTraces?.first?.trace == expected)
        }
    }

    @Test("Pools that are added up have the examples of all of them, one for each range.")
    func added() {
        var sum = PoolSample(name: "a", maximum: 1)
        var other = PoolSample(name: "b", maximum: 1)
        sum.add(other)
        #expect(sum.waitTraces == nil)
        sum.waitTraces = [WaitTrace(trace: Self.traces[0], waited: .seconds(1))]
        other.waitTraces = [
            WaitTrace(trace: Self.traces[1], waited: .seconds(1)), WaitTrace(trace: Self.traces[2], waited: .microseconds(5)),
        ]
        sum.add(other)
        #expect(sum.waitTraces?.map(\.trace.rawValue) == ["trace-2", "trace-3"])
    }
}
