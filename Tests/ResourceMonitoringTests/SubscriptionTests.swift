import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Whoever subscribes, and whenever, sees the same")
struct SubscriptionTests {
    @Test(
        "at a hundred moments in each of ten storms, who subscribes then sees what those see who were there from the start",
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
            // Events alone, folded from the start, give what a snapshot of this moment says.
            for event in events.drain().events { folded.apply(event) }
            let late = load.container.subscribe().snapshot
            #expect(folded.says(late))
            // Updates folded from the start give what the first update of a new subscriber says.
            if Bool.random(using: &random) { picture.fold(feed.next()) }
            var fresh = FoldedPicture()
            fresh.fold(monitor.feed().next())
            picture.fold(feed.next())
            #expect(picture.shows(fresh))
        }
        #expect(folded.books.created > 200)
    }

    @Test("T24: one that does not read for a million events costs nothing that grows, is told what it missed, and is right again")
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
        // The log is a ring that every subscriber shares: nothing is kept for this one.
        #expect(container.tableSizes.filter { before[$0.key] != $0.value }.allSatisfy { $0.value <= 64 })
        let update = feed.next()
        #expect(update.sequence >= 1_000_000 && update.isReset && update.missed >= 1_000_000 - 32_768)
        #expect(update.totals.books == container.snapshot().books && update.totals.books.created == 143_000)
        #expect(update.totals.closedScopes == 143_000)
        try happen(1)
        let next = feed.next()
        #expect(!next.isReset && next.missed == 0 && next.events.count == 7 && next.totals.books.created == 143_001)
        // The tag of what was missed is not known, and its number is not lost.
        let report = monitor.report()
        #expect(report.tags.values.reduce(0) { $0 + $1.resourcesCreated } == 143_001)
        _ = stream
    }

    @Test("what a consumer's task left behind when it ended: nothing")
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
        #expect(container.tableSizes["waiting subscribers"] == 0 && simulation.time.earliestDeadline == nil)
    }

    @Test("a monitor that runs takes in what happens while nobody asks, on the grid, and sleeps while nothing does")
    func running() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let task = simulation.spawn { await monitor.run() }
        simulation.run(for: .seconds(10))
        #expect(simulation.time.earliestDeadline == nil)
        // More events in one go than a subscriber may be behind, in portions: none is missed.
        try container.bind(Int.self) { 1 }
        for _ in 0..<10 {
            try simulation.run { for _ in 0..<1000 { try await container.withScope { _ = try await $0.get(Int.self) } } }
            simulation.run(for: .milliseconds(250))
        }
        let update = monitor.feed().next()
        #expect(monitor.report().tags["scope"]?.resourcesCreated == 10_000)
        #expect(update.sampledAt.nanoseconds % 250_000_000 == 0 && update.sampledAt > TimeSource.Instant(nanoseconds: 0))
        task.cancel()
        simulation.runUntilIdle()
        #expect(simulation.time.earliestDeadline == nil && container.tableSizes["waiting subscribers"] == 0)
    }
}

extension MonitorLedger {
    /// Whether a picture of the container says the same as the events up to it.
    func says(_ snapshot: ContainerSnapshot) -> Bool {
        let resources = self.resources.rows.map(\.resource).filter(\.state.isActive).sorted { $0.id < $1.id }
        // How often a resource was used is sampled, and no event tells it.
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
