import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Pools with failing and hanging hooks")
struct PoolTroubleTests {
    /// The outcome of a hook call.
    private enum Gate: CaseIterable {
        case ok, fails, slow, never
    }

    /// The outcome of each hook of a pool.
    private struct Gates: CustomStringConvertible {
        var make, validate, reset, close, body: Gate

        init(_ number: Int) {
            func gate(_ index: Int) -> Gate { Gate.allCases[(number >> (2 * index)) & 3] }
            (self.make, self.validate, self.reset, self.close, self.body) = (gate(0), gate(1), gate(2), gate(3), gate(4))
        }

        var description: String {
            "make \(self.make), validate \(self.validate), reset \(self.reset), close \(self.close), body \(self.body)"
        }
    }

    @Test("For every combination of five hooks succeeding, failing, delaying, and hanging, the books balance.")
    func hookOutcomes() throws {
        for number in 0..<1024 { try self.run(Gates(number)) }
    }

    private func run(_ gates: Gates) throws {
        let simulation = Simulation(seed: 7, order: .random)
        let time = simulation.environment.time
        @Sendable func pass(_ gate: Gate) async throws {
            switch gate {
            case .ok: break
            case .fails: throw Failure(description: "gate")
            case .slow: try? await time.sleep(for: .milliseconds(30))
            case .never: try? await time.sleep(for: .seconds(3600))
            }
        }
        let pool = try ResourcePool<Int>(
            name: "Gates",
            configuration: PoolConfiguration(
                maximum: 3,
                createTimeout: .milliseconds(100),
                validationFreshness: .zero,
                validateTimeout: .milliseconds(100),
                resetTimeout: .milliseconds(100),
                closeTimeout: .milliseconds(100)
            ),
            environment: simulation.environment,
            make: {
                try await pass(gates.make)
                return 1
            },
            validate: { _ in
                try await pass(gates.validate)
                return true
            },
            reset: { _ in try await pass(gates.reset) },
            close: { _ in try await pass(gates.close) }
        )
        let answered = Lock(0)
        for worker in 0..<8 {
            simulation.spawn {
                for round in 0..<2 {
                    let budget = Duration.nanoseconds(1 + (worker * 3 + round) * 40_000_000)
                    do { try await pool.withLease(budget: budget) { _ in try await pass(gates.body) } } catch {}
                    answered.withLock { $0 += 1 }
                }
            }
        }
        for _ in 0..<40 {
            simulation.run(for: .milliseconds(25))
            let sample = pool.poolSample()
            let exists = sample.idle + sample.leased + sample.pending
            #expect(sample.isBalanced, "\(gates): \(sample)")
            #expect(exists <= 3, "\(gates): \(sample)")
        }
        simulation.run(for: .seconds(20_000))
        #expect(answered.withLock { $0 } == 16, "\(gates)")
        let report = try simulation.run { await pool.close() }
        simulation.run(for: .seconds(5_000))
        let sample = pool.poolSample()
        #expect(report.unreturned.isEmpty, "\(gates): \(sample)")
        #expect(sample.waiting == 0, "\(gates): \(sample)")
        #expect(sample.pending == 0, "\(gates): \(sample)")
        #expect(sample.isBalanced, "\(gates): \(sample)")
    }

    @Test(
        "Random faults, cancellations, dropped leases, resizing, and closing leave no stuck waiter and no lost item.",
        arguments: Array(UInt64(1)...Soak.count(30, full: 1_000))
    )
    func soak(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let time = simulation.environment.time
        let random = simulation.environment.random
        let live = Lock(0)
        let most = Lock(0)
        @Sendable func chance(_ part: Int) -> Bool {
            var random = random
            return Int.random(in: 0..<part, using: &random) == 0
        }
        @Sendable func pause() async {
            var random = random
            try? await time.sleep(for: .milliseconds(Int64.random(in: 0...20, using: &random)))
        }
        let pool = try ResourcePool<Int>(
            name: "Soak",
            configuration: PoolConfiguration(
                maximum: 4,
                minimumSize: 2,
                acquireBudget: .milliseconds(300),
                validationFreshness: .milliseconds(15),
                idleTimeout: .milliseconds(200),
                keepalive: .milliseconds(100),
                maximumLifetime: .milliseconds(900)
            ),
            environment: simulation.environment,
            make: {
                await pause()
                if chance(5) { throw Failure(description: "make") }
                let count = live.withLock { live in
                    live += 1
                    return live
                }
                most.withLock { $0 = max($0, count) }
                return 1
            },
            validate: { _ in
                await pause()
                return !chance(6)
            },
            reset: { _ in
                if chance(8) { throw Failure(description: "reset") }
            },
            close: { _ in
                await pause()
                live.withLock { $0 -= 1 }
                if chance(10) { throw Failure(description: "close") }
            }
        )
        for _ in 0..<16 {
            simulation.spawn {
                for _ in 0..<40 {
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask {
                            try? await pool.withLease { _, lease in
                                await pause()
                                if chance(7) { try lease.markBroken() }
                            }
                        }
                        if chance(4) {
                            await Task.yield()
                            group.cancelAll()
                        }
                    }
                    if chance(9) { _ = try? await pool.acquire() }
                    if chance(60) { pool.expireAll() }
                    if chance(60) { try? pool.resize(maximum: chance(2) ? 2 : 5) }
                    await pause()
                }
            }
        }
        for _ in 0..<100 {
            simulation.run(for: .milliseconds(50))
            let sample = pool.poolSample()
            #expect(sample.isBalanced, "\(sample)")
        }
        simulation.run(for: .seconds(60))
        let sample = pool.poolSample()
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
        #expect(most.withLock { $0 } <= 5)
        _ = try simulation.run { await pool.close() }
        simulation.run(for: .seconds(10))
        #expect(live.withLock { $0 } == 0)
        #expect(pool.poolSample().pending == 0)
        #expect(pool.poolSample().isBalanced)
    }

    @Test(
        "Releases, cancellations, and closes in the gaps between critical sections keep the pool consistent.",
        arguments: Array(UInt64(1)...40)
    )
    func betweenCriticalSections(seed: UInt64) throws {
        let world = PoolTestWorld(seed: seed, order: .random)
        var environment = world.simulation.environment
        let tasks = Lock<[Task<Void, Never>]>([])
        let pools = Lock<[ResourcePool<Ticket>]>([])
        let random = environment.random
        #if SCHEDULE_POINTS
            environment.onSchedulePoint = {
                var random = random
                let all = tasks.withLock { $0 }
                if !all.isEmpty, Int.random(in: 0..<6, using: &random) == 0 { all[Int.random(in: 0..<all.count, using: &random)].cancel() }
                if Int.random(in: 0..<40, using: &random) == 0 { pools.withLock { $0.first }?.expireAll() }
            }
        #endif
        let pool = try world.pool(PoolConfiguration(maximum: 2, validationFreshness: .zero), environment: environment, validates: true)
        pools.withLock { $0 = [pool] }
        for number in 0..<40 {
            let task = world.acquire("\(number)", pool, hold: .milliseconds(Int64(number % 3)))
            tasks.withLock { $0.append(task) }
            if number.isMultiple(of: 5) { world.simulation.run(for: .milliseconds(7)) }
        }
        world.simulation.run(for: .seconds(1))
        let sample = pool.poolSample()
        #expect(world.diary.entries.count == 40)
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
        pools.withLock { $0 = [] }
        let report = try world.simulation.run { await pool.close() }
        #expect(report.isClean)
        #expect(pool.poolSample().pending == 0)
    }
}
