import HeapModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TimeSource {
    /// The system's monotonic clock.
    ///
    /// All deadlines of the process share one queue, served by one library thread. The thread starts with the first deadline and also runs
    /// while blocking code occupies every thread of the cooperative pool.
    public static let system: TimeSource = {
        let queue = SystemDeadlines()
        return TimeSource(now: Self.systemNow, register: { queue.add($0, $1) })
    }()

    static func systemNow() -> Instant {
        var time = timespec()
        #if canImport(Darwin)
            // Linux's `CLOCK_MONOTONIC` does not run while the machine sleeps. Darwin's does, and counts microseconds only.
            clock_gettime(CLOCK_UPTIME_RAW, &time)
        #else
            clock_gettime(CLOCK_MONOTONIC, &time)
        #endif
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension ResourceEnvironment {
    /// The system's clock and random number generator, and the global executor.
    public static let system = ResourceEnvironment(time: .system)
}

/// The deadlines of the system's time source: a heap, and one thread that sleeps until the earliest deadline.
private final class SystemDeadlines: Sendable {
    private struct Entry: Comparable {
        let instant: TimeSource.Instant
        let number: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.instant, left.number) < (right.instant, right.number)
        }
    }

    private struct State {
        var heap = Heap<Entry>()
        var operations: [UInt64: @Sendable () -> Void] = [:]
        var number: UInt64 = 0
        var hasThread = false
        /// When the thread next wakes up by itself.
        var wakesAt = TimeSource.Instant.never
    }

    private let state = Lock(State())
    private let parker = ThreadParker()

    func add(_ instant: TimeSource.Instant, _ operation: @escaping @Sendable () -> Void) -> TimeSource.Deadline {
        let (number, isEarlier) = self.state.withLock { state in
            state.number += 1
            state.operations[state.number] = operation
            state.heap.insert(Entry(instant: instant, number: state.number))
            // If the system refuses to create the thread, the next registration tries again.
            if !state.hasThread { state.hasThread = LibraryThread.start(.deadlines) { [self] in self.run() } }
            return (state.number, instant < state.wakesAt)
        }
        if isEarlier { self.parker.unpark() }
        return TimeSource.Deadline { [self] in self.remove(number) }
    }

    /// Cancels a deadline without waking the thread: it then finds nothing due, and most deadlines are canceled long before they expire.
    private func remove(_ number: UInt64) {
        let removed = self.state.withLock { state -> (@Sendable () -> Void)? in
            guard let operation = state.operations.removeValue(forKey: number) else { return nil }
            // Entries of canceled deadlines stay in the heap until they are the earliest; the heap is rebuilt when they outnumber the
            // others.
            if state.heap.count > 64, state.heap.count > 2 * state.operations.count {
                state.heap = Heap(state.heap.unordered.filter { state.operations[$0.number] != nil })
            }
            return operation
        }
        // The operation's captures are released outside the lock.
        withExtendedLifetime(removed) {}
    }

    private func run() {
        while true {
            let (due, next) = self.takeDue()
            for operation in due { operation() }
            if due.isEmpty { _ = self.parker.park(until: next) }
        }
    }

    /// Removes and returns the due operations, and the time of the next deadline.
    private func takeDue() -> (due: [@Sendable () -> Void], next: TimeSource.Instant) {
        self.state.withLock { state in
            let now = TimeSource.systemNow()
            var due: [@Sendable () -> Void] = []
            while let entry = state.heap.min {
                let isCancelled = state.operations[entry.number] == nil
                guard isCancelled || entry.instant <= now else { break }
                state.heap.removeMin()
                if let operation = state.operations.removeValue(forKey: entry.number) { due.append(operation) }
            }
            state.wakesAt = state.heap.min?.instant ?? .never
            return (due, state.wakesAt)
        }
    }
}

extension TimeSource {
    /// Suspends until `instant`.
    ///
    /// - Throws: `CancellationError` if the task is canceled first.
    public func sleep(until instant: Instant) async throws(CancellationError) {
        let promise = Promise<Void>()
        let deadline = self.schedule(at: instant) { promise.fulfill(()) }
        let woke: Void? = await promise.wait()
        deadline.cancel()
        if woke == nil { throw CancellationError() }
    }

    /// Suspends for `duration`.
    ///
    /// - Throws: `CancellationError` if the task is canceled first.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await self.sleep(until: self.now + duration)
    }
}
