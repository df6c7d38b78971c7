import ResourceContainer
import Testing

@testable import ResourceMonitoring

/// The figures of a list of events, computed from the whole list in the simplest way.
private struct BruteForce {
    var books = Books()
    private var lived: [Int64] = []
    private var initialized: [Int64] = []
    private var disposed: [Int64] = []

    init(_ events: some Sequence<ResourceEvent>) {
        for event in events { self.add(event) }
        self.lived.sort()
        self.initialized.sort()
        self.disposed.sort()
    }

    private mutating func add(_ event: ResourceEvent) {
        switch event.kind {
        case .initializing: (self.books.created, self.books.initializing) = (self.books.created + 1, self.books.initializing + 1)
        case .ready(let took, _, _):
            (self.books.initializing, self.books.ready) = (self.books.initializing - 1, self.books.ready + 1)
            self.initialized.append(took.wholeNanoseconds)
        case .initializationFailed:
            (self.books.initializing, self.books.initFailed) = (self.books.initializing - 1, self.books.initFailed + 1)
            self.books.errors += 1
        case .disposing: (self.books.ready, self.books.disposing) = (self.books.ready - 1, self.books.disposing + 1)
        case .disposed(let took, let lived): self.addEnd(took, lived)
        case .disposeThrew(_, let took, let lived):
            self.addEnd(took, lived)
            self.books.errors += 1
        case .abandoned(let phase, _):
            if phase == .initialize { self.books.initializing -= 1 } else { self.books.disposing -= 1 }
            (self.books.abandoned, self.books.errors) = (self.books.abandoned + 1, self.books.errors + 1)
        case .errorReported: self.books.errors += 1
        default: break
        }
    }

    private mutating func addEnd(_ took: Duration, _ lived: Duration) {
        (self.books.disposing, self.books.disposed) = (self.books.disposing - 1, self.books.disposed + 1)
        self.disposed.append(took.wholeNanoseconds)
        self.lived.append(lived.wholeNanoseconds)
    }

    /// Whether the summaries match the values: exactly for up to `limit` of them, and with quantiles at most `error` too high beyond.
    func agrees(_ lifetimes: DurationSummary, _ precision: DurationStatistics.Precision) -> Bool {
        Self.agrees(lifetimes, self.lived, precision)
    }

    func agrees(initialize: DurationSummary, dispose: DurationSummary, _ precision: DurationStatistics.Precision) -> Bool {
        Self.agrees(initialize, self.initialized, precision) && Self.agrees(dispose, self.disposed, precision)
    }

    private static func agrees(_ summary: DurationSummary, _ sorted: [Int64], _ precision: DurationStatistics.Precision) -> Bool {
        guard !sorted.isEmpty else { return summary == DurationSummary() }
        func rank(_ percent: Int) -> Int64 { sorted[(sorted.count * percent + 99) / 100 - 1] }
        let (lower, upper) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        let error = sorted.count <= precision.exactLimit ? 0 : precision == .overall ? 0.01 : 0.1
        func isClose(_ value: Duration, _ low: Int64, _ high: Int64) -> Bool {
            let value = Double(value.wholeNanoseconds)
            return value >= Double(low) * (1 - error) && value <= Double(high) * (1 + error)
        }
        let middle = lower + (upper - lower) / 2
        return summary.count == sorted.count && summary.average == .nanoseconds(sorted.reduce(0, +) / Int64(sorted.count))
            && summary.maximum == .nanoseconds(sorted[sorted.count - 1])
            && isClose(summary.median, error == 0 ? middle : lower, error == 0 ? middle : upper)
            && isClose(summary.p95, rank(95), rank(95)) && isClose(summary.p99, rank(99), rank(99))
    }
}

/// The number of events per second in the `window` that ends at the last grid point, a quarter of a second or less before `time`.
private func bruteForceRates(_ events: [ResourceEvent], at time: TimeSource.Instant, window: Int64) -> ActivityRates {
    let end = time.nanoseconds / 250_000_000 * 250_000_000
    let start = max(0, end - window * 1_000_000_000)
    var rates = ActivityRates()
    guard end > start else { return rates }
    let seconds = Double(end - start) / 1e9
    for event in events.reversed() where event.time.nanoseconds < end {
        if event.time.nanoseconds < start { break }
        let counts = bruteForceCounts([event])
        rates.events += Double(counts.events) / seconds
        rates.created += Double(counts.created) / seconds
        rates.ended += Double(counts.ended) / seconds
        rates.errors += Double(counts.errors) / seconds
    }
    return rates
}

private func bruteForceCounts(_ events: [ResourceEvent]) -> ActivityCounts {
    var counts = ActivityCounts()
    counts.events = events.count
    for event in events {
        switch event.kind {
        case .initializing: counts.created += 1
        case .disposed: counts.ended += 1
        case .disposeThrew, .initializationFailed, .abandoned: (counts.ended, counts.errors) = (counts.ended + 1, counts.errors + 1)
        case .errorReported: counts.errors += 1
        default: break
        }
    }
    return counts
}

extension ActivityRates {
    fileprivate func isClose(to other: ActivityRates) -> Bool {
        zip([self.created, self.ended, self.errors, self.events], [other.created, other.ended, other.errors, other.events])
            .allSatisfy { abs($0 - $1) < 1e-6 }
    }
}

