import HeapModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TimeSource {
    /// The machine's monotonic clock. Deadlines are kept in one queue for the process. A thread of the library calls them: it is started with
    /// the first deadline, and comes to its turn also when code that blocks its thread holds every thread of the cooperative pool.
    public static let system: TimeSource = {
        let queue = SystemDeadlines()
        return TimeSource(now: Self.systemNow, register: { queue.add($0, $1) })
    }()

    static func systemNow() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension ResourceEnvironment {
    /// The machine's clock and randomness, the global executor.
    public static let system = ResourceEnvironment(time: .system)
}

/// The deadlines of the system's time source: a heap, and one thread that sleeps until the earliest.
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
        /// When the thread looks again by itself.
        var wakesAt = TimeSource.Instant.never
    }

    private let state = Lock(State())
    private let parker = ThreadParker()

    func add(_ instant: TimeSource.Instant, _ operation: @escaping @Sendable () -> Void) -> TimeSource.Deadline {
        let (number, isEarlier) = self.state.withLock { state in
            state.number += 1
            state.operations[state.number] = operation
            state.heap.insert(Entry(instant: instant, number: state.number))
            // Where the system refuses the thread, the next registration asks again.
            if !state.hasThread { state.hasThread = LibraryThread.start(.deadlines) { [self] in self.run() } }
            return (state.number, instant < state.wakesAt)
        }
        if isEarlier { self.parker.unpark() }
        return TimeSource.Deadline { [self] in self.remove(number) }
    }

    /// The thread is not woken: it finds nothing to do at that moment, and most deadlines are taken back long before they come.
    private func remove(_ number: UInt64) {
        let removed = self.state.withLock { state -> (@Sendable () -> Void)? in
            guard let operation = state.operations.removeValue(forKey: number) else { return nil }
            // Entries of cancelled deadlines stay in the heap until they are the earliest; when they are the most of it, it is made anew.
            if state.heap.count > 64, state.heap.count > 2 * state.operations.count {
                state.heap = Heap(state.heap.unordered.filter { state.operations[$0.number] != nil })
            }
            return operation
        }
        // What the operation holds goes outside of the lock.
        withExtendedLifetime(removed) {}
    }

    private func run() {
        while true {
            let (due, next) = self.takeDue()
            for operation in due { operation() }
            if due.isEmpty { _ = self.parker.park(until: next) }
        }
    }

    /// What has come, and when to look again.
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
    /// Returns when `instant` has come; throws if the task is cancelled before.
    public func sleep(until instant: Instant) async throws(CancellationError) {
        let promise = Promise<Void>()
        let deadline = self.schedule(at: instant) { promise.fulfil(()) }
        let woke: Void? = await promise.wait()
        deadline.cancel()
        if woke == nil { throw CancellationError() }
    }

    /// Returns after `duration`; throws if the task is cancelled before.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await self.sleep(until: self.now + duration)
    }
}
