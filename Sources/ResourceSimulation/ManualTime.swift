import HeapModule
import ResourceContainer

/// Time that stands still until it is moved; deadlines are met in the order of their moments, then of their registration.
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

    /// Time that stands at 0.
    public init() {}

    /// The present moment.
    public var now: TimeSource.Instant {
        self.state.withLock { $0.now }
    }

    /// This time as a container takes it.
    public var source: TimeSource {
        TimeSource(now: { [self] in self.now }, register: { [self] in self.register($0, $1) })
    }

    /// The moment of the earliest deadline, if there is one.
    public var earliestDeadline: TimeSource.Instant? {
        self.state.withLock { state in
            while let entry = state.heap.min {
                if state.operations[entry.number] != nil { return entry.instant }
                state.heap.removeMin()
            }
            return nil
        }
    }

    /// Moves time to `instant` (never backwards) and meets the earliest deadline if it has come; false if none has.
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

    /// Moves time to `instant` without meeting deadlines; never backwards.
    public func move(to instant: TimeSource.Instant) {
        self.state.withLock { $0.now = max($0.now, instant) }
    }

    /// Moves time on by `duration` and meets every deadline on the way, those included that are registered by then.
    public func pass(_ duration: Duration) {
        let end = self.now + duration
        while self.meetNextDeadline(until: end) {}
        self.move(to: end)
    }

    /// How many deadlines are registered and not yet met.
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
            // What the operation holds goes outside of the lock.
            let cancelled = self.state.withLock { $0.operations.removeValue(forKey: number) }
            withExtendedLifetime(cancelled) {}
        }
    }
}
