import DequeModule
import ResourceContainer

/// What the answers of health checks add up to. A pure value: no lock, no clock, no container.
///
/// A first answer counts at once. From then on it takes ``HealthPolicy/fall`` bad answers in a row to fall, and ``HealthPolicy/rise``
/// better ones to rise; degraded is a warning, and shown at once where all was well. O(1) per answer, but for changes, which judge the whole.
struct HealthLedger: Sendable {
    /// One resource's answers.
    struct Entry: Sendable {
        var status = HealthStatus.unknown
        var since: TimeSource.Instant
        var isCritical: Bool
        var label: String
        /// Arrays, although they lose their first element: a picture shares them until the next answer.
        var history: [HealthResult] = []
        var transitions: [HealthTransition] = []
        /// How many answers in a row were bad, not bad, and healthy.
        var bad = 0
        var better = 0
        var good = 0
    }

    let policy: HealthPolicy
    private(set) var entries: [ResourceID: Entry] = [:]
    private(set) var verdict = HealthStatus.unknown
    private(set) var since: TimeSource.Instant
    private(set) var transitions: Deque<HealthTransition> = []

    init(policy: HealthPolicy, at time: TimeSource.Instant) {
        self.policy = policy
        self.since = time
    }

    /// Takes an answer about a resource.
    mutating func record(_ result: HealthResult, of id: ResourceID, label: String, isCritical: Bool) {
        var entry = self.entries[id] ?? Entry(since: result.time, isCritical: isCritical, label: label)
        entry.isCritical = isCritical
        let change = entry.take(result, self.policy)
        self.entries[id] = entry
        if change { self.judge(at: result.time) }
    }

    /// Lets go of what is no longer there.
    mutating func keep(_ isThere: (ResourceID) -> Bool, at time: TimeSource.Instant) {
        let before = self.entries.count
        self.entries = self.entries.filter { isThere($0.key) }
        if self.entries.count < before { self.judge(at: time) }
    }

    private mutating func judge(at time: TimeSource.Instant) {
        let gravities = self.entries.values.compactMap { entry in
            entry.status.gravity.map { entry.isCritical ? $0 : min(1, $0) }
        }
        let verdict: HealthStatus =
            switch gravities.max() {
            case nil: .unknown
            case 0: .healthy
            case 1: .degraded
            default: .unhealthy
            }
        guard verdict != self.verdict else { return }
        let reason = self.causes.first ?? "everything that is known is healthy"
        self.transitions.append(HealthTransition(time: time, from: self.verdict, to: verdict, reason: reason))
        if self.transitions.count > HealthPicture.transitionLimit { self.transitions.removeFirst() }
        self.verdict = verdict
        self.since = time
    }

    /// Why the verdict is not healthy, the worst first.
    var causes: [String] {
        let ill = self.entries.filter { ($0.value.status.gravity ?? 0) > 0 }
        func gravity(_ entry: Entry) -> Int { (entry.status.gravity ?? 0) + (entry.isCritical ? 2 : 0) }
        return ill.sorted { (gravity($1.value), $0.key) < (gravity($0.value), $1.key) }.map { _, entry in
            let message = entry.history.last?.message.map { ": \($0)" } ?? ""
            return "\(entry.label) is \(entry.status.rawValue)\(entry.isCritical ? "" : " (not critical)")\(message)"
        }
    }
}

extension HealthLedger.Entry {
    /// Takes an answer; whether the status has changed.
    fileprivate mutating func take(_ result: HealthResult, _ policy: HealthPolicy) -> Bool {
        self.history.append(result)
        if self.history.count > HealthPicture.historyLimit { self.history.removeFirst() }
        guard result.status != .unknown else { return false }
        self.bad = result.status.isBad ? self.bad + 1 : 0
        self.better = result.status.isBad ? 0 : self.better + 1
        self.good = result.status == .healthy ? self.good + 1 : 0
        if self.status == .unknown { return self.move(to: result.status, "the first answer", result.time) }
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
