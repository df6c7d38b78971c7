import ResourceContainer

/// How late an empty task runs: the delay that every task of the process has.
///
/// A task is started once a second, and none while one has not run. It writes its time, and the server's thread reads it: a blocked pool of
/// threads delays nothing but the task.
struct ExecutorLag {
    /// The time at which a task was started, and at which it ran.
    private final class Probe: Sendable {
        let startedAt: TimeSource.Instant
        private let ran = Lock<TimeSource.Instant?>(nil)

        init(at now: TimeSource.Instant) {
            self.startedAt = now
        }

        var ranAt: TimeSource.Instant? { self.ran.withLock { $0 } }

        func note(_ now: TimeSource.Instant) {
            self.ran.withLock { $0 = now }
        }
    }

    /// The time between two tasks.
    private static let interval = Duration.seconds(1)

    private var probe: Probe?
    /// The delay of the last task that ran.
    private var last: Duration?
    private var startedAt: TimeSource.Instant?

    /// Reads what the last task wrote, and starts another one if it is time.
    ///
    /// - Parameters:
    ///   - time: The clock of the server.
    ///   - start: Starts a task that calls the closure.
    mutating func measure(_ time: TimeSource, _ start: (_ run: @escaping @Sendable () -> Void) -> Void) {
        let now = time.now
        if let probe = self.probe, let ran = probe.ranAt {
            self.last = max(.zero, ran - probe.startedAt)
            self.probe = nil
        }
        guard self.probe == nil, self.startedAt.map({ now >= $0 + Self.interval }) ?? true else { return }
        let probe = Probe(at: now)
        self.probe = probe
        self.startedAt = now
        start { probe.note(time.now) }
    }

    /// The delay of the last task, and the time for which a task waits; at most one of the two is known.
    func reading(at now: TimeSource.Instant) -> (lag: Duration?, waiting: Duration?) {
        guard let probe = self.probe, probe.ranAt == nil else { return (self.last, nil) }
        // A task that has just been started is not late.
        let waiting = max(.zero, now - probe.startedAt)
        return waiting >= Self.interval || self.last == nil ? (nil, waiting) : (self.last, nil)
    }

    /// Forgets everything. Call when no client watches anymore.
    mutating func stop() {
        self = ExecutorLag()
    }
}
