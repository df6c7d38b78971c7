import Dispatch
import ResourceContainer

/// Runs blocking work on dedicated threads, never on a thread of the concurrency pool. At most `parallelism` bodies run at a time, in
/// first-in, first-out order.
///
/// The queue consists of serial dispatch queues. A concurrent dispatch queue on Linux uses the threads of the concurrency pool, where
/// blocking work would delay all tasks.
final class FileIOQueue: Sendable {
    private struct State {
        /// The idle queues.
        var free: [DispatchQueue]
        /// The waiting bodies, from index `next` on.
        var waiting: [@Sendable () -> Void] = []
        var next = 0

        mutating func takeNext() -> (@Sendable () -> Void)? {
            guard self.next < self.waiting.count else {
                return nil
            }
            let body = self.waiting[self.next]
            self.next += 1
            // Removes the consumed half at a time, for amortized constant time.
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

    /// Runs `body` and returns its result.
    ///
    /// A task that is canceled before its turn throws at once, and `body` never runs. A body that has begun runs to its end, and its result
    /// is returned.
    ///
    /// - Throws: The error of `body`; `CancellationError`.
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
        self.enqueue { if take() { outcome.fulfill(Swift.Result { try body() }) } }
        if let outcome = await outcome.wait() { return try outcome.get() }
        if take() { throw CancellationError() }
        return try await outcome.waitThroughCancellation().get()
    }

    /// The number of bodies that are waiting.
    var waitingCount: Int {
        self.state.withLock { $0.waiting.count - $0.next }
    }

    /// Runs `body` when its turn comes, regardless of cancellation.
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
