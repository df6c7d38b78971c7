import ResourceContainer

/// A bounded queue of bytes between two tasks, or between a task and the thread of a transport in either direction.
///
/// A task waits while the queue is full or empty. The thread never waits: ``offer(_:)`` and ``read(into:)`` return at once, and the
/// channel calls the thread's `wake` when it can continue.
final class ByteChannel: Sendable {
    /// The result of a read of the thread.
    enum Found: Equatable {
        /// So many bytes were moved; at least one.
        case bytes(Int)
        /// There are no bytes at present.
        case nothing
        /// There are no bytes any more.
        case end
        /// The writer failed.
        case failure
    }

    private enum End: Sendable {
        case complete
        case failed(any Error)
        /// The reader needs no more bytes.
        case abandoned
    }

    /// The acts of a task after it has released the lock: it wakes the thread, resumes other tasks, and waits.
    private typealias Step = (wake: (@Sendable () -> Void)?, resumed: [Promise<Void>], waiter: Promise<Void>?)

    private struct State: Sendable {
        var queue: ByteQueue
        var end: End?
        /// Whether the thread found the channel full or empty and expects to be woken.
        var isThreadWaiting = false
        var wake: (@Sendable () -> Void)?
        /// The tasks that wait for the other side.
        var waiters: [Promise<Void>] = []

        mutating func takeWaiters() -> [Promise<Void>] {
            defer { self.waiters = [] }
            return self.waiters
        }

        /// Adds the calling task to those that wait.
        mutating func wait() -> Step {
            let waiter = Promise<Void>()
            self.waiters.append(waiter)
            return (nil, [], waiter)
        }

        mutating func takeWake() -> (@Sendable () -> Void)? {
            defer { self.isThreadWaiting = false }
            return self.isThreadWaiting ? self.wake : nil
        }
    }

    private let state: Lock<State>

    /// - Parameter bound: The number of bytes from which the channel is full.
    init(bound: Int) {
        self.state = Lock(State(queue: ByteQueue(bound: max(bound, 1))))
    }

    /// Sets the function that wakes the thread.
    func whenThreadCanContinue(_ wake: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.wake = wake }
    }

    // MARK: The task

    /// Appends a chunk; waits while the channel is full.
    ///
    /// - Throws: `CancellationError` if the task is canceled or the reader needs no more bytes.
    func send(_ chunk: [UInt8]) async throws(CancellationError) {
        if chunk.isEmpty { return }
        while true {
            if Task.isCancelled { throw CancellationError() }
            let (wake, resumed, waiter) = try self.state.withLock { state throws(CancellationError) -> Step in
                if state.end != nil { throw CancellationError() }
                if state.queue.isFull { return state.wait() }
                state.queue.append(chunk)
                return (state.takeWake(), state.takeWaiters(), nil)
            }
            wake?()
            for task in resumed { task.fulfill(()) }
            guard let waiter else { return }
            if await waiter.wait() == nil { throw CancellationError() }
        }
    }

    /// Ends the writing; an error reaches the reader after the bytes before it. The first call counts.
    func finish(_ error: (any Error)? = nil) {
        let (wake, waiters) = self.state.withLock { state -> ((@Sendable () -> Void)?, [Promise<Void>]) in
            if state.end == nil { state.end = error.map(End.failed) ?? .complete }
            return (state.takeWake(), state.takeWaiters())
        }
        wake?()
        for waiter in waiters { waiter.fulfill(()) }
    }

    /// Returns the next chunk; waits while there is none. Nil once there are no more.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    func next() async throws(CancellationError) -> [UInt8]? {
        while true {
            if Task.isCancelled { throw CancellationError() }
            let (chunk, step) = self.state.withLock { state -> ([UInt8]?, Step) in
                guard let chunk = state.queue.takeChunk() else { return (nil, state.end == nil ? state.wait() : (nil, [], nil)) }
                // Not at every chunk: pausing and resuming a transfer costs more than a chunk.
                let wake = state.queue.count <= state.queue.bound / 2 ? state.takeWake() : nil
                return (chunk, (wake, state.takeWaiters(), nil))
            }
            step.wake?()
            for task in step.resumed { task.fulfill(()) }
            guard let waiter = step.waiter else { return chunk }
            if await waiter.wait() == nil { throw CancellationError() }
        }
    }

    /// The error of the writer; nil if there is none.
    var failure: (any Error)? {
        self.state.withLock { if case .failed(let error)? = $0.end { error } else { nil } }
    }

    /// Discards all bytes; the writer's next call throws.
    func abandon() {
        let waiters = self.state.withLock { state in
            if state.end == nil { state.end = .abandoned }
            state.queue.removeAll()
            state.isThreadWaiting = false
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.fulfill(()) }
    }

    // MARK: The thread

    /// Appends a copy of `bytes`. Returns false if the channel is full: the thread is woken when it can continue. An abandoned channel
    /// discards them.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, waiters) = self.state.withLock { state -> (Bool, [Promise<Void>]) in
            if state.end != nil { return (true, []) }
            if state.queue.isFull {
                state.isThreadWaiting = true
                return (false, [])
            }
            state.queue.append([UInt8](bytes))
            return (true, state.takeWaiters())
        }
        for waiter in waiters { waiter.fulfill(()) }
        return isTaken
    }

    /// Moves bytes into `buffer`. If there are none yet, the thread is woken when it can continue.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Found {
        let (found, waiters) = self.state.withLock { state -> (Found, [Promise<Void>]) in
            let count = state.queue.read(into: buffer)
            if count > 0 { return (.bytes(count), state.queue.isFull ? [] : state.takeWaiters()) }
            switch state.end {
            case .complete?: return (.end, [])
            case .failed?, .abandoned?: return (.failure, [])
            case nil:
                state.isThreadWaiting = true
                return (.nothing, state.takeWaiters())
            }
        }
        for waiter in waiters { waiter.fulfill(()) }
        return found
    }
}
