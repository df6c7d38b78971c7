import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Subscribing gives a picture and every event after it")
struct SubscriptionTests {
    @Test("events are numbered without a gap from the picture on, and the books follow from them", arguments: 0..<20 as Range<UInt64>)
    func gapless(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self) { Thing("a", Diary()) }
        let load: @Sendable () async -> Void = {
            for _ in 0..<10 { try? await container.withScope { _ = try await $0.get(Thing.self) } }
        }
        simulation.spawn(load)
        simulation.runUntilIdle()
        let subscription = container.subscribe()
        simulation.spawn(load)
        simulation.spawn(load)
        simulation.runUntilIdle()
        let events = subscription.drain().events
        #expect(events.map(\.sequence) == Array(subscription.snapshot.sequence + 1...subscription.snapshot.sequence + UInt64(events.count)))
        #expect(events.count == 140)
        #expect(subscription.drain().events.isEmpty)
    }

    @Test("a subscriber that does not keep up is told how much it lost and given a new picture")
    func overrun() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let slow = container.subscribe()
        try simulation.run { for _ in 0..<20_000 { try await container.withScope { _ in } } }
        let batch = slow.drain()
        #expect(batch.missed == 60_000 && batch.events.isEmpty)
        #expect(batch.snapshot?.sequence == 60_001)
        try simulation.run { try await container.withScope { _ in } }
        let next = slow.drain()
        #expect(next.missed == 0 && next.events.map(\.sequence) == [60_002, 60_003, 60_004])
    }

    @Test("a subscriber sleeps until something happens, and its end is its task's end")
    func waits() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let seen = Lock<[Int]>([])
        let task = simulation.spawn {
            for await batch in container.subscribe().batches { seen.withLock { $0.append(batch.events.count) } }
            seen.withLock { $0.append(-1) }
        }
        simulation.runUntilIdle()
        #expect(seen.withLock { $0 }.isEmpty)
        _ = try container.openScope(named: "a")
        simulation.runUntilIdle()
        #expect(seen.withLock { $0 } == [1])
        task.cancel()
        simulation.runUntilIdle()
        #expect(seen.withLock { $0 } == [1, -1])
    }
}
