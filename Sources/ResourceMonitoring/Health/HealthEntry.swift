import ResourceContainer

/// The answers and the settled status of one resource.
struct HealthEntry: Sendable {
    var subject: HealthSubject
    private(set) var status = HealthStatus.unknown
    /// The time since which it has had this status, or has been ready to be checked.
    private(set) var since: TimeSource.Instant
    /// Whether answers are overdue.
    private(set) var isStale = false
    /// Arrays, although they lose their first element: a picture shares them until the next answer.
    private(set) var history: [HealthResult] = []
    private(set) var transitions: [HealthTransition] = []
    /// The time of the last answer with a known status.
    private var answeredAt: TimeSource.Instant?
    /// The numbers of answers in a row that were bad, not bad, and healthy.
    private var bad = 0
    private var better = 0
    private var good = 0

    init(_ subject: HealthSubject, at time: TimeSource.Instant) {
        self.subject = subject
        self.since = time
    }

    /// Whether it has never been checked.
    var isUnasked: Bool { self.history.isEmpty }

    /// The status that counts in the verdict; nil if it does not count.
    ///
    /// A resource that has not been checked yet counts with the last status of its binding. A resource that cannot determine its health, or
    /// has no health check, does not count.
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
            message: self.history.last?.message ?? self.subject.fallbackFor.map { "fallback for \($0)" },
            quietSince: self.answeredAt ?? self.since
        )
    }

    // MARK: Changes

    /// Applies the resource's properties at `now`. Returns whether the status has changed.
    mutating func settle(_ subject: HealthSubject, at now: TimeSource.Instant) -> Bool {
        let stoodIn = self.subject.fallbackFor != nil
        // A resource that was not ready could not be checked, so its age counts from now.
        if !self.subject.isReady, subject.isReady, self.isUnasked { self.since = now }
        self.subject = subject
        if let key = subject.fallbackFor {
            if self.status == .healthy || self.status == .unknown && self.isUnasked {
                return self.move(to: .degraded, "fallback for \(key)", now)
            }
        } else if stoodIn, self.isUnasked, self.status == .degraded {
            return self.move(to: .unknown, "no longer used as a fallback", now)
        }
        return self.expire(at: now)
    }

    /// Sets the status to unknown after three intervals without an answer. Returns whether the status has changed.
    mutating func expire(at now: TimeSource.Instant) -> Bool {
        // A fallback has a status without being checked.
        guard self.subject.isReady, self.subject.hasProbe, !self.isStale, !(self.isUnasked && self.subject.fallbackFor != nil) else {
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

    /// Applies an answer. Returns whether the status has changed.
    mutating func take(_ result: HealthResult, _ policy: HealthPolicy) -> Bool {
        let expired = self.expire(at: result.time)
        self.history.append(result)
        if self.history.count > HealthPicture.historyLimit { self.history.removeFirst() }
        // An answer of unknown is not overdue.
        guard result.status != .unknown else {
            if self.status == .unknown { self.isStale = false }
            return expired
        }
        self.answeredAt = result.time
        self.bad = result.status.isBad ? self.bad + 1 : 0
        self.better = result.status.isBad ? 0 : self.better + 1
        self.good = result.status == .healthy ? self.good + 1 : 0
        if self.status == .unknown {
            let reason = self.isStale ? "first answer after a pause" : "first answer"
            self.isStale = false
            return self.move(to: result.status, reason, result.time)
        }
        if result.status == self.status { return false }
        switch (self.status.isBad, result.status) {
        case (true, .unhealthy), (true, .error):
            return self.move(to: result.status, result.summary, result.time)
        case (true, _):
            guard self.better >= policy.rise else { return false }
            return self.move(to: result.status, "\(self.better) answers in a row that were not bad", result.time)
        case (false, .unhealthy), (false, .error):
            guard self.bad >= policy.fall else { return false }
            return self.move(
                to: result.status,
                self.bad == 1 ? result.summary : "\(self.bad) bad answers in a row: \(result.summary)",
                result.time
            )
        case (false, .degraded):
            return self.move(to: .degraded, result.summary, result.time)
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
    /// The message, or a description of the answer.
    fileprivate var summary: String {
        self.message ?? "\(self.probe) \(self.status.rawValue) after \(self.latency.brief)"
    }
}
