import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("The monitor's figures match the container's")
struct LedgerTests {
    @Test(
        "At every moment, the books of the container, each key, and each scope match the container's.",
        arguments: 0..<10 as Range<UInt64>
    )
    func books(seed: UInt64) throws {
        let load = try MonitorLoad(seed: seed)
        let monitor = ResourceMonitor(load.container)
        let feed = monitor.feed()
        load.start()
        var picture = FoldedPicture()
        for _ in 0..<60 {
            load.simulation.run(for: .milliseconds(250))
            picture.fold(feed.next())
            let snapshot = load.container.snapshot()
            #expect(picture.update.sequence == snapshot.sequence)
            #expect(picture.update.totals.books == snapshot.books)
            #expect(snapshot.books.isBalanced)
            #expect(picture.bindings.sorted { $0.key < $1.key }.map(\.value.binding.books) == snapshot.bindings.map(\.books))
            #expect(picture.scopes.sorted { $0.key < $1.key }.map(\.value.scope) == snapshot.scopes)
            #expect(picture.resources.sorted { $0.key < $1.key }.map(\.value.resource.state) == snapshot.resources.map(\.state))
            #expect(picture.resources.values.count { $0.resource.state.isActive } == snapshot.books.active)
        }
    }

    @Test(
        "A feed that is read rarely and one that is read often end with the same state as a new one.",
        arguments: 0..<10 as Range<UInt64>
    )
    func feeds(seed: UInt64) throws {
        let load = try MonitorLoad(seed: seed)
        let monitor = ResourceMonitor(load.container)
        let (often, rarely) = (monitor.feed(), monitor.feed())
        var (oftenPicture, rarelyPicture) = (FoldedPicture(), FoldedPicture())
        load.start()
        for step in 1...80 {
            load.simulation.run(for: .milliseconds(100))
            oftenPicture.fold(often.next())
            if step % 7 == 0 { rarelyPicture.fold(rarely.next()) }
        }
        oftenPicture.fold(often.next())
        rarelyPicture.fold(rarely.next())
        var fresh = FoldedPicture()
        let whole = monitor.feed().next()
        #expect(whole.isReset)
        fresh.fold(whole)
        #expect(oftenPicture.resources == fresh.resources)
        #expect(rarelyPicture.resources == fresh.resources)
        #expect(oftenPicture.scopes == fresh.scopes)
        #expect(rarelyPicture.scopes == fresh.scopes)
        #expect(oftenPicture.bindings == fresh.bindings)
        #expect(rarelyPicture.bindings == fresh.bindings)
    }

    @Test("After missed events, the counts are correct, and the consumer gets the number and a complete snapshot.")
    func missed() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let feed = monitor.feed()
        #expect(feed.next().isReset)
        #expect(!feed.next().isReset)
        try container.bind(Part.self) { Part() }
        try simulation.run { for _ in 0..<10_000 { try await container.withScope { _ = try await $0.get(Part.self) } } }
        let update = feed.next()
        #expect(update.isReset)
        #expect(update.missed > 0)
        #expect(update.totals.books == container.snapshot().books)
        #expect(update.totals.books.created == 10_000)
        #expect(feed.next().missed == 0)
    }

    @Test("Ended rows are removed, whether or not a consumer reads them.")
    func bounded() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Part.self) { Part() }
        let subscription = container.subscribe()
        var ledger = MonitorLedger(subscription.snapshot)
        for _ in 0..<20 {
            try simulation.run { for _ in 0..<1000 { try await container.withScope { _ = try await $0.get(Part.self) } } }
            for event in subscription.drain().events { ledger.apply(event) }
        }
        #expect(ledger.books.created == 20_000)
        #expect(ledger.resources.count == MonitorLedger.endedLimit)
        #expect(ledger.scopes.count == MonitorLedger.endedLimit + 1)
        #expect(ledger.tags.figures["scope"]?.scopes == 20_000)
    }

    @Test("Updates arrive at the consumer's rate while events occur, and once per second otherwise.")
    func rate() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let times = Lock<[Int64]>([])
        let task = simulation.spawn {
            for await update in monitor.updates(rate: 4) { times.withLock { $0.append(update.time.nanoseconds / 1_000_000) } }
        }
        simulation.run(for: .milliseconds(3500))
        #expect(times.withLock { $0 } == [0, 1000, 2000, 3000])
        simulation.spawn {
            for _ in 0..<100 {
                try? await container.withScope { _ in }
                try? await simulation.environment.time.sleep(for: .milliseconds(10))
            }
        }
        simulation.run(for: .milliseconds(1100))
        #expect(times.withLock { Array($0.dropFirst(4)) } == [3500, 3750, 4000, 4250, 4500])
        task.cancel()
        simulation.runUntilIdle()
        #expect(simulation.time.earliestDeadline == nil)
    }

    @Test("An expedited update does not wait for the rate.")
    func expedite() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let monitor = ResourceMonitor(container)
        let times = Lock<[Int64]>([])
        let task = simulation.spawn {
            for await update in monitor.updates(rate: 1) { times.withLock { $0.append(update.time.nanoseconds / 1_000_000) } }
        }
        simulation.run(for: .milliseconds(100))
        _ = try container.openScope("by hand")
        simulation.run(for: .milliseconds(100))
        #expect(times.withLock { $0 } == [0])
        monitor.expedite()
        simulation.runUntilIdle()
        #expect(times.withLock { $0 } == [0, 200])
        simulation.run(for: .milliseconds(900))
        #expect(times.withLock { $0 } == [0, 200])
        task.cancel()
        simulation.runUntilIdle()
    }

    @Test("The report uses the specification's names, and manually tracked counts stay outside the books.")
    func report() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        let monitor = ResourceMonitor(container)
        try container.bind(Part.self, lifecycle: .managed()) { Part() }
        try simulation.run {
            for seconds in [1, 2, 4, 5] {
                try await container.withScope("req-\(seconds)") { scope in
                    _ = try await scope.get(Part.self)
                    try await time.sleep(for: .seconds(seconds))
                }
            }
        }
        monitor.trackCreation()
        monitor.trackError(CancellationError())
        let report = monitor.report()
        #expect(report.overall.resourcesCreated == 4)
        #expect(report.overall.resourcesDisposed == 4)
        #expect(report.overall.activeResources == 0)
        #expect(report.overall.avgLifetime == 3)
        #expect(report.overall.medianLifetime == 3)
        #expect(report.overall.totalLifetimesTracked == 4)
        #expect(report.keys["Part"]?.resourcesCreated == 4)
        #expect(report.tags["req-*"]?.resourcesDisposed == 4)
        #expect(report.external.resourcesCreated == 1)
        #expect(report.external.activeResources == 1)
        #expect(report.external.resourceErrors == 1)
        #expect(MonitorReport.Group.CodingKeys.resourcesCreated.rawValue == "resources_created")
        #expect(MonitorReport.Group.CodingKeys.medianLifetime.rawValue == "median_lifetime")
    }
}
