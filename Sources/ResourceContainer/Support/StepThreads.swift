import DequeModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An executor on threads of the library, for steps of resources that have to end by a moment and may block their thread.
///
/// The cooperative pool has as many threads as the machine has cores. As many steps that block hold all of them, and then no other step
/// begins and no task that waits for one goes on. Here a job that waits for longer than a moment is given a new thread. Threads that have
/// nothing to do end after a second. One instance serves the process, because tasks refer to their executor without keeping it alive.
final class StepThreads: TaskExecutor {
    static let shared = StepThreads()

    private struct State {
        var jobs: Deque<UnownedJob> = []
        /// How many jobs were enqueued so far, and how many of them threads have taken.
        var enqueued = 0
        var taken = 0
        var threads = 0
        /// The threads that have nothing to do, the last one to run out of work last.
        var idle: [ThreadParker] = []
        var isWatched = false
    }

    /// How many threads there are before a job waits for one.
    private static let promptThreads = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    /// How many threads there may be. Steps beyond this many that block at the same time wait for each other.
    private static let maximum = 1_024
    /// How many threads are added at a time: it is the thread of the deadlines that starts them.
    private static let mostAtOnce = 64
    /// How long a job waits before it is given a thread.
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

    /// Looks after a moment whether jobs that wait now still do, and adds as many threads again as there are: thousands of steps that block
    /// have all begun after a few moments, and quick ones never ask for more than the first threads.
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

    /// Takes an idle thread off the books. False if it was given work meanwhile.
    private func retire(_ parker: ThreadParker) -> Bool {
        self.state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0 === parker }) else { return false }
            state.idle.remove(at: index)
            state.threads -= 1
            return true
        }
    }
}
