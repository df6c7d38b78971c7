import ResourceContainer

/// Periodic checks.
extension HealthChecker {
    /// The largest number of rounds per shortest interval.
    private static let roundsPerInterval = 20
    /// The shortest time between two rounds, for any interval.
    private static let shortestStep = Duration.milliseconds(1)

    /// Checks every resource at its own interval until the task is canceled.
    ///
    /// Checks are independent: a check that hangs delays neither the others nor the next round. A new resource is checked within an
    /// interval; the first instance of a binding is checked at once. One run per container is enough: its monitors and dashboards share the
    /// results.
    public func run() async {
        await self.run(as: .program)
    }

    /// ``run()`` on behalf of `checkedBy`. A dashboard's checker performs no checks while the application's runs.
    package func run(as checkedBy: HealthCheckSource) async {
        let time = self.container.environment.time
        let bell = self.container.subscribe()
        let run = self.known.begin(checkedBy, policy: self.policy)
        while !Task.isCancelled {
            bell.skip()
            let (due, wake) = self.due(at: time.now, run)
            for resource in due { self.start(resource) }
            await self.pause(until: wake, bell)
        }
        self.known.end(run, at: time.now)
    }

    /// Returns the resources to check now, after scheduling their next checks, and the time of the next round; nil if there is nothing to
    /// check until an event occurs.
    private func due(at now: TimeSource.Instant, _ run: UInt64) -> (due: [LiveResource], wake: TimeSource.Instant?) {
        guard self.known.state.withLock({ $0.governing == run }) else { return ([], now + self.policy.interval) }
        let live = self.container.resources()
        let isThere = Set(live.lazy.filter { $0.state == .ready }.map(\.id))
        var random = self.container.environment.random
        return self.known.state.withLock { state in
            state.lastRound = now
            state.ledger.policy = self.policy
            state.settle(live, at: now)
            state.next = state.next.filter { isThere.contains($0.key) }
            var wake = now + self.policy.interval
            var shortest = self.policy.interval
            var due: [LiveResource] = []
            for resource in live where resource.state == .ready && !state.ledger.probeless.contains(resource.id) {
                let interval = resource.options.healthInterval ?? self.policy.interval
                shortest = min(shortest, interval)
                let next = state.next[resource.id]
                guard next.map({ $0 <= now }) ?? true else {
                    wake = min(wake, next ?? wake)
                    continue
                }
                due.append(resource)
                state.asked.insert(resource.binding)
                let factor = 1 + Double.random(in: -self.policy.jitter...self.policy.jitter, using: &random)
                let again = now + interval.saturating(times: factor)
                state.next[resource.id] = again
                wake = min(wake, again)
            }
            state.isResting = state.next.isEmpty
            if state.isResting { return ([], nil) }
            // Checks that are due shortly after each other share a round.
            return (due, max(wake, now + max(Self.shortestStep, shortest / Self.roundsPerInterval)))
        }
    }

    /// Returns when the next round is due: at `wake`, or when a binding has its first instance to check, which readiness may depend on.
    ///
    /// The method is idle while no events occur, and checks at most four times per second with the default interval.
    private func pause(until wake: TimeSource.Instant?, _ bell: EventSubscription) async {
        let time = self.container.environment.time
        let began = time.now
        let step = max(Self.shortestStep, min(self.policy.interval / Self.roundsPerInterval, .seconds(1)))
        var wake = wake
        while !Task.isCancelled {
            let pause = time.now + step
            try? await time.sleep(until: wake.map { min($0, pause) } ?? pause)
            await Self.next(bell, before: wake, time)
            if let wake, time.now >= wake { return }
            bell.skip()
            if self.hasUnasked { return }
            // A further instance of a binding checked before may have been created; it is checked within an interval.
            if wake == nil { wake = began + self.policy.interval }
        }
    }

    /// Returns when an event occurs or when `moment` is reached.
    private static func next(_ bell: EventSubscription, before moment: TimeSource.Instant?, _ time: TimeSource) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.next() }
            if let moment { group.addTask { try? await time.sleep(until: moment) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Whether a binding has a ready instance but none that was checked, or found to have no health check.
    private var hasUnasked: Bool {
        let ready = self.container.readyBindings()
        return self.known.state.withLock { state in
            ready.contains { !state.asked.contains($0) && !state.ledger.probelessBindings.contains($0) }
        }
    }
}
