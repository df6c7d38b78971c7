import ResourceContainer

/// Waits for another connection's lock, like SQLite's busy timeout, but in the environment's time and with cancellation.
///
/// SQLite calls it on the connection's own thread, which sleeps during the wait.
final class BusyWait: Sendable {
    /// One use of the connection, which can be canceled.
    final class Access: Sendable {
        private struct State {
            var isCancelled = false
            var sleep: Promise<Void>?
        }

        private let state = Lock(State())

        /// Ends the current wait and all later waits of this access.
        func cancel() {
            let sleep = self.state.withLock { state in
                state.isCancelled = true
                return state.sleep
            }
            sleep?.fulfill(())
        }

        /// Sleeps until `instant`. Returns false if the access is canceled before.
        fileprivate func sleep(until instant: TimeSource.Instant, _ time: TimeSource) -> Bool {
            let sleep = Promise<Void>()
            let isCancelled = self.state.withLock { state in
                state.sleep = sleep
                return state.isCancelled
            }
            if isCancelled { return false }
            let deadline = time.schedule(at: instant) { sleep.fulfill(()) }
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

    /// The pauses between retries in milliseconds; the last one repeats.
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

    /// Ends the wait of the current access.
    func cancel() {
        self.state.withLock { $0.access }?.cancel()
    }

    /// Pauses, and returns whether SQLite tries again.
    ///
    /// - Parameter tries: The number of failed attempts since the wait began.
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
