import ResourceContainer

/// Health over time: rounds of checks.
extension HealthChecker {
    /// How many rounds there are in the shortest interval, at most.
    private static let roundsPerInterval = 20
    /// How far two rounds stand apart, at least, however short the intervals.
    private static let shortestStep = Duration.milliseconds(1)

    /// Asks every resource again and again, each at its own interval, until its task is cancelled.
    ///
    /// Nothing waits for anything: a check that hangs delays neither the others nor the next round. A resource that comes later is asked
    /// within an interval, the first of its binding at once. One run is enough for a container; monitors and dashboards of the container
    /// find it.
    public func run() async {
        await self.run(as: .program)
    }

    /// ``run()`` for `asker`. A dashboard's own checker asks nothing while the program's runs.
    package func run(as asker: HealthAsker) async {
        let time = self.container.environment.time
        let bell = self.container.subscribe()
        let run = self.known.begin(asker, policy: self.policy)
        while !Task.isCancelled {
            bell.skip()
            let (due, wake) = self.due(at: time.now, run)
            for resource in due { self.start(resource) }
            await self.pause(until: wake, bell)
        }
        self.known.end(run, at: time.now)
    }

    /// The resources to ask now, each with its next time set, and when to come back; nil if that is when something happens, since there is
    /// nothing to be asked.
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
            // Each at a time of its own would be a round for each: what is due shortly waits for the next.
            return (due, max(wake, now + max(Self.shortestStep, shortest / Self.roundsPerInterval)))
        }
    }

    /// Returns when the next round is due: at `wake`, or when a binding has a first instance to be asked, which may be what the program waits
    /// for to be ready. Nothing is looked at while nothing happens, and four times a second at most with the usual interval.
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
            // At rest, one more of what was asked before may have come: within an interval it is asked, too.
            if wake == nil { wake = began + self.policy.interval }
        }
    }

    /// Returns when something happens, at `moment` at the latest.
    private static func next(_ bell: EventSubscription, before moment: TimeSource.Instant?, _ time: TimeSource) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.next() }
            if let moment { group.addTask { try? await time.sleep(until: moment) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Whether a binding has an instance that is ready, and none of it was asked or found to have nothing to be asked.
    private var hasUnasked: Bool {
        let ready = self.container.readyBindings()
        return self.known.state.withLock { state in
            ready.contains { !state.asked.contains($0) && !state.ledger.probelessBindings.contains($0) }
        }
    }
}
