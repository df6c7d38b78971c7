import DequeModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A task executor on library threads, for steps of resources that have a deadline and may block their thread.
///
/// The cooperative pool has one thread per core. That many blocking steps occupy all of it, and then no other step starts and no task that
/// waits for one continues. This executor starts another thread for a job that waits longer than 2 ms. Idle threads end after one second.
/// One instance serves the process, because tasks refer to their executor without retaining it.
final class StepThreads: TaskExecutor {
    static let shared = StepThreads()

    private struct State {
        var jobs: Deque<UnownedJob> = []
        /// The number of jobs enqueued so far, and the number of those that a thread has taken.
        var enqueued = 0
        var taken = 0
        var threads = 0
        /// The idle threads, most recently idle last.
        var idle: [ThreadParker] = []
        var isWatched = false
    }

    /// The number of threads that start without delay.
    private static let promptThreads = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    /// The maximum number of threads. Blocking steps beyond this number wait for each other.
    private static let maximum = 1_024
    /// The maximum number of threads added at a time, because the deadline thread starts them.
    private static let mostAtOnce = 64
    /// How long a job waits before another thread is started.
    private static let patience = Duration.milliseconds(2)
    private static let idleTime = Duration.seconds(1)

    private let state = Lock(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (idle, isToBeWatched) = self.state.withLock { state in
            state.jobs.append(job)
            state.enqueued += 1
            if let idle = state.idle.popLast() { return (idle as ThreadParker?, false) }
            if state.threads < Self.promptThreads, self.addThread(&state) { return (nil, false) }
            defer { state.isWatched = true }
            return (nil, !state.isWatched)
        }
        idle?.unpark()
        if isToBeWatched { self.watch() }
    }

    /// After `patience`, checks whether the jobs queued now are still waiting, and if so doubles the number of threads.
    ///
    /// Thousands of blocking steps all start within a few rounds, while quick ones never need more than the first threads.
    private func watch() {
        let enqueued = self.state.withLock { $0.enqueued }
        let time = TimeSource.system
        _ = time.schedule(at: time.now + Self.patience) {
            let isOver = self.state.withLock { state in
                if state.taken < enqueued {
                    for _ in 0..<min(state.jobs.count, max(1, state.threads), Self.mostAtOnce) {
                        guard state.threads < Self.maximum, self.addThread(&state) else { break }
                    }
                }
                state.isWatched = !state.jobs.isEmpty
                return state.jobs.isEmpty
            }
            if !isOver { self.watch() }
        }
    }

    private func addThread(_ state: inout State) -> Bool {
        guard LibraryThread.start(.steps, { self.run() }) else { return false }
        state.threads += 1
        return true
    }

    private func run() {
        let parker = ThreadParker()
        while true {
            let job = self.state.withLock { state in
                guard let job = state.jobs.popFirst() else {
                    state.idle.append(parker)
                    return nil as UnownedJob?
                }
                state.taken += 1
                return job
            }
            if let job {
                job.runSynchronously(on: self.asUnownedTaskExecutor())
            } else if !parker.park(until: TimeSource.systemNow() + Self.idleTime), self.retire(parker) {
                return
            }
        }
    }

    /// Removes an idle thread from the count. Returns false if the thread has been given work.
    private func retire(_ parker: ThreadParker) -> Bool {
        self.state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0 === parker }) else { return false }
            state.idle.remove(at: index)
            state.threads -= 1
            return true
        }
    }
}
