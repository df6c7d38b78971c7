import DequeModule
import ResourceContainer

/// A task executor that runs a job only when a simulation requests it, one at a time, on the simulation's thread.
final class SimulationExecutor: TaskExecutor {
    private struct State {
        var jobs: Deque<UnownedJob> = []
        var order: Simulation.JobOrder
        var random: SeededRandom
        var check: (@Sendable () -> Void)?
        var lastJob = TimeSource.Instant(nanoseconds: 0)
    }

    private let state: Lock<State>

    init(order: Simulation.JobOrder, seed: UInt64) {
        self.state = Lock(State(order: order, random: SeededRandom(seed: seed)))
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.state.withLock { $0.jobs.append(job) }
    }

    func afterEachJob(_ check: (@Sendable () -> Void)?) {
        let replaced = self.state.withLock { state in
            defer { state.check = check }
            return state.check
        }
        // Deinitializers of captured values must not run under the lock.
        withExtendedLifetime(replaced) {}
    }

    /// The virtual time at which the last job ran.
    var lastJob: TimeSource.Instant {
        self.state.withLock { $0.lastJob }
    }

    /// Runs jobs until there is none. `now` is the virtual time, which does not advance while jobs run.
    func runAll(at now: TimeSource.Instant) {
        guard self.runNext() else { return }
        while self.runNext() {}
        self.state.withLock { $0.lastJob = now }
    }

    /// Runs the next job; false if there is none.
    private func runNext() -> Bool {
        let job: UnownedJob? = self.state.withLock { state in
            switch state.order {
            case .firstInFirstOut:
                return state.jobs.popFirst()
            case .random:
                guard !state.jobs.isEmpty else { return nil }
                return state.jobs.remove(at: Int.random(in: 0..<state.jobs.count, using: &state.random))
            }
        }
        guard let job else { return false }
        job.runSynchronously(on: self.asUnownedTaskExecutor())
        self.state.withLock { $0.check }?()
        return true
    }
}
