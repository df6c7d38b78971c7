/// What a container and a pool take from the world: time, randomness, and the executor of the tasks they have to start themselves.
public struct ResourceEnvironment: Sendable {
    /// The clock and its deadlines.
    public var time: TimeSource
    /// The source of jitter.
    public var random: RandomSource
    /// Where tasks run that the library starts itself; nil for the global executor, and for threads of the library where steps must
    /// end by a moment and may block. A simulation sets its own.
    public var executor: (any TaskExecutor)?
    #if SCHEDULE_POINTS
        /// What a simulation does in a gap between two critical sections.
        package var onSchedulePoint: (@Sendable () -> Void)?
    #endif

    /// An environment of these three; ``system`` is the ordinary one.
    public init(time: TimeSource, random: RandomSource = .system, executor: (any TaskExecutor)? = nil) {
        self.time = time
        self.random = random
        self.executor = executor
    }

    /// Marks a gap between two critical sections, at which a simulation may cancel, close or give back. Nothing outside of simulations.
    @inline(__always)
    package func schedulePoint() {
        #if SCHEDULE_POINTS
            self.onSchedulePoint?()
        #endif
    }

    /// Starts `operation` at once, outside the caller's cancellation and on the environment's executor.
    ///
    /// For what must finish whatever becomes of its caller - a shared initialisation, a dispose, the closing of a pool's item: it cannot be a
    /// child of the caller, because a task group neither shields its children from cancellation nor can leave one behind that does not come
    /// back. Task-locals are kept. Up to its first suspension the operation runs on the caller's thread, unless that is the thread of the
    /// deadlines, which must not block.
    @discardableResult
    package func start<Success: Sendable>(
        _ operation: @escaping @Sendable @concurrent () async -> Success
    ) -> Task<Success, Never> {
        if self.executor == nil, let role = LibraryThread.role {
            switch role {
            case .deadlines: return Task(operation: operation)
            case .steps: return Task.immediate(executorPreference: StepThreads.shared, operation: operation)
            }
        }
        return Task.immediate(executorPreference: self.executor, operation: operation)
    }

    /// ``start(_:)`` that begins on a stack of its own: for work that is nested too deeply to begin on the caller's.
    package func startLater(_ operation: @escaping @Sendable @concurrent () async -> Void) {
        if self.executor == nil, LibraryThread.role == .steps { return self.startApart(operation) }
        Task(executorPreference: self.executor, operation: operation)
    }

    /// ``startLater(_:)`` on a thread that `operation` may block without holding up other tasks: where there is no executor, a thread of the
    /// library and not one of the cooperative pool. So is what `operation` starts in turn by these functions.
    package func startApart(_ operation: @escaping @Sendable @concurrent () async -> Void) {
        let executor: any TaskExecutor = self.executor ?? StepThreads.shared
        Task(executorPreference: executor, operation: operation)
    }
}
