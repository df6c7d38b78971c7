import ResourceContainer

/// The container's health, and answers to readiness and liveness probes.
extension HealthChecker {
    /// Returns the known health of the container and its resources, without running checks.
    ///
    /// - Complexity: O(resources and dependencies).
    public func picture() -> HealthPicture {
        self.known.picture(of: self.container)
    }

    /// Returns whether the service should receive requests: the container is open, and no critical resource is unhealthy or unknown.
    ///
    /// A ready resource with a health check must have answered. Until its first answer it counts with the last status of its binding, for
    /// at most three intervals. A resource without a health check does not count. A status without an answer for three intervals is
    /// unknown, so that a container whose checker has stopped is not ready. A failing answer is temporary: send requests elsewhere and
    /// probe again.
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

    /// Returns whether the program makes progress: rounds of health checks start in time.
    ///
    /// The health of resources does not count: a restart repairs no database, and interrupts everything that still works. If no checker
    /// runs, the answer contains a remark. A program that never started a checker is alive. After its checker stops, a program is alive for
    /// three intervals plus a deadline, which leaves time for an orderly shutdown, and again once the container is closed.
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
            return ServiceAnswer(isPassing: false, reasons: ["no round of health checks has started for \((now - last).brief)"])
        }
    }
}

extension ContainerHealth.State {
    /// The remark for a container without a running checker.
    fileprivate func silence(at now: TimeSource.Instant) -> String {
        self.endedAt.map { "no health checker runs: the last one stopped \((now - $0).brief) ago" }
            ?? "no health checker runs"
    }
}
