import HeapModule
import ResourceContainer

/// A time source that advances only on request. Deadlines are met in order of their instants, then of their registration.
public final class ManualTime: Sendable {
    private struct Entry: Comparable {
        let instant: TimeSource.Instant
        let number: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.instant, left.number) < (right.instant, right.number)
        }
    }

    private struct State {
        var now = TimeSource.Instant(nanoseconds: 0)
        var heap = Heap<Entry>()
        var operations: [UInt64: @Sendable () -> Void] = [:]
        var number: UInt64 = 0
    }

    private let state = Lock(State())

    /// Creates a time source at instant 0.
    public init() {}

    /// The current instant.
    public var now: TimeSource.Instant {
        self.state.withLock { $0.now }
    }

    /// The `TimeSource` to pass to a container's environment.
    public var source: TimeSource {
        TimeSource(now: { [self] in self.now }, register: { [self] in self.register($0, $1) })
    }

    /// The instant of the earliest registered deadline, or nil.
    public var earliestDeadline: TimeSource.Instant? {
        self.state.withLock { state in
            while let entry = state.heap.min {
                if state.operations[entry.number] != nil { return entry.instant }
                state.heap.removeMin()
            }
            return nil
        }
    }

    /// Meets the earliest deadline if it is not after `instant`, and advances time to that deadline, never backwards.
    ///
    /// - Returns: whether a deadline was met.
    public func meetNextDeadline(until instant: TimeSource.Instant) -> Bool {
        let operation: (@Sendable () -> Void)? = self.state.withLock { state in
            while let entry = state.heap.min, entry.instant <= instant {
                state.heap.removeMin()
                guard let operation = state.operations.removeValue(forKey: entry.number) else { continue }
                state.now = max(state.now, entry.instant)
                return operation
            }
            return nil
        }
        operation?()
        return operation != nil
    }

    /// Advances time to `instant` without meeting deadlines, never backwards.
    public func move(to instant: TimeSource.Instant) {
        self.state.withLock { $0.now = max($0.now, instant) }
    }

    /// Advances time by `duration` and meets every deadline that is due, including those registered in the process.
    public func pass(_ duration: Duration) {
        let end = self.now + duration
        while self.meetNextDeadline(until: end) {}
        self.move(to: end)
    }

    /// The number of registered deadlines that are not yet met.
    public var deadlineCount: Int {
        self.state.withLock { $0.operations.count }
    }

    private func register(_ instant: TimeSource.Instant, _ operation: @escaping @Sendable () -> Void) -> TimeSource.Deadline {
        let number = self.state.withLock { state in
            state.number += 1
            state.operations[state.number] = operation
            state.heap.insert(Entry(instant: instant, number: state.number))
            return state.number
        }
        return TimeSource.Deadline { [self] in
            // Deinitializers of captured values must not run under the lock.
            let cancelled = self.state.withLock { $0.operations.removeValue(forKey: number) }
            withExtendedLifetime(cancelled) {}
        }
    }
}
