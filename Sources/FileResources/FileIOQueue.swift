import Dispatch
import ResourceContainer

/// Runs what may block on threads of its own, so many at a time, first come first served: never on a thread of the concurrency pool.
///
/// Made of serial queues. A concurrent one, on Linux, lends its threads from the very pool that concurrency uses, where what blocks would
/// hold up everybody.
final class FileIOQueue: Sendable {
    private struct State {
        /// The queues that have nothing to do.
        var free: [DispatchQueue]
        /// Those that wait their turn, from `next` on.
        var waiting: [@Sendable () -> Void] = []
        var next = 0

        mutating func takeNext() -> (@Sendable () -> Void)? {
            guard self.next < self.waiting.count else {
                return nil
            }
            let body = self.waiting[self.next]
            self.next += 1
            // What was taken goes when it is half of all: constant time on average.
            if 2 * self.next >= self.waiting.count {
                self.waiting.removeFirst(self.next)
                self.next = 0
            }
            return body
        }
    }

    private let state: Lock<State>

    init(label: String, parallelism: Int) {
        self.state = Lock(State(free: (1...parallelism).reversed().map { DispatchQueue(label: "\(label) \($0)") }))
    }

    /// Runs `body`, and returns what it returns.
    ///
    /// A task that is cancelled before its turn leaves at once, and `body` never runs. What has begun is finished, and its outcome is told.
    ///
    /// - Throws: what `body` throws; `CancellationError`.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let outcome = Promise<Swift.Result<Result, any Error>>()
        let isTaken = Lock(false)
        let take: @Sendable () -> Bool = {
            isTaken.withLock { isTaken in
                defer { isTaken = true }
                return !isTaken
            }
        }
        if Task.isCancelled { throw CancellationError() }
        self.enqueue { if take() { outcome.fulfil(Swift.Result { try body() }) } }
        if let outcome = await outcome.wait() { return try outcome.get() }
        if take() { throw CancellationError() }
        return try await outcome.waitThroughCancellation().get()
    }

    /// How many wait their turn.
    var waitingCount: Int {
        self.state.withLock { $0.waiting.count - $0.next }
    }

    /// Runs `body` when its turn comes, whoever may have been cancelled.
    func enqueue(_ body: @escaping @Sendable () -> Void) {
        let free = self.state.withLock { state in
            let free = state.free.popLast()
            if free == nil { state.waiting.append(body) }
            return free
        }
        if let free { free.async { self.work(through: body, on: free) } }
    }

    private func work(through first: @escaping @Sendable () -> Void, on queue: DispatchQueue) {
        var body: (@Sendable () -> Void)? = first
        while let current = body {
            current()
            body = self.state.withLock { state in
                let next = state.takeNext()
                if next == nil { state.free.append(queue) }
                return next
            }
        }
    }
}
