import ResourceContainer
import ResourceSimulation
import Testing

/// A pool that records its samples.
private final class SampleDiary: SampledPool {
    private let diary: Diary

    init(_ diary: Diary) {
        self.diary = diary
    }

    func attach(_ context: ResourceContext) {}

    func poolSample() -> PoolSample {
        self.diary.write("sampled")
        return PoolSample(name: "p", maximum: 1)
    }
}

@Suite("Event subscriptions of a container")
struct SubscriptionTests {
    @Test("A subscription that continues a snapshot has every event after it.")
    func continuing() async throws {
        let container = Container()
        let first = container.subscribe()
        let snapshot = container.snapshot()
        try await container.withScope("a") { _ in }
        let second = try #require(container.subscribe(continuing: snapshot))
        try await container.withScope("b") { _ in }
        #expect(second.snapshot == snapshot)
        #expect(second.drain().events == first.drain().events)
    }

    @Test("A snapshot is not continued after events that were not kept.")
    func notContinued() async throws {
        let container = Container()
        let snapshot = container.snapshot()
        #expect(container.subscribe(continuing: snapshot) != nil)
        try await container.withScope("a") { _ in }
        #expect(container.subscribe(continuing: snapshot) == nil)
        let later = container.subscribe()
        try await container.withScope("b") { _ in }
        #expect(container.subscribe(continuing: snapshot) == nil)
        #expect(container.subscribe(continuing: later.snapshot) != nil)
        for _ in 0..<40_000 { container.note("something") }
        #expect(container.subscribe(continuing: later.snapshot) == nil)
    }

    @Test("After missed events, a subscription continues a snapshot of another one, and the events after it follow.")
    func continuingAfterLoss() throws {
        let container = Container()
        let slow = container.subscribe()
        for _ in 0..<40_000 { container.note("something") }
        let snapshot = container.snapshot()
        for _ in 0..<5 { container.note("later") }
        let batch = slow.drain(orContinuing: snapshot)
        #expect(batch.missed == 40_000)
        #expect(batch.snapshot == snapshot)
        #expect(batch.events.isEmpty)
        #expect(slow.drain().events.count == 5)
    }

    @Test("Events are numbered without gaps from the snapshot on, and the books follow from them.", arguments: 0..<20 as Range<UInt64>)
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

