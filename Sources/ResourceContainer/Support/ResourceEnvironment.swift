/// The external dependencies of a container and a pool: time, randomness, an executor for the tasks that the library starts itself, and a
/// tracer.
public struct ResourceEnvironment: Sendable {
    /// The clock, with its deadlines.
    public var time: TimeSource
    /// The source of randomness for jitter and back-off.
    public var random: RandomSource
    /// The executor of tasks that the library starts itself.
    ///
    /// Nil selects the global executor, and library threads for steps that have a deadline and may block. A simulation supplies its own
    /// executor.
    public var executor: (any TaskExecutor)?
    /// The tracer of operations; nil for none. A pool without one uses that of the container in which it is bound.
    public var tracer: (any OperationTracer)?
    /// Returns the trace of the calling task, for the examples in the histograms of pools (``PoolSample/waitTraces``); nil uses the spans of
    /// ``tracer``. A pool without it uses that of the container in which it is bound.
    ///
    /// A pool calls it outside of every lock, and only for acquisitions that have to wait: those that are served at once cost nothing more.
    public var traceID: (@Sendable () -> TraceID?)?
    /// In a simulation, returns the virtual time at which the last job ran. Nil outside simulations.
    package var lastJob: (@Sendable () -> TimeSource.Instant)?
    #if SCHEDULE_POINTS
        /// Called at every gap between two critical sections, so that a simulation can interleave other work.
        package var onSchedulePoint: (@Sendable () -> Void)?
    #endif

    /// Creates an environment from its three parts. ``system`` is the default environment.
    public init(time: TimeSource, random: RandomSource = .system, executor: (any TaskExecutor)? = nil) {
        self.time = time
        self.random = random
        self.executor = executor
    }

    /// Marks a gap between two critical sections, at which a simulation may cancel, close or release. Does nothing outside simulations.
    #if SCHEDULE_POINTS
        // Not inlined: in release mode, Swift 6.3.1 rejects its own code of a loop that contains an inlined point (PoolFront.lease).
        @inline(never)
        package func schedulePoint() {
            self.onSchedulePoint?()
        }
    #else
        @inline(__always)
        package func schedulePoint() {}
    #endif

    /// The end of the error of a step that began at `start` and timed out: the cause, if a simulation had nothing left to do since then;
    /// otherwise empty.
    func idleRemark(since start: TimeSource.Instant) -> String {
        guard let lastJob = self.lastJob?(), lastJob <= start else { return "" }
        return "; the simulation had nothing left to do during the wait: Task.sleep, unstructured tasks, and real I/O run "
            + "outside of the simulation, which does not wait for them"
    }

    /// Starts `operation` immediately, on the environment's executor and independent of the caller's cancellation.
    ///
    /// For work that must finish regardless of its caller, such as a shared initialization, a dispose, or the close of a pool item. Such
    /// work cannot be a child task of the caller: a task group neither shields its children from cancellation nor can abandon one that does
    /// not finish. Task-local values are inherited. Until its first suspension the operation runs on the caller's thread, unless that is
    /// a library thread that must not block.
    @discardableResult
    package func start<Success: Sendable>(
        _ operation: @escaping @Sendable @concurrent () async -> Success
    ) -> Task<Success, Never> {
        if self.executor == nil, let role = LibraryThread.role {
            switch role {
            case .deadlines, .attach, .transfers: return Task(operation: operation)
            case .steps: return Task.immediate(executorPreference: StepThreads.shared, operation: operation)
            }
        }
        return Task.immediate(executorPreference: self.executor, operation: operation)
    }

    /// Starts `operation` like ``start(_:)``, for callers that do not need the task.
    ///
    /// The type of `operation` is that of the initializers of tasks, which saves the closure of a conversion.
    @inline(__always)
    package func launch(_ operation: sending @escaping @isolated(any) () async -> Void) {
        if self.executor == nil, LibraryThread.role != nil {
            self.launchOnLibraryThread(operation)
        } else {
            _ = Task.immediate(executorPreference: self.executor, operation: operation)
        }
    }

    private func launchOnLibraryThread(_ operation: sending @escaping @isolated(any) () async -> Void) {
        if LibraryThread.role == .steps {
            _ = Task.immediate(executorPreference: StepThreads.shared, operation: operation)
        } else {
            _ = Task(operation: operation)
        }
    }

    /// Starts `operation` like ``start(_:)``, but on a separate stack: for work that is nested too deeply to begin on the caller's.
    package func startLater(_ operation: @escaping @Sendable @concurrent () async -> Void) {
        if self.executor == nil, LibraryThread.role == .steps {
            self.startApart(operation)
        } else {
            Task(executorPreference: self.executor, operation: operation)
        }
    }

    /// Starts `operation` like ``startLater(_:)``, on a thread that it may block without delaying other tasks.
    ///
    /// Without an executor that is a library thread instead of one of the cooperative pool. Work that `operation` starts with these
    /// functions runs on library threads as well.
    @discardableResult
    package func startApart(_ operation: @escaping @Sendable @concurrent () async -> Void) -> Task<Void, Never> {
        let executor: any TaskExecutor = self.executor ?? StepThreads.shared
        return Task(executorPreference: executor, operation: operation)
    }
}
