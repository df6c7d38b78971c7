import HeapModule

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TimeSource {
    /// The machine's monotonic clock. Deadlines are kept in one queue for the process; one task sleeps until the earliest of them, and
    /// none while there are none.
    public static let system: TimeSource = {
        let queue = SystemDeadlines()
        return TimeSource(now: SystemDeadlines.now, register: { queue.add($0, $1) })
    }()
}

extension ResourceEnvironment {
    /// The machine's clock and randomness, the global executor.
    public static let system = ResourceEnvironment(time: .system)
}

/// The deadlines of the system's time source: a heap, and one task that sleeps until the earliest.
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
        /// The sleeping task and the moment it sleeps to; nil while there is nothing to wait for.
        var sleeper: (task: Task<Void, Never>, until: TimeSource.Instant, number: UInt64)?
        var sleepers: UInt64 = 0
    }

    private let state = Lock(State())

    static func now() -> TimeSource.Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    private typealias Instant = TimeSource.Instant

    func add(_ instant: TimeSource.Instant, _ operation: @escaping @Sendable () -> Void) -> TimeSource.Deadline {
        let number = self.state.withLock { state in
            state.number += 1
            state.operations[state.number] = operation
            state.heap.insert(Entry(instant: instant, number: state.number))
            self.sleepUntilEarliest(&state)
            return state.number
        }
        return TimeSource.Deadline { [self] in self.remove(number) }
    }

    private func remove(_ number: UInt64) {
        let removed = self.state.withLock { state -> (@Sendable () -> Void)? in
            guard let operation = state.operations.removeValue(forKey: number) else { return nil }
            // Entries of cancelled deadlines stay in the heap until they are the earliest; when they are the most of it, it is made anew.
            if state.heap.count > 64, state.heap.count > 2 * state.operations.count {
                state.heap = Heap(state.heap.unordered.filter { state.operations[$0.number] != nil })
            }
            while let entry = state.heap.min, state.operations[entry.number] == nil { state.heap.removeMin() }
            // Nobody is to be woken for a deadline that was cancelled.
            if let sleeper = state.sleeper, state.heap.min.map({ $0.instant > sleeper.until }) ?? true {
                sleeper.task.cancel()
                state.sleeper = nil
                self.sleepUntilEarliest(&state)
            }
            return operation
        }
        // What the operation holds goes outside of the lock.
        withExtendedLifetime(removed) {}
    }

    private func sleepUntilEarliest(_ state: inout State) {
        guard let earliest = state.heap.min?.instant else {
            state.sleeper = nil
            return
        }
        if let sleeper = state.sleeper {
            if sleeper.until <= earliest { return }
            sleeper.task.cancel()
        }
        state.sleepers += 1
        let number = state.sleepers
        // Unstructured: the deadlines of the process have no one task that they could be children of.
        let task = Task.detached { [self] in
            let pause = earliest - Self.now()
            if pause > .zero {
                guard (try? await Task.sleep(for: pause, tolerance: .zero)) != nil else { return }
            }
            self.fire(number)
        }
        state.sleeper = (task, earliest, number)
    }

    /// Meets the deadlines that have come. Sleeper `number` may have been replaced while it woke: then the next sleep is not its to begin.
    private func fire(_ number: UInt64) {
        let due = self.state.withLock { state in
            let now = Self.now()
            var due: [@Sendable () -> Void] = []
            while let entry = state.heap.min, entry.instant <= now {
                state.heap.removeMin()
                if let operation = state.operations.removeValue(forKey: entry.number) { due.append(operation) }
            }
            if state.sleeper?.number == number { state.sleeper = nil }
            self.sleepUntilEarliest(&state)
            return due
        }
        for operation in due { operation() }
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
