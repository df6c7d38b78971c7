import ResourceContainer

/// Ends an exchange that exceeds the deadline of its request or the time limit of a phase.
///
/// It has one deadline at a time. The limits of phases move with every byte, so it looks at them when the earliest of them can have
/// expired.
final class ExchangeWatch: Sendable {
    private struct State: Sendable {
        var number = 0
        var deadline: TimeSource.Deadline?
        var isOver = false
    }

    private let exchange: Exchange
    private let transport: any HTTPSending
    private let time: TimeSource
    /// The deadline of the request, and the timeout that led to it; nil if there is none.
    private let limit: Lock<(instant: TimeSource.Instant, timeout: Duration)?>
    private let state = Lock(State())

    init(
        _ exchange: Exchange,
        over transport: any HTTPSending,
        _ time: TimeSource,
        limit: (instant: TimeSource.Instant, timeout: Duration)?
    ) {
        self.exchange = exchange
        self.transport = transport
        self.time = time
        self.limit = Lock(limit)
        self.arm(at: limit?.instant)
    }

    /// Ends the watch.
    func stop() {
        let deadline = self.state.withLock { state in
            state.isOver = true
            defer { state.deadline = nil }
            return state.deadline
        }
        deadline?.cancel()
    }

    /// From now on, only the limits of the phases apply.
    func dropDeadline() {
        self.limit.withLock { $0 = nil }
        self.arm(at: nil)
    }

    private func arm(at limit: TimeSource.Instant?) {
        let now = self.time.now
        guard let instant = earlier(limit, self.exchange.nextCheck(at: now)) else { return }
        let number = self.state.withLock { state in
            state.number += 1
            return state.number
        }
        let deadline = self.time.schedule(at: instant) { self.check() }
        let obsolete = self.state.withLock { state -> TimeSource.Deadline? in
            // The check may have run already and set a later deadline.
            if state.isOver || state.number != number { return deadline }
            defer { state.deadline = deadline }
            return state.deadline
        }
        obsolete?.cancel()
    }

    private func check() {
        guard !self.exchange.hasEnded, !self.state.withLock({ $0.isOver }) else { return }
        let now = self.time.now
        let limit = self.limit.withLock { $0 }
        if let limit, limit.instant <= now {
            let excess = TimeExcess(limit: .request, duration: limit.timeout, phase: self.exchange.phase)
            self.transport.end(self.exchange, .timedOut(excess))
        } else if let excess = self.exchange.excess(at: now) {
            self.transport.end(self.exchange, .timedOut(excess))
        } else {
            self.arm(at: limit?.instant)
        }
    }
}