    @Test("A subscriber that does not keep up gets the number of missed events and a new snapshot.")
    func overrun() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let slow = container.subscribe()
        try simulation.run { for _ in 0..<20_000 { try await container.withScope { _ in } } }
        let batch = slow.drain()
        #expect(batch.missed == 60_000)
        #expect(batch.events.isEmpty)
        #expect(batch.snapshot?.sequence == 60_001)
        try simulation.run { try await container.withScope { _ in } }
        let next = slow.drain()
        #expect(next.missed == 0)
        #expect(next.events.map(\.sequence) == [60_002, 60_003, 60_004])
    }

    @Test("A subscriber sleeps until an event occurs and ends with its task.")
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
        _ = try container.openScope("a")
        simulation.runUntilIdle()
        #expect(seen.withLock { $0 } == [1])
        task.cancel()
        simulation.runUntilIdle()
        #expect(seen.withLock { $0 } == [1, -1])
    }

    @Test("The first snapshot and the one after missed events contain the figures of the pools.")
    func pools() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let pool = try ResourcePool<Int>(
            name: "p",
            configuration: PoolConfiguration(maximum: 3),
            environment: simulation.environment,
            make: { 1 }
        )
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        try simulation.run { _ = try await container.get(ResourcePool<Int>.self) }
        let subscription = container.subscribe()
        #expect(subscription.snapshot.pools.map(\.maximum) == [3])
        #expect(subscription.snapshot.pools.map(\.resource) == [ResourceID(1)])
        try simulation.run {
            try await pool.withLease { _ in }
            for _ in 0..<12_000 { try await container.withScope { _ in } }
        }
        let batch = subscription.drain()
        #expect(batch.missed == 36_000)
        #expect(batch.events.isEmpty)
        #expect(batch.snapshot?.pools.map(\.leases) == [1])
    }

    @Test("A subscription reports whether there are events to drain, and whether the next drain misses some, without draining.")
    func news() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let subscription = container.subscribe()
        #expect(!subscription.hasNews)
        _ = try container.openScope("a")
        #expect(subscription.hasNews)
        #expect(subscription.hasNews)
        #expect(!subscription.wouldMiss)
        #expect(subscription.drain().events.count == 1)
        #expect(!subscription.hasNews)
        try simulation.run { for _ in 0..<12_000 { try await container.withScope { _ in } } }
        #expect(subscription.hasNews)
        #expect(subscription.wouldMiss)
        #expect(subscription.drain().missed == 36_000)
        #expect(!subscription.hasNews)
        #expect(!subscription.wouldMiss)
    }

    @Test("A subscription can release the rows of its snapshot, and the events that follow it are still drained.")
    func releasedSnapshot() throws {
        let container = Container()
        _ = try container.openScope("a")
        let subscription = container.subscribe()
        let whole = subscription.snapshot
        #expect(whole.scopes.count == 2)
        _ = try container.openScope("b")
        subscription.releaseSnapshot()
        #expect(subscription.snapshot == ContainerSnapshot(container: whole.container, sequence: whole.sequence, time: whole.time))
        #expect(subscription.drain().events.map(\.sequence) == [whole.sequence + 1])
    }

    @Test("A subscription without a snapshot reads no row and samples no pool, and reports news like another one.")
    func withoutSnapshot() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let diary = Diary()
        try container.bind(SampleDiary.self, lifetime: .singleton) { SampleDiary(diary) }
        try simulation.run { _ = try await container.get(SampleDiary.self) }
        let bell = container.subscribeWithoutSnapshot()
        #expect(diary.entries.isEmpty)
        #expect(container.poolSamples().count == 1)
        #expect(diary.entries == ["sampled"])
        #expect(bell.snapshot.scopes.isEmpty)
        #expect(bell.snapshot.sequence == container.books().sequence)
        #expect(!bell.hasNews)
        _ = try container.openScope("a")
        #expect(bell.hasNews)
        #expect(bell.drain().events.count == 1)
        _ = try simulation.run { try await container.close() }
        #expect(!bell.isOver)
        bell.skip()
        #expect(bell.isOver)
    }

    @Test("A drain never returns events that an earlier drain returned, while another thread skips.")
    func skipBesideDrain() async throws {
        let container = Container()
        let subscription = container.subscribe()
        async let skips: Void = { @concurrent () async -> Void in
            for _ in 0..<20_000 { subscription.skip() }
        }()
        var (last, isAscending) = (subscription.snapshot.sequence, true)
        for _ in 0..<20_000 {
            try await container.withScope("a") { _ in }
            for event in subscription.drain().events {
                isAscending = isAscending && event.sequence > last
                last = event.sequence
            }
        }
        await skips
        #expect(isAscending)
    }

    @Test("Leases are news for a consumer that polls, also those before the first poll after a drain.")
    func leasesAreNews() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let pool = try ResourcePool<Int>(
            name: "p",
            configuration: PoolConfiguration(maximum: 1),
            environment: simulation.environment,
            make: { 1 }
        )
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        try simulation.run { _ = try await container.get(ResourcePool<Int>.self) }
        let subscription = container.subscribe()
        #expect(!subscription.hasNews)
        for _ in 0..<3 {
            try simulation.run { try await pool.withLease { _ in } }
            #expect(subscription.hasNews)
            #expect(subscription.drain().events.isEmpty)
        }
        #expect(!subscription.hasNews)
    }

    @Test("Events are kept only while there is a subscriber, and a later subscriber starts at the current position.")
    func eventsAreKeptForSubscribers() throws {
        let container = Container()
        _ = try container.openScope("before")
        #expect(container.keptEvents == 0)
        do {
            let first = container.subscribe()
            do {
                let second = container.subscribe()
                _ = try container.openScope("for two")
                withExtendedLifetime(second) {}
            }
            _ = try container.openScope("for one")
            #expect(container.keptEvents == 2)
            #expect(first.drain().events.count == 2)
        }
        #expect(container.keptEvents == 0)
        #expect(container.tableSizes["subscriber rows"] == 0)
        _ = try container.openScope("without subscribers")
        #expect(container.keptEvents == 0)
        let last = container.subscribe()
        _ = try container.openScope("again")
        #expect(last.drain().events.map(\.sequence) == [6])
    }
}
