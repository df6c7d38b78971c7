import ResourceContainer
import ResourceSimulation
import Testing

/// Problems known from other pools.
@Suite("Pitfalls of pools")
struct PoolPitfallTests {
    @Test(
        "A request canceled at any step of its acquisition returns immediately, loses no item, and delays no waiter.",
        arguments: AcquisitionSweep.Situation.allCases
    )
    func cancelledAcquisition(situation: AcquisitionSweep.Situation) async throws {
        var answers: [String: Int] = [:]
        for seed in 0..<Soak.count(8, full: 500) as Range<UInt64> {
            for run in try AcquisitionSweep.runs(situation, .cancel, seed: seed) {
                answers[run.answer, default: 0] += 1
                let sample = run.sample
                #expect(run.faults.isEmpty, "seed \(seed), step \(run.step): \(run.faults)")
                #expect(["has", "canceled"].contains(run.answer), "seed \(seed), step \(run.step): \(run)")
                #expect(run.next == "has", "seed \(seed), step \(run.step): \(run)")
                #expect(run.delay == .zero, "seed \(seed), step \(run.step)")
                #expect(sample.leased == 0, "seed \(seed), step \(run.step): \(sample)")
                #expect(sample.waiting == 0, "seed \(seed), step \(run.step): \(sample)")
                #expect(sample.pending == 0, "seed \(seed), step \(run.step): \(sample)")
                #expect(sample.idle == 1, "seed \(seed), step \(run.step): \(sample)")
            }
            await Task.yield()
        }
        // The last run of each seed ends before its step is reached, so no request is canceled in it.
        #expect(answers["has", default: 0] >= 8, "\(answers)")
        #expect(answers["canceled", default: 0] >= 8, "\(answers)")
    }

    @Test(
        "Closing a pool at any step of an acquisition ends the request immediately and closes every item once.",
        arguments: AcquisitionSweep.Situation.allCases
    )
    func closedDuringAcquisition(situation: AcquisitionSweep.Situation) async throws {
        var answers: [String: Int] = [:]
        for seed in 0..<Soak.count(8, full: 500) as Range<UInt64> {
            for run in try AcquisitionSweep.runs(situation, .close, seed: seed) {
                for answer in [run.answer, run.next] {
                    answers[answer, default: 0] += 1
                    #expect(["has", "closed"].contains(answer), "seed \(seed), step \(run.step): \(run)")
                }
                #expect(run.faults.isEmpty, "seed \(seed), step \(run.step): \(run.faults)")
                #expect(run.delay == .zero, "seed \(seed), step \(run.step): \(run.faults)")
            }
            await Task.yield()
        }
        #expect(answers["has", default: 0] >= 8, "\(answers)")
        #expect(answers["closed", default: 0] >= 8, "\(answers)")
    }

    @Test(
        "A pool never has more items than its maximum, including those being created or closed.",
        arguments: 0..<Soak.count(30, full: 2_000) as Range<UInt64>
    )
    func maximum(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let (time, random) = (simulation.environment.time, simulation.environment.random)
        let counts = Lock((now: 0, most: 0, made: 0))
        @Sendable func draw(_ range: Range<Int>) -> Int {
            var random = random
            return Int.random(in: range, using: &random)
        }
        let pool = try ResourcePool<Int>(
            name: "Bounded",
            configuration: PoolConfiguration(
                maximum: 3,
                minimumSize: Int(seed % 3),
                validationFreshness: .zero,
                idleTimeout: .milliseconds(20),
                maximumLifetime: .milliseconds(30)
            ),
            environment: simulation.environment,
            make: {
                let number = counts.withLock { counts in
                    counts.now += 1
                    counts.most = max(counts.most, counts.now)
                    counts.made += 1
                    return counts.made
                }
                try? await time.sleep(for: .milliseconds(draw(0..<4)))
                if draw(0..<6) == 0 {
                    counts.withLock { $0.now -= 1 }
                    throw Failure(description: "refused")
                }
                return number
            },
            validate: { _ in draw(0..<4) > 0 },
            reset: { _ in if draw(0..<6) == 0 { throw Failure(description: "stuck") } },
            close: { _ in
                try? await time.sleep(for: .milliseconds(draw(0..<4)))
                counts.withLock { $0.now -= 1 }
            }
        )
        let answered = Lock(0)
        for _ in 0..<60 {
            let task = simulation.spawn {
                try? await time.sleep(for: .milliseconds(draw(0..<100)))
                try? await pool.withLease(budget: .milliseconds(1 + draw(0..<30))) { _, lease in
                    try? await time.sleep(for: .milliseconds(draw(0..<5)))
                    if draw(0..<4) == 0 { try lease.markBroken() }
                }
                answered.withLock { $0 += 1 }
            }
            if draw(0..<3) == 0 { simulation.intervene { task.cancel() } }
            if draw(0..<20) == 0 { simulation.intervene { pool.expireAll() } }
        }
        simulation.run(for: .seconds(5))
        simulation.end()
        #expect(answered.withLock { $0 } == 60)
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().waiting == 0)
        let report = try simulation.run { await pool.close() }
        #expect(report.isClean)
        let (now, most, made) = counts.withLock { $0 }
        #expect(now == 0)
        #expect(most == 3)
        #expect(made > 3)
    }

    @Test(
        "Closing a pool fails waiters immediately and closes leased items on return or names them at the deadline.",
        arguments: 1...4,
        0...3
    )
    func closing(leased: Int, waiting: Int) throws {
        for late in 0...leased {
            let world = PoolTestWorld(seed: UInt64(late), order: .random)
            world.change { $0.makeTime = .zero }
            let pool = try world.pool(PoolConfiguration(maximum: leased, drainTimeout: .seconds(5)))
            for number in 0..<leased { world.acquire("leased", pool, hold: .seconds(number < late ? 60 : 2)) }
            world.simulation.run(for: .seconds(1))
            for _ in 0..<waiting { world.acquire("waiting", pool, hold: .zero) }
            world.simulation.run(for: .zero)
            #expect(pool.poolSample().leased == leased)
            #expect(pool.poolSample().waiting == waiting)

            let report = try world.simulation.run { await pool.close() }
            #expect(world.milliseconds == (late == 0 ? 2_000 : 6_000))
            #expect(report.closed == leased - late)
            #expect(report.unreturned.count == late)
            #expect(report.abandoned == 0)
            #expect(report.errors.isEmpty)
            #expect(world.diary.entries.dropFirst(leased).allSatisfy { $0 == "waiting closed at 1000" })
            #expect(world.diary.entries.count == leased + waiting)
            #expect(world.plan.withLock { $0.closed.count } == leased - late)

            world.simulation.run(for: .seconds(60))
            #expect(world.plan.withLock { $0.closed.sorted() } == Array(1...leased))
            let sample = pool.poolSample()
            #expect(sample.leased == 0)
            #expect(sample.closed == leased)
            #expect(sample.waiting == 0)
            #expect(sample.pending == 0)
            #expect(sample.isBalanced)
        }
    }
}
