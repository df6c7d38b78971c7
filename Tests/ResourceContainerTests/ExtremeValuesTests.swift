import ResourceSimulation
import Testing

@testable import ResourceContainer

/// Durations that programs use for "never" and "immediately", and values passed by mistake.
private let durations: [Duration] = [
    .zero, .nanoseconds(1), .nanoseconds(-1), .seconds(1), .seconds(-1), .seconds(Int64.max), .seconds(Int64.min), .nanoseconds(Int64.max),
    .nanoseconds(Int64.min), Duration(attoseconds: .max), Duration(attoseconds: .min), .seconds(1e18),
]
private let integers = [0, -1, 1, 2, 100_000, 100_001, Int.max, Int.min, Int.max - 1, Int(Int32.max)]
private let fractions = [0, -0.0, 0.5, 1, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e300]
private let instants = [0, 1, -1, Int64.max, .min, .max - 1, .min + 1].map { TimeSource.Instant(nanoseconds: $0) }

@Suite("Extreme values are accepted or refused without a trap")
struct ExtremeValuesTests {
    private let simulation = Simulation(seed: 1)

    @Test("Instants and durations saturate.")
    func time() {
        for instant in instants {
            for duration in durations {
                let later = instant + duration
                #expect(duration < .zero ? later <= instant : later >= instant)
            }
            for other in instants {
                let difference = instant - other
                #expect((difference < .zero) == (instant < other))
            }
            #expect(!"\(instant)".isEmpty)
        }
        #expect(Duration(attoseconds: .max).wholeNanoseconds == .max)
        #expect(Duration(attoseconds: .min).wholeNanoseconds == .min)
        for duration in durations { #expect(!duration.brief.isEmpty) }
    }

    @Test("Duration buckets accept any duration, count, and fraction.", arguments: 0..<50 as Range<UInt64>)
    func buckets(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var buckets = DurationBuckets()
        var earlier = DurationBuckets()
        for _ in 0..<40 {
            switch Int.random(in: 0...3, using: &random) {
            case 0: buckets.record(durations.randomElement(using: &random) ?? .zero)
            case 1: buckets.recordNone(integers.randomElement(using: &random) ?? 0)
            case 2: earlier = buckets
            default:
                let part = fractions.randomElement(using: &random) ?? 0
                #expect(buckets.quantile(part) >= .zero)
                #expect(buckets.since(earlier).total >= 0)
                #expect(earlier.since(buckets).total >= 0)
            }
            #expect(buckets.sum >= .zero)
            #expect(buckets.total >= 0)
            #expect(buckets.count(upTo: durations.randomElement(using: &random) ?? .zero) <= buckets.total)
            #expect(buckets.buckets.map(\.count).reduce(0, +) == buckets.total)
        }
    }

    @Test("A small table agrees with a dictionary for keys from one to the largest integer.", arguments: 0..<40 as Range<UInt64>)
    func table(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = SmallTable<Int>()
        var model: [UInt: Int] = [:]
        let keys: [UInt] =
            [1, 2, 3, .max, .max - 1, 1 << 32, 1 << 63, 0xFFFF_FFFF] + (0..<20).map { _ in UInt.random(in: 1...(.max), using: &random) }
        for step in 0..<400 {
            let key = keys.randomElement(using: &random) ?? 1
            switch Int.random(in: 0...9, using: &random) {
            case 0..<5: #expect(table.insert(step, for: key) == model.updateValue(step, forKey: key))
            case 5..<8: #expect(table.remove(key) == model.removeValue(forKey: key))
            case 8: #expect(table.find(key) == model[key])
            default:
                guard Int.random(in: 0..<20, using: &random) == 0 else { continue }
                var values: [Int] = []
                table.removeAll { values.append($0) }
                #expect(values.sorted() == model.values.sorted())
                model = [:]
            }
        }
        for key in keys { #expect(table.find(key) == model[key]) }
    }

    @Test("Bindings with any budget are refused or create and dispose their instances.", arguments: 0..<60 as Range<UInt64>)
    func bindings(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let simulation = Simulation(seed: seed)
        let container = Container(environment: simulation.environment)
        func any() -> Duration { durations.randomElement(using: &random) ?? .zero }
        for number in 0..<8 {
            let options = BindingOptions(
                initializeTimeout: any(),
                disposeTimeout: any(),
                degradedAfter: Bool.random(using: &random) ? nil : any(),
                healthInterval: Bool.random(using: &random) ? nil : any(),
                healthDeadline: Bool.random(using: &random) ? nil : any(),
                allowsFaults: true
            )
            let key = Result {
                try container.bind(Int.self, name: "\(number)", lifecycle: .managed(), options: options) { () async in number }
            }
            guard case .success = key else {
                #expect(throws: ResourceError.self) { try key.get() }
                continue
            }
            let faults: [InjectedFault] = [.slowInitialize(any()), .hangInitialize, .hangDispose, .failDispose]
            let (fault, binding) = (faults[number % 4], container.snapshot().bindings.last?.id)
            let budget = min(options.initializeTimeout, options.disposeTimeout)
            try simulation.run {
                if let binding { try container.inject(fault, into: binding) }
                let scope = try container.openScope("s")
                _ = try? await scope.get(Int.self, name: "\(number)")
                // An initialization or dispose that hangs forever is ended by a forced close.
                _ = try await scope.close(budget > .seconds(1000) ? .force : .drain)
            }
        }
        try simulation.run { _ = try await container.close(.force) }
        #expect(container.books().books.isBalanced)
    }

    @Test("Pools with any configuration are refused or can lease, resize, and close.", arguments: 0..<150 as Range<UInt64>)
    func pools(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let simulation = Simulation(seed: seed)
        var configuration = PoolConfiguration(maximum: 1)
        // Only a few settings vary at a time; otherwise almost no pool would be valid.
        for _ in 0..<3 {
            let duration = durations.randomElement(using: &random) ?? .zero
            let integer = integers.randomElement(using: &random) ?? 0
            switch Int.random(in: 0...16, using: &random) {
            case 0: configuration.maximum = integer
            case 1:
                configuration.maximum = .max
                configuration.minimumSize = integer == 100_000 ? 3 : integer
            case 2: configuration.creationConcurrency = integer
            case 3: configuration.lifetimeJitter = fractions.randomElement(using: &random) ?? 0
            case 4: configuration.acquireBudget = duration
            case 5: configuration.createTimeout = duration
            case 6: configuration.failFastAfter = duration
            case 7: configuration.validationFreshness = duration
            case 8: configuration.validateTimeout = duration
            case 9: configuration.resetTimeout = duration
            case 10: configuration.idleTimeout = duration
            case 11: configuration.keepalive = duration
            case 12: configuration.maximumLifetime = duration
            case 13: configuration.slowThreshold = duration
            case 14: configuration.leakThreshold = duration
            case 15: configuration.drainTimeout = duration
            default: configuration.closeTimeout = duration
            }
        }
        let fails = Bool.random(using: &random)
        let made = Result {
            try ResourcePool<Int>(
                name: "p",
                configuration: configuration,
                environment: simulation.environment,
                make: { if fails { throw Failure(description: "no") } else { 1 } },
                validate: { _ in true },
                reset: { _ in },
                close: { _ in if fails { throw Failure(description: "no") } }
            )
        }
        let perKey = integers.randomElement(using: &random) ?? 1
        let keyed = Result {
            try KeyedResourcePool<Int, Int>(
                name: "k",
                configuration: configuration,
                maximumPerKey: perKey,
                environment: simulation.environment,
                make: { $0 }
            )
        }
        if case .failure(let error) = keyed { #expect(error is PoolError) }
        guard case .success(let pool) = made else {
            #expect(throws: PoolError.self) { try made.get() }
            return
        }
        let budgets = [nil, durations.randomElement(using: &random), durations.randomElement(using: &random)]
        let sizes = (0..<4).map { _ in (integers.randomElement(using: &random), integers.randomElement(using: &random)) }
        try simulation.run {
            let work = simulation.spawn {
                for budget in budgets {
                    try? await pool.withLease(budget: budget) { _ in }
                    if case .success(let keyed) = keyed { try? await keyed.withLease(budget.map { _ in 1 } ?? 2, budget: budget) { _ in } }
                }
                try? await pool.prefill(budget: budgets[1])
            }
            try? await simulation.environment.time.sleep(for: .seconds(5))
            // Requests that would wait forever are canceled.
            work.cancel()
            await work.value
            for (maximum, minimum) in sizes { try? pool.resize(maximum: maximum, minimum: minimum.map { $0 == 100_000 ? 2 : $0 }) }
            pool.expireAll()
            _ = (try await pool.healthCheck(), pool.metrics(), "\(pool.poolSample())")
            pool.expedite()
            _ = await pool.close()
            if case .success(let keyed) = keyed {
                keyed.expedite()
                _ = await keyed.close()
            }
        }
        #expect(pool.poolSample().isBalanced)
    }

    @Test("Unknown identities and out-of-range cursors and limits are handled without a trap.")
    func identities() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, lifetime: .singleton) { 1 }
        _ = try container.root.get(Int.self)
        for integer in integers {
            for limit in integers {
                var cursor = integer
                let uses = container.uses(from: &cursor, limit: limit)
                #expect(uses.count <= 1)
                #expect(cursor >= 0)
            }
            #expect(throws: ResourceError.self) { try container.inject(.failDispose, into: BindingID(integer)) }
            #expect(container.scope(ScopeID(UInt64(bitPattern: Int64(integer == 0 ? -1 : integer)))) == nil)
        }
        let simulation = self.simulation
        try simulation.run {
            for integer in integers where integer != 0 {
                await #expect(throws: ResourceError.self) { try await container.resolve(BindingID(integer), in: .root) }
            }
        }
    }

    @Test("Books and pool samples with figures of any size are evaluated without a trap.")
    func figures() {
        for integer in integers {
            for other in integers {
                var books = Books()
                (books.created, books.ready, books.disposed, books.abandoned) = (integer, other, integer, other)
                _ = (books.isBalanced, books.active, "\(books)")
                var sample = PoolSample(name: "p", maximum: integer)
                (sample.made, sample.idle, sample.leased, sample.pending, sample.validating) = (integer, other, integer, other, integer)
                (sample.leases, sample.totalWait, sample.longestWait) = (integer, durations[abs(other % durations.count)], durations[9])
                _ = (sample.isBalanced, "\(sample)", "\(PoolMetrics(sample))")
            }
        }
    }

    @Test("Sleeping and running within a budget accept any duration.")
    func sleeping() throws {
        let simulation = self.simulation
        try simulation.run {
            let time = simulation.environment.time
            for duration in durations where duration < .seconds(2) { try await time.sleep(for: duration) }
            for duration in durations { _ = try? await time.within(duration) { 1 } }
            let sleeper = simulation.spawn { for duration in durations { try? await time.sleep(for: duration) } }
            sleeper.cancel()
            await sleeper.value
        }
        #expect(simulation.now > TimeSource.Instant(nanoseconds: 0))
    }
}
