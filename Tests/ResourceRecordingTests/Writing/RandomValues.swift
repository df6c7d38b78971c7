import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

@testable import ResourceRecording

/// A source of hostile values: texts with escapes, controls, and any length; the smallest and the largest numbers; absent options.
struct RandomValues {
    var random: SeededRandom

    init(seed: Int) {
        self.random = SeededRandom(seed: UInt64(seed))
    }

    mutating func isTrue(oneIn chance: Int = 2) -> Bool {
        Int.random(in: 0..<chance, using: &self.random) == 0
    }

    mutating func optional<Value>(_ value: (inout RandomValues) -> Value) -> Value? {
        self.isTrue() ? value(&self) : nil
    }

    mutating func list<Value>(upTo count: Int = 3, _ value: (inout RandomValues) -> Value) -> [Value] {
        (0..<Int.random(in: 0...count, using: &self.random)).map { _ in value(&self) }
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &self.random)]
    }

    // MARK: Numbers

    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
        switch Int.random(in: 0..<6, using: &self.random) {
        case 0: .min
        case 1: .max
        case 2: 0
        case 3: Number(truncatingIfNeeded: -1)
        case 4: Number(truncatingIfNeeded: Int.random(in: 0...1_000_000, using: &self.random))
        default: .random(in: .min ... .max, using: &self.random)
        }
    }

    /// A finite number.
    mutating func number() -> Double {
        switch Int.random(in: 0..<5, using: &self.random) {
        case 0: return self.pick([0, -0.0, 1, 0.1, 1e15, 1e16, 1e17, -2.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .pi])
        case 1: return Double(self.integer(Int.self))
        case 2: return Double.random(in: -1000...1000, using: &self.random)
        default:
            let number = Double(bitPattern: .random(in: .min ... .max, using: &self.random))
            return number.isFinite ? number : 3
        }
    }

    mutating func instant() -> TimeSource.Instant { TimeSource.Instant(nanoseconds: self.integer()) }

    mutating func duration() -> Duration {
        switch Int.random(in: 0..<6, using: &self.random) {
        case 0: .zero
        case 1: .seconds(self.integer(Int64.self))
        case 2: .nanoseconds(-1)
        case 3: Duration(secondsComponent: 1, attosecondsComponent: 999_999_999_999_999_999)
        default: .nanoseconds(self.integer(Int64.self))
        }
    }

    // MARK: Texts

    private static let pieces: [String] = [
        "a", "Database(primary)", "\"", "\\", "/", "\n", "\r\n", "\t", "\u{8}", "\u{C}", "\u{0}", "\u{1}", "\u{1B}[2J", "\u{1F}", "\u{7F}",
        "\u{85}", "é", "e\u{301}", "ü", "€", "😀", "👩‍👩‍👧‍👦", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{10FFFF}", "{", "}", "[", "]",
        ",", ":", "{}", #"","crc":"00000000"}"#, " ",
    ]

    mutating func text() -> String {
        switch Int.random(in: 0..<300, using: &self.random) {
        case 0: self.longText()
        case 1...8: ""
        default: self.list(upTo: 6) { $0.pick(Self.pieces) }.joined()
        }
    }

    /// A text whose length is near the limit.
    private mutating func longText() -> String {
        let piece = self.pick(Self.pieces)
        let length = RecordingEncoder.textLimit + Int.random(in: -4...4, using: &self.random)
        return String(repeating: piece, count: length / piece.utf8.count) + self.pick(Self.pieces)
    }

    // MARK: Containers

    mutating func location() -> CodeLocation { CodeLocation(file: self.text(), line: self.integer()) }
    mutating func scope() -> ScopeID { ScopeID(self.integer()) }
    mutating func resource() -> ResourceID { ResourceID(self.integer()) }
    mutating func binding() -> BindingID { BindingID(self.integer()) }
    mutating func status() -> HealthStatus { self.pick(HealthStatus.allCases) }
    mutating func phase() -> ResourceEvent.Phase { self.pick([.initialize, .dispose]) }

    mutating func fault() -> InjectedFault {
        self.pick([.failInitialize, .hangInitialize, .slowInitialize(self.duration()), .failDispose, .hangDispose])
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

    mutating func bindingSnapshot() -> BindingSnapshot {
        var binding = BindingSnapshot(
            id: self.binding(),
            type: self.text(),
            path: self.optional { $0.text() },
            name: self.optional { $0.text() },
            lifetime: self.pick([.singleton, .scoped, .transient, .tagged(self.text())]),
            location: self.location(),
            tags: Dictionary(self.list { ($0.text(), $0.text()) }) { first, _ in first },
            allowsFaults: self.isTrue(),
            books: self.books()
        )
        binding.form = self.optional { $0.pick([.value, .parameterized]) }
        return binding
    }

    mutating func scopeSnapshot() -> ScopeSnapshot {
        var scope = ScopeSnapshot(
            id: self.scope(),
            name: self.text(),
            tag: self.optional { $0.text() },
            parent: self.optional { $0.scope() },
            location: self.location(),
            openedAt: self.instant()
        )
        scope.state = self.pick([.open, .closing, .closed])
        scope.books = self.books()
        scope.disposal = self.optional { .concurrent(limit: $0.integer()) }
        scope.traceID = self.optional { TraceID("trace-\($0.integer() as UInt64)") }.flatMap { $0 }
        scope.values = self.optional { [$0.binding(), $0.binding()] }
        return scope
    }

    mutating func resourceSnapshot() -> ResourceSnapshot {
        var resource = ResourceSnapshot(id: self.resource(), binding: self.binding(), scope: self.scope(), createdAt: self.instant())
        resource.state = self.pick(ResourceState.allCases)
        resource.readyAt = self.optional { $0.instant() }
        resource.readyOrder = self.optional { $0.integer() }
        resource.dependencies = self.list { $0.resource() }
        resource.uses = self.integer()
        resource.health = self.optional { $0.healthResult() }
        return resource
    }

    mutating func outcomes() -> ScopeOutcomeCounts {
        var outcomes = ScopeOutcomeCounts()
        (outcomes.returned, outcomes.threw, outcomes.canceled, outcomes.none) = (
            self.integer(), self.integer(), self.integer(), self.integer()
        )
        return outcomes
    }

    mutating func snapshot() -> ContainerSnapshot {
        var snapshot = ContainerSnapshot(container: self.text(), sequence: self.integer(), time: self.instant())
        snapshot.books = self.books()
        snapshot.closedScopes = self.integer()
        snapshot.outcomes = self.optional { $0.outcomes() }
        snapshot.bindings = self.list { $0.bindingSnapshot() }
        snapshot.scopes = self.list { $0.scopeSnapshot() }
        snapshot.resources = self.list { $0.resourceSnapshot() }
        snapshot.pools = self.list(upTo: 2) { $0.pool() }
        return snapshot
    }

    // MARK: Pools

    mutating func buckets() -> DurationBuckets {
        var buckets = DurationBuckets()
        for duration in self.list(upTo: 5, { $0.duration() }) { buckets.record(duration) }
        buckets.recordNone(Int.random(in: -1...3, using: &self.random))
        return buckets
    }

    mutating func holder() -> PoolSample.Holder {
        PoolSample.Holder(slot: self.integer(), scope: self.optional { $0.scope() }, location: self.location(), since: self.instant())
    }

    mutating func pool() -> PoolSample {
        var pool = PoolSample(resource: self.optional { $0.resource() }, name: self.text(), maximum: self.integer())
        let counts: [WritableKeyPath<PoolSample, Int>] = [
            \.minimum, \.leaseLimit, \.made, \.idle, \.leased, \.pending, \.validating, \.resetting, \.closed, \.failed, \.abandoned,
            \.waiting, \.leases, \.timedOut, \.refused, \.exhausted, \.waited, \.dropped, \.lost, \.leaksSuspected, \.leaksWithdrawn,
            \.leaked, \.reaped, \.retired, \.expired, \.evicted, \.brokenDiscarded, \.validations, \.validationFailures,
            \.resetFailures, \.reentrant, \.staleReturns,
        ]
        for count in counts { pool[keyPath: count] = self.integer() }
        pool.totalWait = self.duration()
        pool.longestWait = self.duration()
        pool.lateness = self.duration()
        pool.longestLateness = self.duration()
        pool.waits = self.buckets()
        pool.waitTraces = self.optional { values in
            values.list { WaitTrace(trace: $0.pick(["a", "4bf9.2f-3_5"].compactMap(TraceID.init)), waited: $0.duration()) }
        }
        pool.holds = self.buckets()
        pool.creations = self.buckets()
        pool.holders = self.list { $0.holder() }
        pool.waiters = self.list {
            PoolSample.Waiter(scope: $0.optional { $0.scope() }, location: $0.location(), since: $0.instant(), deadline: $0.instant())
        }
        return pool
    }

    // MARK: Health

    mutating func healthResult() -> HealthResult {
        var result = HealthResult(status: self.status(), probe: "", latency: self.duration(), time: self.instant())
        result.message = self.optional { $0.text() }
        result.probe = self.text()
        return result
    }

    mutating func transition() -> HealthTransition {
        HealthTransition(time: self.instant(), from: self.status(), to: self.status(), reason: self.text())
    }

    mutating func healthRow() -> HealthRow {
        var row = HealthRow(
            resource: self.resource(),
            label: self.text(),
            scope: self.scope(),
            isCritical: self.isTrue(),
            status: self.status(),
            since: self.instant(),
            history: self.list { $0.healthResult() },
            transitions: self.list { $0.transition() },
            interval: self.duration(),
            nextCheck: self.optional { $0.instant() },
            isLate: self.isTrue(),
            fallbackFor: self.optional { $0.text() },
            affectedBy: self.list { $0.resource() },
            isStale: self.isTrue(),
            hasProbe: self.isTrue()
        )
        row.countsAs = self.optional { $0.status() }
        return row
    }

    mutating func healthPicture() -> HealthPicture {
        HealthPicture(
            time: self.instant(),
            verdict: self.status(),
            isStale: self.isTrue(),
            since: self.instant(),
            causes: self.list { $0.text() },
            transitions: self.list { $0.transition() },
            rows: self.list { $0.healthRow() },
            checkedBy: self.optional { $0.pick([.program, .dashboard, .nobody]) }
        )
    }
}
