import ResourceContainer

/// Lets somebody who waits for a rate be told not to wait any longer.
final class Urgency: Sendable {
    private struct State: Sendable {
        var count: UInt64 = 0
        var next = Promise<Void>()
    }

    private let state = Lock(State())

    /// How often it was raised.
    var count: UInt64 {
        self.state.withLock { $0.count }
    }

    /// Wakes everybody who waits for more than the present count.
    func raise() {
        let next = self.state.withLock { state in
            state.count += 1
            defer { state.next = Promise() }
            return state.next
        }
        next.fulfil(())
    }

    /// Returns when it has been raised more often than `count`, or the task is cancelled.
    func raised(above count: UInt64) async {
        let next: Promise<Void>? = self.state.withLock { $0.count > count ? nil : $0.next }
        _ = await next?.wait()
    }
}
