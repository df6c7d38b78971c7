import ResourceContainer

/// Waits for another connection's lock, as SQLite's busy timeout does, but in the environment's time, and not longer than the task that
/// wants the lock is there.
///
/// SQLite calls it on the connection's own thread, which sleeps meanwhile.
final class BusyWait: Sendable {
    /// One use of the connection, which may be cancelled.
    final class Access: Sendable {
        private struct State {
            var isCancelled = false
            var sleep: Promise<Void>?
        }

        private let state = Lock(State())

        /// Ends the waiting, now and for as long as this access lasts.
        func cancel() {
            let sleep = self.state.withLock { state in
                state.isCancelled = true
                return state.sleep
            }
            sleep?.fulfil(())
        }

        /// Sleeps; false if the access is cancelled before.
        fileprivate func sleep(until instant: TimeSource.Instant, _ time: TimeSource) -> Bool {
            let sleep = Promise<Void>()
            let isCancelled = self.state.withLock { state in
                state.sleep = sleep
                return state.isCancelled
            }
            if isCancelled { return false }
            let deadline = time.schedule(at: instant) { sleep.fulfil(()) }
            sleep.waitBlocking()
            deadline.cancel()
            return self.state.withLock { state in
                state.sleep = nil
                return !state.isCancelled
            }
        }
    }

    private struct State {
        var access: Access?
        var deadline = TimeSource.Instant(nanoseconds: 0)
    }

    /// How long the pauses between two tries are at first, in milliseconds; the last one for all that follow.
    private static let pauses = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

    private let timeout: Duration
    private let time: TimeSource
    private let state = Lock(State())

    init(timeout: Duration, time: TimeSource) {
        self.timeout = timeout
        self.time = time
    }

    /// Runs `body`, which uses the connection, on the connection's thread.
    func within<Result>(_ access: Access, _ body: () throws -> Result) rethrows -> Result {
        self.state.withLock { $0.access = access }
        defer { self.state.withLock { $0.access = nil } }
        return try body()
    }

    /// Ends the waiting of the use that is under way.
    func cancel() {
        self.state.withLock { $0.access }?.cancel()
    }

    /// Whether to try once more, after a pause.
    ///
    /// - Parameter tries: how often it was in vain since the waiting began.
    func goesOn(after tries: Int) -> Bool {
        let now = self.time.now
        let (access, deadline) = self.state.withLock { state in
            if tries == 0 { state.deadline = now + self.timeout }
            return (state.access, state.deadline)
        }
        if now >= deadline { return false }
        let pause = now + .milliseconds(Self.pauses[min(max(0, tries), Self.pauses.count - 1)])
        return (access ?? Access()).sleep(until: min(pause, deadline), self.time)
    }
}
