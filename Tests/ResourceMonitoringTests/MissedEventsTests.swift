import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Reporter: ContextualResource, Sendable {
    let context = Lock<ResourceContext?>(nil)
    func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }
    func report(_ times: Int) {
        for _ in 0..<times { self.context.withLock { $0 }?.report(CancellationError()) }
    }
}

@Suite("Missed events are counted and evaluated through the books")
struct MissedEventsTests {
    let world = FindingWorld()

    private func reporter() throws -> Reporter {
        let world = self.world
        let reporter = Reporter()
        try world.container.bind(Reporter.self, lifetime: .singleton) { reporter }
        try world.simulation.run { _ = try await world.container.get(Reporter.self) }
        world.run(for: .seconds(1))
        return reporter
    }

    /// More events than the container keeps for a subscriber.
    private static let tooMany = 40_000

    @Test("Events that do not fit into an update are missed events, although the monitor processed all of them.")
    func moreEventsThanAnUpdateHolds() throws {
        let reporter = try self.reporter()
        let monitor = ResourceMonitor(self.world.container)
        let feed = monitor.feed()
        let first = feed.next()
        reporter.report(20_005)
        let update = feed.next()
        #expect(update.isReset == false)
        #expect(update.events.count == MonitorUpdate.eventLimit)
        #expect(update.missed == 20_005 - UInt64(MonitorUpdate.eventLimit))
        #expect(update.sequence - first.sequence == update.missed + UInt64(update.events.count))
        #expect(update.totals.books.errors == 20_005)
        #expect(feed.next().missed == 0)
    }

    @Test(
        "Every event is delivered or counted as missed, at any pace of the consumer and any size of bursts.",
        arguments: [1, 2, 3] as [UInt64]
    )
    func deliveredOrMissed(seed: UInt64) throws {
        let reporter = try self.reporter()
        let monitor = ResourceMonitor(self.world.container)
        let feed = monitor.feed()
        var random = SeededRandom(seed: seed)
        let begin = feed.next().sequence
        var (delivered, missed) = (0, UInt64(0))
        var update = feed.next()
        for _ in 0..<12 {
            reporter.report(Int.random(in: 0...6_000, using: &random))
            if Bool.random(using: &random) { monitor.refresh() }
            if Int.random(in: 0..<6, using: &random) == 0 { reporter.report(Self.tooMany) }
            update = feed.next()
            delivered += update.events.count
            missed += update.missed
        }
        #expect(UInt64(delivered) + missed == update.sequence - begin)
    }

    @Test("A burst of errors is found even if its events were missed while the monitor ran.")
    func burst() throws {
        let reporter = try self.reporter()
        reporter.report(Self.tooMany)
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.errorBurst).first)
        #expect(finding.evidence == "\(Self.tooMany) errors within 10 s")
        self.world.run(for: .seconds(12))
        #expect(self.world.standing(.errorBurst).isEmpty)
    }

    @Test("The same number of errors spread over an hour without samples is not a burst.")
    func errorsSpreadOverAnHour() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let reporter = Reporter()
        try container.bind(Reporter.self, lifetime: .singleton) { reporter }
        try simulation.run { _ = try await container.get(Reporter.self) }
        var rules = FindingRules()
        rules.errorBurst = 500
        let monitor = ResourceMonitor(container, rules: rules)
        reporter.report(Self.tooMany)
        simulation.run(for: .seconds(3600))
        #expect(monitor.findings().map(\.kind) == [])
        let rates = monitor.report().rates
        #expect(Int(rates.tenSeconds.errors.rounded()) == Self.tooMany / 3600)
        #expect(monitor.report().overall.resourceErrors == Self.tooMany)
    }

    @Test("A storm of instances, abandoned steps, and consecutive failures are found through the books.")
    func otherFindings() throws {
        let world = self.world
        let reporter = try self.reporter()
        let hung = BindingOptions(disposeTimeout: .milliseconds(10))
        try world.bindPart(name: "many", lifetime: .transient)
        try world.bindPart(name: "hung", dispose: { try await $0.time.sleep(for: .seconds(600)) }, options: hung)
        try world.bindPart(name: "failing", initialize: { _ in throw CancellationError() })
        world.run(for: .seconds(1))
        try world.simulation.run {
            for _ in 0..<600 { try await world.container.withScope { _ = try await $0.get(Part.self, name: "many") } }
            for _ in 0..<5 { try await world.container.withScope { _ = try? await $0.get(Part.self, name: "failing") } }
            try await world.container.withScope { _ = try await $0.get(Part.self, name: "hung") }
            reporter.report(Self.tooMany)
        }
        world.run(for: .seconds(1))
        #expect(world.standing(.initializeStorm).map(\.subject.label) == ["Part(many)"])
        #expect(world.standing(.initializeFailing).map(\.subject.label) == ["Part(failing)"])
        #expect(world.standing(.abandoned).map(\.subject.label) == ["Part(hung)"])
        #expect(world.standing(.abandoned).first?.evidence.hasSuffix("; 1 still running") == true)
    }

    @Test("Counts that are known only for a period are spread evenly over it without a loss.")
    func spreadCounts() {
        var activity = Activity(startingAt: TimeSource.Instant(nanoseconds: 0))
        var counts = ActivityCounts()
        (counts.errors, counts.events) = (103, 1000)
        activity.makeUp(counts, until: TimeSource.Instant(nanoseconds: 10_000_000_000))
        #expect(activity.counts(overSteps: 40).errors == 103)
        #expect(activity.counts(overSteps: 40).events == 1000)
        #expect(activity.points(after: nil).map(\.counts.events) == Array(repeating: 100, count: 10))
        // Of a day only the last ten minutes are kept.
        counts.events = 86_400 * 4
        activity.makeUp(counts, until: TimeSource.Instant(nanoseconds: 86_410_000_000_000))
        #expect(activity.points(after: nil).count == MonitorHistory.limit)
        #expect(activity.rates.sixtySeconds.events == 4)
    }
}
