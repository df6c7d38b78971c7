import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

/// Figures at the ends of their types and around the limits of arithmetic.
private struct Extremes {
    var random: SeededRandom

    static let integers = [0, 1, -1, 2, 49, 1 << 31, 1 << 32, 1 << 62, .max, .max - 1, .min, .min + 1]
    static let numbers = [
        0, -0.0, 1, -1, 3, 1e-300, 1e300, -1e300, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    static let durations: [Duration] = [
        .zero, .nanoseconds(1), .nanoseconds(-1), .seconds(1), .seconds(-1), .seconds(30), .nanoseconds(Int64.max), .nanoseconds(Int64.min),
        .seconds(Int64.max), .seconds(Int64.min),
    ]

    mutating func integer() -> Int { Self.integers.randomElement(using: &self.random) ?? 0 }
    mutating func number() -> Double { Self.numbers.randomElement(using: &self.random) ?? 0 }
    mutating func duration() -> Duration { Self.durations.randomElement(using: &self.random) ?? .zero }
    mutating func isLucky(_ part: Int) -> Bool { Int.random(in: 0..<part, using: &self.random) == 0 }

    /// Rules with some extreme thresholds.
    mutating func rules() -> FindingRules {
        var rules = FindingRules()
        if self.isLucky(2) { rules.stormRate = self.integer() }
        if self.isLucky(2) { rules.scopeFactor = self.number() }
        if self.isLucky(2) { rules.scopeHistory = self.integer() }
        if self.isLucky(2) { rules.failuresInARow = self.integer() }
        if self.isLucky(2) { rules.errorBurst = self.integer() }
        if self.isLucky(2) { rules.flapChanges = self.integer() }
        if self.isLucky(2) { rules.transients = self.integer() }
        if self.isLucky(2) { rules.slowInitialize = self.duration() }
        if self.isLucky(2) { rules.slowDispose = self.duration() }
        if self.isLucky(2) { rules.quietAfter = self.duration() }
        if self.isLucky(2) { rules.starvedAfter = self.duration() }
        if self.isLucky(2) { rules.unusedAfter = self.duration() }
        if self.isLucky(2) { rules.scopeAtLeast = self.duration() }
        return rules
    }

    mutating func books() -> Books {
        var books = Books()
        books.created = self.integer()
        books.initializing = self.integer()
        books.ready = self.integer()
        books.disposing = self.integer()
        books.disposed = self.integer()
        books.initFailed = self.integer()
        books.abandoned = self.integer()
        books.errors = self.integer()
        return books
    }

    mutating func time() -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Int64(self.integer()))
    }

    mutating func pool() -> PoolSample {
        var pool = PoolSample(resource: self.isLucky(2) ? nil : ResourceID(1), name: "Pool", maximum: self.integer())
        (pool.made, pool.idle, pool.leased, pool.pending) = (self.integer(), self.integer(), self.integer(), self.integer())
        (pool.closed, pool.failed, pool.abandoned, pool.waiting) = (self.integer(), self.integer(), self.integer(), self.integer())
        (pool.leases, pool.totalWait, pool.longestWait) = (self.integer(), self.duration(), self.duration())
        let location = CodeLocation(file: "Test/Test.swift", line: 3)
        pool.holders = [PoolSample.Holder(slot: self.integer(), scope: .root, location: location, since: self.time())]
        pool.waiters = [PoolSample.Waiter(scope: nil, location: location, since: self.time(), deadline: self.time())]
        for _ in 0..<3 { pool.waits.record(self.duration()) }
        return pool
    }

    /// A snapshot with some extreme figures.
    mutating func snapshot(sequence: UInt64) -> ContainerSnapshot {
        var snapshot = MadeUpHistory.start
        snapshot.sequence = sequence
        snapshot.time = self.time()
        snapshot.closedScopes = self.integer()
        if self.isLucky(2) {
            var outcomes = ScopeOutcomeCounts()
            (outcomes.returned, outcomes.threw, outcomes.canceled, outcomes.none) = (
                self.integer(), self.integer(), self.integer(), self.integer()
            )
            snapshot.outcomes = outcomes
        }
        if self.isLucky(2) { snapshot.books = self.books() }
        for index in snapshot.bindings.indices where self.isLucky(2) { snapshot.bindings[index].books = self.books() }
        for index in snapshot.scopes.indices where self.isLucky(2) {
            snapshot.scopes[index].books = self.books()
            snapshot.scopes[index].openedAt = self.time()
        }
        var resource = ResourceSnapshot(id: ResourceID(1), binding: BindingID(0), scope: .root, createdAt: self.time())
        resource.state = ResourceState.allCases.randomElement(using: &self.random) ?? .ready
        resource.readyAt = self.time()
        resource.uses = self.integer()
        snapshot.resources = [resource]
        return snapshot
    }
}

@Suite("Extreme figures of a program or a recording do not stop the monitor")
struct ExtremeFiguresTests {
    /// Reads every figure of a monitor.
    private func ask(_ replay: inout MonitorReplay, at time: TimeSource.Instant) throws {
        let update = replay.update(at: time)
        let report = replay.report
        #expect(!report.prometheusText().isEmpty)
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .throw
        #expect(throws: Never.self) { try encoder.encode(report) }
        #expect(update.findings.allSatisfy { $0.count >= 0 && $0.subjectCount > 0 })
        #expect(replay.peaks.count == replay.unseen.count)
        #expect(replay.ages(at: time).count >= 0)
    }

