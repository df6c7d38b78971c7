import ResourceContainer

/// What is known, and what a server says of it.
extension HealthChecker {
    /// The health of every resource and of the whole, as far as anybody asked for it. O(resources and dependencies).
    public func picture() -> HealthPicture {
        self.known.picture(of: self.container)
    }

    /// Whether requests should be sent here: the container takes requests, and no critical resource is unhealthy or unknown. Not ready
    /// means: ask others, and ask again later.
    ///
    /// A resource that is ready and has something to be asked has to have answered. One that was not asked yet counts by what an instance
    /// of its binding last answered, for three intervals at most; one without anything to be asked does not count. What was not said again
    /// for three intervals is unknown, so that a container is not ready when nobody asks any more.
    public func readiness() -> ServiceAnswer {
        guard self.container.root.isOpen else {
            return ServiceAnswer(isPassing: false, reasons: ["the container \(self.container.name) is closed"])
        }
        let live = self.container.resources()
        let now = self.container.environment.time.now
        return self.known.state.withLock { state in
            state.settle(live, at: now)
            let opinion = state.ledger.opinion
            var reasons = opinion.causes(at: now)
            if opinion.blocks, state.runs.isEmpty { reasons.append(state.silence(at: now)) }
            return ServiceAnswer(isPassing: !opinion.blocks, reasons: reasons)
        }
    }

    /// Whether the program still works as a program: rounds of checks are begun in time. Resources do not count: a restart mends no database,
    /// and would take away what still works.
    ///
    /// Where no checker runs, the answer says so. A program that never started one is alive. One whose checker stopped is alive for three
    /// intervals and a deadline, which is time to shut down in order, and then not until the container is closed.
    public func liveness() -> ServiceAnswer {
        let now = self.container.environment.time.now
        let isOpen = self.container.root.isOpen
        return self.known.state.withLock { state in
            let limit = self.policy.interval.saturating(times: HealthSubject.intervalsUntilStale)
            if state.runs.isEmpty {
                let isLong = state.endedAt.map { $0 + limit + self.policy.deadline < now } ?? false
                return ServiceAnswer(isPassing: !isLong || !isOpen, reasons: [state.silence(at: now)])
            }
            guard let last = state.lastRound, !state.isResting else { return ServiceAnswer(isPassing: true, reasons: []) }
            guard last + limit + self.policy.deadline < now else { return ServiceAnswer(isPassing: true, reasons: []) }
            return ServiceAnswer(isPassing: false, reasons: ["no round of health checks was begun for \((now - last).brief)"])
        }
    }
}

extension ContainerHealth.State {
    /// Why nothing is asked, where no checker runs.
    fileprivate func silence(at now: TimeSource.Instant) -> String {
        self.endedAt.map { "nobody asks for health: the checker that ran stopped \((now - $0).brief) ago" }
            ?? "nobody asks for health: no health checker runs"
    }
}
