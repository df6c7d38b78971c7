import ResourceContainer

/// What is known of one resource's health: its answers, and what they are held to mean.
struct HealthEntry: Sendable {
    var subject: HealthSubject
    private(set) var status = HealthStatus.unknown
    /// Since when it has this status, or has been known.
    private(set) var since: TimeSource.Instant
    /// Whether no answer came in time to say how it is.
    private(set) var isStale = false
    /// Arrays, although they lose their first element: a picture shares them until the next answer.
    private(set) var history: [HealthResult] = []
    private(set) var transitions: [HealthTransition] = []
    /// When it gave the last answer that says something.
    private var answeredAt: TimeSource.Instant?
    /// How many answers in a row were bad, not bad, and healthy.
    private var bad = 0
    private var better = 0
    private var good = 0

    init(_ subject: HealthSubject, at time: TimeSource.Instant) {
        self.subject = subject
        self.since = time
    }

    /// Whether it was never asked.
    var isUnasked: Bool { self.history.isEmpty }

    /// The status with which it counts in the verdict of the whole; nil if it does not count.
    ///
    /// One that was not asked yet counts by what an instance of its binding last answered. What cannot tell does not count, as what has
    /// nothing to be asked does not.
    func countsAs(_ bindingsAnswer: HealthStatus?) -> HealthStatus? {
        if self.status != .unknown { return self.status }
        guard self.subject.isReady, self.subject.hasProbe else { return nil }
        if self.isStale { return .unknown }
        return self.isUnasked ? bindingsAnswer ?? .unknown : nil
    }

    func opinion(_ bindingsAnswer: HealthStatus?) -> HealthOpinion {
        HealthOpinion(
            resource: self.subject.id,
            label: self.subject.label,
            isCritical: self.subject.isCritical,
            status: self.status,
            countsAs: self.countsAs(bindingsAnswer),
            isStale: self.isStale,
            message: self.history.last?.message ?? self.subject.standsInFor.map { "stands in for \($0)" },
            quietSince: self.answeredAt ?? self.since
        )
    }

    // MARK: What happens to it

    /// Takes what is known of the resource at `now`; whether the status has changed.
    mutating func settle(_ subject: HealthSubject, at now: TimeSource.Instant) -> Bool {
        let stoodIn = self.subject.standsInFor != nil
        // A resource that was not ready could not be asked: it is as new as its readiness.
        if !self.subject.isReady, subject.isReady, self.isUnasked { self.since = now }
        self.subject = subject
        if let key = subject.standsInFor {
            if self.status == .healthy || self.status == .unknown && self.isUnasked {
                return self.move(to: .degraded, "stands in for \(key)", now)
            }
        } else if stoodIn, self.isUnasked, self.status == .degraded {
            return self.move(to: .unknown, "stands in for nothing any more", now)
        }
        return self.expire(at: now)
    }

    /// What was not said again for three intervals is not known any more; whether the status has changed.
    mutating func expire(at now: TimeSource.Instant) -> Bool {
        // What stands in for another is known without being asked.
        guard self.subject.isReady, self.subject.hasProbe, !self.isStale, !(self.isUnasked && self.subject.standsInFor != nil) else {
            return false
        }
        let limit = self.subject.interval.saturating(times: HealthSubject.intervalsUntilStale)
        let last = self.status == .unknown ? self.history.last?.time : self.answeredAt
        guard now - (last ?? self.since) > limit else { return false }
        let changes = self.status != .unknown
        if changes { _ = self.move(to: .unknown, "no answer within \(limit.brief)", now) }
        self.isStale = true
        (self.bad, self.better, self.good) = (0, 0, 0)
        return changes
    }

    /// Takes an answer; whether the status has changed.
    mutating func take(_ result: HealthResult, _ policy: HealthPolicy) -> Bool {
        let expired = self.expire(at: result.time)
        self.history.append(result)
        if self.history.count > HealthPicture.historyLimit { self.history.removeFirst() }
        // It answers, and cannot tell: that is not overdue.
        guard result.status != .unknown else {
            if self.status == .unknown { self.isStale = false }
            return expired
        }
        self.answeredAt = result.time
        self.bad = result.status.isBad ? self.bad + 1 : 0
        self.better = result.status.isBad ? 0 : self.better + 1
        self.good = result.status == .healthy ? self.good + 1 : 0
        if self.status == .unknown {
            let reason = self.isStale ? "the first answer again" : "the first answer"
            self.isStale = false
            return self.move(to: result.status, reason, result.time)
        }
        if result.status == self.status { return false }
        switch (self.status.isBad, result.status) {
        case (true, .unhealthy), (true, .error):
            return self.move(to: result.status, result.told, result.time)
        case (true, _):
            guard self.better >= policy.rise else { return false }
            return self.move(to: result.status, "\(self.better) answers in a row that were not bad", result.time)
        case (false, .unhealthy), (false, .error):
            guard self.bad >= policy.fall else { return false }
            return self.move(
                to: result.status,
                self.bad == 1 ? result.told : "\(self.bad) bad answers in a row: \(result.told)",
                result.time
            )
        case (false, .degraded):
            return self.move(to: .degraded, result.told, result.time)
        case (false, _):
            guard self.good >= policy.rise else { return false }
            return self.move(to: .healthy, "\(self.good) good answers in a row", result.time)
        }
    }

    private mutating func move(to status: HealthStatus, _ reason: String, _ time: TimeSource.Instant) -> Bool {
        self.transitions.append(HealthTransition(time: time, from: self.status, to: status, reason: reason))
        if self.transitions.count > HealthPicture.transitionLimit { self.transitions.removeFirst() }
        self.status = status
        self.since = time
        return true
    }
}

extension HealthResult {
    /// What there is to say of it.
    fileprivate var told: String {
        self.message ?? "\(self.probe) \(self.status.rawValue) after \(self.latency.brief)"
    }
}