    @Test("A history is evaluated completely with every threshold at the ends of its type.", arguments: 0..<60 as Range<UInt64>)
    func rules(seed: UInt64) throws {
        var extremes = Extremes(random: SeededRandom(seed: seed))
        let history = MadeUpHistory(seed: seed, length: 300)
        var replay = MonitorReplay(MadeUpHistory.start, rules: extremes.rules())
        for event in history.events {
            var samples: MonitorSamples?
            if extremes.isLucky(5) {
                let slow = MonitorSamples.Slow(outliving: [], forgottenScopes: [], books: Books(), booksSequence: 0)
                samples = MonitorSamples(pools: [extremes.pool()], slow: extremes.isLucky(2) ? slow : nil)
            }
            replay.take(MonitorInput(time: event.time, batch: EventBatch(events: [event]), samples: samples))
        }
        try self.ask(&replay, at: history.events.last?.time ?? MadeUpHistory.start.time)
    }

    @Test(
        "Snapshots, samples, and events with extreme figures are accepted, and every figure can be read.",
        arguments: 0..<60 as Range<UInt64>
    )
    func figures(seed: UInt64) throws {
        var extremes = Extremes(random: SeededRandom(seed: seed))
        var replay = MonitorReplay(extremes.snapshot(sequence: 0), rules: extremes.rules())
        var sequence: UInt64 = 0
        for event in MadeUpHistory(seed: seed, length: 60).events {
            var event = event
            sequence += 1
            event.sequence = sequence
            if extremes.isLucky(3) { event.time = extremes.time() }
            event.kind = extremes.changed(event.kind)
            var batch = EventBatch(events: [event])
            if extremes.isLucky(10) {
                batch = EventBatch(missed: extremes.isLucky(2) ? .max : 3, snapshot: extremes.snapshot(sequence: sequence), events: [])
            }
            let books = extremes.books()
            let outliving = MonitorSamples.Slow(outliving: [], forgottenScopes: [.root], books: books, booksSequence: sequence)
            let uses = [MonitorSamples.Uses(resource: ResourceID(1), uses: extremes.integer())]
            let samples = MonitorSamples(pools: [extremes.pool()], uses: uses, slow: outliving)
            replay.take(MonitorInput(time: extremes.isLucky(3) ? extremes.time() : event.time, batch: batch, samples: samples))
            if extremes.isLucky(10) { try self.ask(&replay, at: extremes.time()) }
        }
        try self.ask(&replay, at: extremes.time())
    }

    @Test(
        "A running monitor works with thresholds that are never met and with ones that are always met.",
        arguments: [Int.max, Int.min, 0, -1]
    )
    func running(threshold: Int) throws {
        var rules = FindingRules()
        (rules.stormRate, rules.transients, rules.errorBurst, rules.scopeHistory) = (threshold, threshold, threshold, threshold)
        rules.scopeFactor = threshold > 0 ? .infinity : .nan
        (rules.unusedAfter, rules.starvedAfter) = (.seconds(threshold), .seconds(threshold))
        let world = FindingWorld(rules: rules)
        try world.bindPart()
        let calm = world.monitor.findings().isEmpty
        #expect(calm)
        try world.simulation.run { for _ in 0..<30 { try await world.container.withScope { _ = try await $0.get(Part.self) } } }
        world.run(for: .seconds(5))
        #expect(world.standing(.initializeStorm).isEmpty == (threshold > 0))
        #expect(world.standing(.errorBurst).isEmpty)
        #expect(world.standing(.scopeOpenLong).isEmpty)
    }

    @Test("Durations are formatted with their sign and without a trap.")
    func durations() {
        #expect(Duration.nanoseconds(Int64.max).brief == "2562047 h 47 min")
        #expect(Duration.nanoseconds(Int64.min).brief == "-2562047 h 47 min")
        #expect(Duration.milliseconds(-1500).brief == "-1.5 s")
    }

    @Test("A scope factor of NaN or infinity finds no scope; a negative factor leaves the minimum duration.")
    func longestScope() {
        var rules = FindingRules()
        rules.scopeFactor = .nan
        #expect(rules.longestScope(usual: .seconds(1)) == nil)
        rules.scopeFactor = .infinity
        #expect(rules.longestScope(usual: .seconds(1)) == .nanoseconds(Int64.max))
        rules.scopeFactor = -3
        #expect(rules.longestScope(usual: .seconds(1)) == rules.scopeAtLeast)
        rules.scopeFactor = 100
        #expect(rules.longestScope(usual: .seconds(1)) == .seconds(100))
    }
}

extension Extremes {
    /// The same kind of event with another duration.
    mutating func changed(_ kind: ResourceEvent.Kind) -> ResourceEvent.Kind {
        switch kind {
        case .ready(_, let order, let dependencies): .ready(took: self.duration(), order: order, dependencies: dependencies)
        case .initializationFailed(let text, _): .initializationFailed(text, took: self.duration())
        case .disposed: .disposed(took: self.duration(), lived: self.duration())
        case .disposeThrew(let text, _, _): .disposeThrew(text, took: self.duration(), lived: self.duration())
        case .abandoned(let phase, _): .abandoned(phase, budget: self.duration())
        case .scopeClosed(_, _, _, _, let outcome):
            .scopeClosed(
                disposed: self.integer(),
                threw: self.integer(),
                abandoned: self.integer(),
                took: self.duration(),
                outcome: outcome
            )
        case .noted: .leaseTimedOut(waited: self.duration(), message: "none")
        default: kind
        }
    }
}
