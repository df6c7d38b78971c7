import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Subscribers see the same state, whenever they subscribe")
struct SubscriptionTests {
    @Test(
        "A subscriber that starts at any of a hundred moments in a storm sees the same as one from the start.",
        arguments: 0..<10 as Range<UInt64>
    )
    func middleOfStorm(seed: UInt64) throws {
        let load = try MonitorLoad(seed: seed)
        let pool = try ResourcePool<Int>(
            name: "Pool",
            configuration: PoolConfiguration(maximum: 2),
            environment: load.simulation.environment,
            make: { 1 }
        )
        try load.container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        let events = load.container.subscribe()
        var folded = MonitorLedger(events.snapshot)
        let monitor = ResourceMonitor(load.container)
        let feed = monitor.feed()
        var picture = FoldedPicture()
        var random = SeededRandom(seed: seed)
        load.start(workers: 12, requests: 60)
        load.simulation.spawn { [container = load.container, time = load.simulation.environment.time] in
            for number in 0..<400 {
                _ = try? await container.get(ResourcePool<Int>.self).withLease { _ in try await time.sleep(for: .milliseconds(number % 37))
                }
            }
        }
        for _ in 0..<100 {
            load.simulation.run(for: .microseconds(Int.random(in: 0...100_000, using: &random)))
            // Events alone, folded from the start, match a current snapshot.
            for event in events.drain().events { folded.apply(event) }
            let late = load.container.subscribe().snapshot
            #expect(folded.matches(late))
            // Updates folded from the start match the first update of a new subscriber.
            if Bool.random(using: &random) { picture.fold(feed.next()) }
            var fresh = FoldedPicture()
            fresh.fold(monitor.feed().next())
            picture.fold(feed.next())
            #expect(picture.shows(fresh))
        }
        #expect(folded.books.created > 200)
    }

    @Test("A feed not read for a million events uses bounded memory, reports the missed events, and recovers.")
    func deadSubscriber() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self) { 1 }
        let monitor = ResourceMonitor(container)
        let feed = monitor.feed()
        let stream = monitor.updates(rate: 4)
        _ = feed.next()
        let before = container.tableSizes
        func happen(_ scopes: Int) throws {
            try simulation.run { for _ in 0..<scopes { try await container.withScope { _ = try await $0.get(Int.self) } } }
        }
        for _ in 0..<10 { try happen(14_300) }
        // The event log is a ring buffer that all subscribers share. Nothing is kept for this one.
        #expect(container.tableSizes.filter { before[$0.key] != $0.value }.allSatisfy { $0.value <= 64 })
        let update = feed.next()
        #expect(update.sequence >= 1_000_000)
        #expect(update.isReset)
        #expect(update.missed >= 1_000_000 - 32_768)
        #expect(update.totals.books == container.snapshot().books)
        #expect(update.totals.books.created == 143_000)
        #expect(update.totals.closedScopes == 143_000)
        try happen(1)
        let next = feed.next()
        #expect(!next.isReset)
        #expect(next.missed == 0)
        #expect(next.events.count == 7)
        #expect(next.totals.books.created == 143_001)
        // The tags of missed events are unknown, but their number is included.
        let report = monitor.report()
        #expect(report.tags.values.reduce(0) { $0 + $1.resourcesCreated } == 143_001)
        #expect(report.outcomesOfAllTags.returned == 143_001)
        _ = stream
    }

    @Test("Consumer tasks that end leave no residue.")
    func ending() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let tasks = (0..<50).map { number in
            simulation.spawn { for await _ in monitor.updates(rate: 1 + number % 30) {} }
        }
        simulation.run(for: .seconds(3))
        #expect(container.tableSizes["waiting subscribers"] == 50)
        for task in tasks { task.cancel() }
        simulation.runUntilIdle()
        #expect(container.tableSizes["waiting subscribers"] == 0)
        #expect(simulation.time.earliestDeadline == nil)
    }

    @Test("A running monitor samples events on the grid without consumers and is idle without events.")
    func running() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let task = simulation.spawn { await monitor.run() }
        simulation.run(for: .seconds(10))
        #expect(simulation.time.earliestDeadline == nil)
        // More events in total than a subscriber may be behind, in portions, so none is missed.
        try container.bind(Int.self) { 1 }
        for _ in 0..<10 {
            try simulation.run { for _ in 0..<1000 { try await container.withScope { _ = try await $0.get(Int.self) } } }
            simulation.run(for: .milliseconds(250))
        }
        let update = monitor.feed().next()
        #expect(monitor.report().tags["scope"]?.resourcesCreated == 10_000)
        #expect(update.sampledAt.nanoseconds % 250_000_000 == 0)
        #expect(update.sampledAt > TimeSource.Instant(nanoseconds: 0))
        task.cancel()
        simulation.runUntilIdle()
        #expect(simulation.time.earliestDeadline == nil)
        #expect(container.tableSizes["waiting subscribers"] == 0)
    }
}

extension MonitorLedger {
    /// Whether a snapshot of the container matches the events up to it.
    func matches(_ snapshot: ContainerSnapshot) -> Bool {
        let resources = self.resources.rows.map(\.resource).filter(\.state.isActive).sorted { $0.id < $1.id }
        // Uses are sampled and not reported by events.
        let unused = snapshot.resources.map { resource in
            var resource = resource
            resource.uses = 0
            return resource
        }
        let scopes = self.scopes.rows.map(\.row.scope).filter { $0.state != .closed }.sorted { $0.id < $1.id }
        return self.sequence == snapshot.sequence && self.books == snapshot.books && self.closedScopes == snapshot.closedScopes
            && self.bindings.map(\.row.binding) == snapshot.bindings && scopes == snapshot.scopes && resources == unused
    }
}