@Suite("Every figure equals the one computed from all events")
struct FiguresTests {
    @Test("The books balance at every event, for the container, each key, and each scope.", arguments: 0..<10 as Range<UInt64>)
    func balance(seed: UInt64) {
        var ledger = MonitorLedger(MadeUpHistory.start)
        for event in MadeUpHistory(seed: seed, length: 2000).events {
            ledger.apply(event)
            let keys = ledger.bindings.map(\.row.binding.books)
            let scopes = ledger.scopes.rows.map(\.row.scope.books)
            #expect(ledger.books.isBalanced)
            #expect(keys.allSatisfy { $0.isBalanced })
            #expect(scopes.allSatisfy { $0.isBalanced })
            #expect(keys.reduce(0) { $0 + $1.active } == ledger.books.active)
            #expect(keys.reduce(0) { $0 + $1.errors } == ledger.books.errors)
        }
    }

    @Test(
        "For a hundred thousand random events, totals, keys, scopes, tags, rates, and history equal brute force.",
        arguments: [1, 2] as [UInt64]
    )
    func bruteForce(seed: UInt64) {
        let history = MadeUpHistory(seed: seed, length: 100_000).events
        var ledger = MonitorLedger(MadeUpHistory.start)
        let moments: Set = [1, 10, 500, 4095, 4097, 20_000, 61_803, history.count - 1]
        for (index, event) in history.enumerated() {
            ledger.apply(event)
            guard moments.contains(index) else { continue }
            self.check(ledger, Array(history[...index]), at: event.time)
        }
    }

    private func check(_ ledger: MonitorLedger, _ seen: [ResourceEvent], at time: TimeSource.Instant) {
        let whole = BruteForce(seen)
        let totals = ledger.totals
        #expect(totals.books == whole.books)
        #expect(whole.agrees(totals.lifetimes, .overall))
        #expect(whole.agrees(initialize: totals.initialize, dispose: totals.dispose, .overall))
        let keys = Dictionary(grouping: seen) { $0.binding }
        for figures in ledger.bindings {
            let (row, naive) = (figures.updated, BruteForce(keys[figures.row.binding.id] ?? []))
            #expect(row.binding.books == naive.books)
            #expect(naive.agrees(row.lifetimes, .perRow))
            #expect(naive.agrees(initialize: row.initialize, dispose: row.dispose, .perRow))
        }
        let scopes = Dictionary(grouping: seen) { $0.scope }
        for figures in ledger.scopes.rows {
            let (row, naive) = (figures.updated, BruteForce(scopes[figures.row.scope.id] ?? []))
            #expect(row.scope.books == naive.books)
            #expect(naive.agrees(row.lifetimes, .perRow))
        }
        self.checkTags(ledger, seen, scopes)
        #expect(totals.rates.oneSecond.isClose(to: bruteForceRates(seen, at: time, window: 1)))
        #expect(totals.rates.tenSeconds.isClose(to: bruteForceRates(seen, at: time, window: 10)))
        #expect(totals.rates.sixtySeconds.isClose(to: bruteForceRates(seen, at: time, window: 60)))
        self.checkHistory(ledger, seen, at: time)
    }

    private func checkTags(_ ledger: MonitorLedger, _ seen: [ResourceEvent], _ scopes: [ScopeID: [ResourceEvent]]) {
        var closed: [String: [ScopeID]] = [:]
        for case .scopeOpened(let scope) in seen.lazy.map(\.kind) {
            guard case .scopeClosed = scopes[scope.id]?.last?.kind else { continue }
            closed[scope.tag ?? "req-*", default: []].append(scope.id)
        }
        #expect(Set(ledger.tags.figures.keys) == Set(closed.keys))
        for (tag, ids) in closed {
            let naive = BruteForce(ids.lazy.flatMap { scopes[$0] ?? [] })
            let figures = ledger.tags.figures[tag] ?? TagLedger.Figures()
            #expect(figures.scopes == ids.count)
            var outcomes = ScopeOutcomeCounts()
            for case .scopeClosed(_, _, _, _, let outcome)? in ids.map({ scopes[$0]?.last?.kind }) { outcomes.add(outcome) }
            #expect(figures.outcomes == outcomes)
            #expect(figures.books == naive.books)
            #expect(naive.agrees(figures.lifetimes.summary, .perRow))
        }
        #expect(ledger.totals.closedScopes == closed.values.lazy.map(\.count).reduce(0, +))
        #expect(ledger.totals.outcomes.total == ledger.totals.closedScopes)
    }

    private func checkHistory(_ ledger: MonitorLedger, _ seen: [ResourceEvent], at time: TimeSource.Instant) {
        let running = time.nanoseconds / 1_000_000_000
        let points = ledger.activity.points(after: nil)
        #expect(points.map(\.second) == Array(max(0, running - Int64(MonitorHistory.limit))..<running))
        let seconds = Dictionary(grouping: seen) { $0.time.nanoseconds / 1_000_000_000 }
        for point in points { #expect(point.counts == bruteForceCounts(seconds[point.second] ?? [])) }
        for point in points.suffix(1) {
            let before = seen.prefix { $0.time.nanoseconds / 1_000_000_000 <= point.second }
            let open = before.reduce(0) { open, event in
                switch event.kind {
                case .scopeOpened: open + 1
                case .scopeClosed: open - 1
                default: open
                }
            }
            #expect(point.active == BruteForce(before).books.active)
            #expect(point.openScopes == open)
        }
    }
}
