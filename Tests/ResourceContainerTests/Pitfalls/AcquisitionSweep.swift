import ResourceContainer
import ResourceSimulation

/// Runs one acquisition repeatedly in the same world and performs an action one step later each time: after every job and in every gap
/// between two critical sections, until a run ends before its step is reached.
enum AcquisitionSweep {
    /// The state of the pool when the request arrives.
    enum Situation: String, CaseIterable, Sendable {
        /// An idle item that can be leased immediately.
        case idle
        /// An idle item that has to be validated first and passes or fails.
        case stale, unfit
        /// No item: one has to be created, which succeeds immediately or after failures.
        case empty, failing
        /// The item is leased, with no waiter or one waiter ahead of the request.
        case leased, queue
        /// The item is returned broken, so another one replaces it.
        case broken
    }

    /// The action performed at the step.
    enum Act: Sendable {
        case cancel, close
    }

    /// The outcome of one run.
    struct Run: Sendable {
        let step: Int
        /// The outcomes of the request and of the one after it.
        let answer, next: String
        /// The time from the action to the request's outcome; zero without an action.
        let delay: Duration
        /// The pool's figures after both requests.
        let sample: PoolSample
        /// Invariants that were violated at a step or at the end.
        let faults: [String]
    }

    /// Counts steps and performs the action at the chosen one.
    private final class Steps: Sendable {
        private struct State {
            var passed = 0
            var isCounting = false
            var act: (@Sendable () -> Void)?
        }

        private let state = Lock(State())
        private let step: Int

        init(actAt step: Int) {
            self.step = step
        }

        func begin(_ act: @escaping @Sendable () -> Void) {
            self.state.withLock { ($0.isCounting, $0.act) = (true, act) }
        }

        func end() {
            self.state.withLock { ($0.isCounting, $0.act) = (false, nil) }
        }

        func pass() {
            let act = self.state.withLock { state -> (@Sendable () -> Void)? in
                guard state.isCounting else { return nil }
                defer { state.passed += 1 }
                if state.passed < self.step { return nil }
                defer { state.act = nil }
                return state.act
            }
            act?()
        }

        /// Whether the chosen step was reached.
        var isReached: Bool {
            self.state.withLock { $0.passed > self.step }
        }
    }

    /// Runs `situation` once for each step. The last run ends before its step is reached.
    static func runs(_ situation: Situation, _ act: Act, seed: UInt64) throws -> [Run] {
        var runs: [Run] = []
        while true {
            let steps = Steps(actAt: runs.count)
            runs.append(try self.run(situation, act, seed: seed, step: runs.count, steps))
            if !steps.isReached { return runs }
        }
    }

    private static func run(_ situation: Situation, _ act: Act, seed: UInt64, step: Int, _ steps: Steps) throws -> Run {
        let world = PoolTestWorld(seed: seed, order: .random)
        world.change { ($0.makeTime, $0.validateTime, $0.resetTime, $0.closeTime) = (.milliseconds(2), .zero, .zero, .milliseconds(1)) }
        var environment = world.simulation.environment
        #if SCHEDULE_POINTS
            environment.onSchedulePoint = { steps.pass() }
        #endif
        let pool = try world.pool(PoolConfiguration(maximum: 1), environment: environment, validates: true, resets: true)
        let faults = Lock<[String]>([])
        world.simulation.afterEachStep {
            let sample = pool.poolSample()
            if !sample.isBalanced || sample.idle + sample.leased + sample.pending > 1 { faults.withLock { $0.append("\(sample)") } }
            steps.pass()
        }
        self.prepare(situation, pool, world)

        let victim = self.acquire("victim", pool, world, asValue: seed.isMultiple(of: 2))
        world.acquire("next", pool, hold: .milliseconds(1))
        let start = environment
        let times = Lock<(act: TimeSource.Instant?, answer: TimeSource.Instant?)>((nil, nil))
        steps.begin {
            times.withLock { $0.act = world.time.now }
            switch act {
            case .cancel: victim.cancel()
            case .close: start.start { await pool.close() }
            }
        }
        world.simulation.spawn {
            await victim.value
            steps.end()
            times.withLock { $0.answer = world.time.now }
        }
        world.simulation.run(for: .seconds(2))
        let (actTime, answerTime) = times.withLock { $0 }
        let sample = pool.poolSample()
        let report = try world.simulation.run { await pool.close() }
        let plan = world.plan.withLock { $0 }
        world.simulation.end()
        if !report.isClean || plan.closed.sorted() != Array(1..<(plan.made + 1)) {
            faults.withLock { $0.append("made \(plan.made), closed \(plan.closed), \(report)") }
        }
        return Run(
            step: step,
            answer: self.answer("victim", world),
            next: self.answer("next", world),
            delay: actTime.flatMap { begin in answerTime.map { $0 - begin } } ?? .zero,
            sample: sample,
            faults: faults.withLock { $0 }
        )
    }

    /// Brings the pool into the situation.
    private static func prepare(_ situation: Situation, _ pool: ResourcePool<Ticket>, _ world: PoolTestWorld) {
        switch situation {
        case .idle, .stale, .unfit:
            world.acquire("first", pool, hold: .zero)
            world.simulation.run(for: situation == .idle ? .milliseconds(10) : .seconds(2))
            if situation == .unfit { world.change { $0.invalid = [1] } }
        case .empty:
            break
        case .failing:
            world.change { $0.makeFails = true }
            world.simulation.spawn {
                try? await world.time.sleep(for: .milliseconds(5))
                world.change { $0.makeFails = false }
            }
        case .leased, .queue:
            world.acquire("first", pool, hold: .milliseconds(5))
            world.simulation.run(for: .milliseconds(3))
            if situation == .queue { world.acquire("second", pool, hold: .milliseconds(1)) }
        case .broken:
            world.simulation.spawn {
                try? await pool.withLease { _, lease in
                    try await world.time.sleep(for: .milliseconds(5))
                    try lease.markBroken()
                }
            }
            world.simulation.run(for: .milliseconds(3))
        }
    }

    /// Starts the request under test, with a closure or with a lease value.
    private static func acquire(_ name: String, _ pool: ResourcePool<Ticket>, _ world: PoolTestWorld, asValue: Bool) -> Task<Void, Never> {
        if !asValue { return world.acquire(name, pool, hold: .zero, yields: 1) }
        return world.simulation.spawn {
            do {
                let lease = try await pool.acquire()
                world.diary.write("\(name) has \(lease.element.number)")
                await Task.yield()
                lease.release()
            } catch let error as PoolError {
                world.diary.write("\(name) \(error.code)")
            } catch {
                world.diary.write("\(name) \(error is CancellationError ? "canceled" : "\(error)")")
            }
        }
    }

    /// Returns "has", "canceled", "closed", another error, or every outcome if there is not exactly one.
    private static func answer(_ name: String, _ world: PoolTestWorld) -> String {
        world.diary.entries.map { $0.split(separator: " ") }.filter { $0[0] == name }.map { String($0[1]) }.joined(separator: ", ")
    }
}
