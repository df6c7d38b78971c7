import ResourceContainer

/// A counter that wakes rate-limited consumers early.
final class Urgency: Sendable {
    private struct State: Sendable {
        var count: UInt64 = 0
        var next = Promise<Void>()
    }

    private let state = Lock(State())

    /// The number of times it was raised.
    var count: UInt64 {
        self.state.withLock { $0.count }
    }

    /// Wakes all waiters for a count above the current one.
    func raise() {
        let next = self.state.withLock { state in
            state.count += 1
            defer { state.next = Promise() }
            return state.next
        }
        next.fulfill(())
    }

    /// Returns when it has been raised more than `count` times, or when the task is canceled.
    func raised(above count: UInt64) async {
        let next: Promise<Void>? = self.state.withLock { $0.count > count ? nil : $0.next }
        _ = await next?.wait()
    }
}
