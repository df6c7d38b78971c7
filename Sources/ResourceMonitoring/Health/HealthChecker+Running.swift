import ResourceContainer

/// Health over time: rounds, the picture they give, and what a server says of it.
extension HealthChecker {
    /// How many rounds there are in the shortest interval, at most.
    private static let roundsPerInterval = 20

    /// Asks every resource again and again, each at its own interval, until its task is cancelled.
    ///
    /// What has nothing to be asked is told once. Nothing waits for anything: a check that hangs delays neither the others nor the next round. A resource that comes later is asked
    /// within an interval. One run of it is enough for a container.
    public func run() async {
        let time = self.container.environment.time
        let bell = self.container.subscribe()
        while !Task.isCancelled {
            bell.skip()
            let (due, wake) = self.due(at: time.now)
            for resource in due { self.start(resource) }
            if let wake { try? await time.sleep(until: wake) } else { await bell.next() }
        }
        self.state.withLock { state in
            state.next = [:]
            state.unanswering = []
            state.isResting = false
            state.lastRound = nil
        }
    }

    /// The resources to ask now, each with its next time set, and when to come back; nil if that is when something happens, since there is
    /// nothing to be asked.
    private func due(at now: TimeSource.Instant) -> (due: [LiveResource], wake: TimeSource.Instant?) {
        let live = self.container.resources().filter { $0.state == .ready }
        let isThere = Set(live.map(\.id))
        var random = self.container.environment.random
        return self.state.withLock { state in
            state.lastRound = now
            state.ledger.keep({ isThere.contains($0) }, at: now)
            state.next = state.next.filter { isThere.contains($0.key) }
            state.unanswering.formIntersection(isThere)
            var wake = now + self.policy.interval
            var shortest = self.policy.interval
            var due: [LiveResource] = []
            for resource in live where !state.unanswering.contains(resource.id) {
                let interval = resource.options.healthInterval ?? self.policy.interval
                shortest = min(shortest, interval)
                let next = state.next[resource.id]
                guard next.map({ $0 <= now }) ?? true else {
                    wake = min(wake, next ?? wake)
                    continue
                }
                due.append(resource)
                guard resource.canAnswer else {
                    state.unanswering.insert(resource.id)
                    continue
                }
                let factor = 1 + Double.random(in: -self.policy.jitter...self.policy.jitter, using: &random)
                let again = now + .nanoseconds(Int64(Double(interval.wholeNanoseconds) * factor))
                state.next[resource.id] = again
                wake = min(wake, again)
            }
            state.isResting = state.next.isEmpty && due.isEmpty
            if state.isResting { return ([], nil) }
            // Each at a time of its own would be a round for each: what is due shortly waits for the next.
            return (due, max(wake, now + shortest / Self.roundsPerInterval))
        }
    }

    /// The health of every resource and of the whole, as far as it was asked for. O(resources and dependencies).
    public func picture() -> HealthPicture {
        let now = self.container.environment.time.now
        let live = self.container.resources()
        let late = self.late
        let isThere = Set(live.map(\.id))
        return self.state.withLock { state in
            state.ledger.keep({ isThere.contains($0) }, at: now)
            var affected = AffectedResources(
                dependencies: Dictionary(uniqueKeysWithValues: live.map { ($0.id, $0.dependencies) }),
                ill: Set(state.ledger.entries.filter(\.value.status.isBad).keys)
            )
            return HealthPicture(
                time: now,
                verdict: state.ledger.verdict,
                since: state.ledger.since,
                causes: state.ledger.causes,
                transitions: Array(state.ledger.transitions),
                rows: live.map { resource in
                    let entry = state.ledger.entries[resource.id]
                    return HealthRow(
                        resource: resource.id,
                        label: "\(resource.label)\(resource.id)",
                        scope: resource.scope,
                        isCritical: resource.options.critical,
                        status: entry?.status ?? .unknown,
                        since: entry?.since ?? now,
                        history: entry?.history ?? [],
                        transitions: entry?.transitions ?? [],
                        interval: resource.options.healthInterval ?? self.policy.interval,
                        nextCheck: state.next[resource.id],
                        isLate: late.contains(resource.id),
                        standsInFor: resource.standsInFor,
                        affectedBy: affected.causes(of: resource.id)
                    )
                }
            )
        }
    }

    // MARK: What a server says

    /// Whether requests should be sent here: the container takes requests, no critical resource is unhealthy and, while ``run()`` goes on,
    /// each critical one that is ready has answered once. Not ready means: ask others, and ask again later.
    public func readiness() -> ServiceAnswer {
        guard self.container.root.isOpen else {
            return ServiceAnswer(isPassing: false, reasons: ["the container \(self.container.name) is closed"])
        }
        let live = self.container.resources()
        let isThere = Set(live.map(\.id))
        let now = self.container.environment.time.now
        return self.state.withLock { state in
            state.ledger.keep({ isThere.contains($0) }, at: now)
            if state.lastRound != nil {
                let unasked = live.filter { $0.options.critical && $0.state == .ready && state.ledger.entries[$0.id] == nil }
                if !unasked.isEmpty {
                    return ServiceAnswer(isPassing: false, reasons: unasked.map { "\($0.label)\($0.id) has not answered yet" })
                }
            }
            return ServiceAnswer(isPassing: state.ledger.verdict != .unhealthy, reasons: state.ledger.causes)
        }
    }

    /// Whether the program still works as a program: while ``run()`` goes on, rounds are begun in time. Resources do not count: a restart
    /// mends no database, and would take away what still works.
    public func liveness() -> ServiceAnswer {
        let now = self.container.environment.time.now
        guard let last = self.state.withLock({ $0.isResting ? nil : $0.lastRound }) else {
            return ServiceAnswer(isPassing: true, reasons: [])
        }
        let limit = self.policy.interval * 3 + self.policy.deadline
        guard last + limit < now else { return ServiceAnswer(isPassing: true, reasons: []) }
        return ServiceAnswer(isPassing: false, reasons: ["no round of health checks was begun for \((now - last).brief)"])
    }
}

extension LiveResource {
    /// Whether it has anything to be asked.
    fileprivate var canAnswer: Bool {
        if case .none? = self.value.map(HealthProbe.init) { false } else { true }
    }
}
