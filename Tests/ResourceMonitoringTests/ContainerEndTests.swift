import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("A monitor at the end of its container, and across bindings of a key")
struct ContainerEndTests {
    @Test("A running monitor and a stream of updates end when the container is closed; the last update includes the close.")
    func closed() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let ended = Lock<[String]>([])
        let last = Lock<MonitorUpdate?>(nil)
        try container.bind(Int.self, lifetime: .singleton) { 1 }
        simulation.spawn {
            await monitor.run()
            ended.withLock { $0.append("run") }
        }
        simulation.spawn {
            for await update in monitor.updates(rate: 4) { last.withLock { $0 = update } }
            ended.withLock { $0.append("updates") }
        }
        simulation.run(for: .seconds(3))
        try simulation.run {
            _ = try await container.get(Int.self)
            try await container.close()
        }
        simulation.run(for: .seconds(3))
        #expect(ended.withLock { $0.sorted() } == ["run", "updates"])
        #expect(last.withLock { $0?.sequence } == container.books().sequence)
        #expect(last.withLock { $0?.totals.books.disposed } == 1)
        #expect(simulation.time.earliestDeadline == nil)
        #expect(container.tableSizes["waiting subscribers"] == 0)
        // A later consumer gets the final update and nothing after it.
        let late = Lock(0)
        simulation.spawn { for await _ in monitor.updates(rate: 4) { late.withLock { $0 += 1 } } }
        simulation.run(for: .seconds(3))
        #expect(late.withLock { $0 } == 1)
    }

    @Test("A key that is bound again or overridden keeps its row in the figures, as in the container's snapshot.")
    func rebound() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let events = container.subscribe()
        var folded = MonitorLedger(events.snapshot)
        try container.bind(Int.self, lifetime: .singleton) { 1 }
        try simulation.run {
            _ = try await container.get(Int.self)
            try container.bind(Int.self, lifetime: .transient, override: true) { 2 }
            try await container.withScope { _ = try await $0.get(Int.self) }
            try await container.overriding {
                Bind(Int.self, lifetime: .singleton) { 3 }
            } body: {
                _ = try await $0.get(Int.self)
            }
        }
        for event in events.drain().events { folded.apply(event) }
        #expect(folded.matches(container.snapshot()))
        #expect(folded.bindings.count == 1)
        #expect(folded.bindings[0].row.binding.books.created == 3)
        #expect(folded.bindings[0].row.binding.lifetime == .transient)
        #expect(ResourceMonitor(container).report().keys["Int"]?.resourcesCreated == 3)
    }

    @Test("Instances dropped with their container are reported as abandoned, and the folded books balance.")
    func dropped() throws {
        let simulation = Simulation(seed: 1)
        let (events, snapshot) = try simulation.run {
            let container = Container(environment: simulation.environment)
            let events = container.subscribe()
            try container.bind(Int.self, lifetime: .singleton) { 1 }
            _ = try await container.get(Int.self)
            return (events, container.snapshot())
        }
        var folded = MonitorLedger(events.snapshot)
        for event in events.drain().events { folded.apply(event) }
        #expect(snapshot.books.ready == 1)
        #expect(folded.books.isBalanced)
        #expect(folded.books.abandoned == 1)
        #expect(folded.books.errors == 1)
        #expect(folded.resources.rows.map(\.lastError) == [ResourceEvent.droppedText])
    }
}
