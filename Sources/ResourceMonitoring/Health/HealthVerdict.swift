import ResourceContainer

/// The health of one resource as an input of the verdict.
struct HealthOpinion: Sendable {
    var resource: ResourceID
    var label: String
    var isCritical: Bool
    /// Its settled status; unknown until the first answer.
    var status: HealthStatus
    /// The status that counts in the verdict; nil if it does not count.
    var countsAs: HealthStatus?
    var isStale: Bool
    /// The message of its last answer, or the binding for which it is the fallback.
    var message: String?
    /// The time since which it has not answered.
    var quietSince: TimeSource.Instant
}

/// The health of a container as a pure function of its resources' health, used by the ledger, by pictures, and by readiness.
struct HealthVerdict: Sendable {
    /// The worst status of the critical resources that count. A resource that is not critical degrades the verdict at most. Unknown if
    /// nothing counts, or if a critical resource that counts is unknown and none is worse.
    private(set) var status = HealthStatus.unknown
    /// Whether the status is unknown because answers are overdue.
    private(set) var isStale = false
    /// Whether a critical resource is bad or unknown, so that requests should go elsewhere.
    private(set) var blocks = false
    private var opinions: [HealthOpinion] = []

    init(_ opinions: some Sequence<HealthOpinion>) {
        var worst: Int?
        var (isUnknown, isOverdue) = (false, false)
        for opinion in opinions {
            guard let counted = opinion.countsAs else { continue }
            if let gravity = counted.gravity {
                worst = max(worst ?? 0, opinion.isCritical ? gravity : min(1, gravity))
                if opinion.isCritical, counted.isBad { self.blocks = true }
                if gravity > 0 { self.opinions.append(opinion) }
            } else if opinion.isCritical {
                isUnknown = true
                if opinion.isStale { isOverdue = true }
                self.blocks = true
                self.opinions.append(opinion)
            }
        }
        switch worst {
        case nil: self.status = .unknown
        case 0: self.status = isUnknown ? .unknown : .healthy
        case 1: self.status = .degraded
        default: self.status = .unhealthy
        }
        self.isStale = self.status == .unknown && isOverdue
    }

    /// The reasons why the status is not healthy, one line per resource: worst first, unknown last. O(n log n).
    func causes(at now: TimeSource.Instant) -> [String] {
        func gravity(_ opinion: HealthOpinion) -> Int {
            opinion.countsAs?.gravity.map { 1 + $0 + (opinion.isCritical ? 2 : 0) } ?? 0
        }
        return self.opinions.sorted { (gravity($1), $0.resource) < (gravity($0), $1.resource) }.map { $0.cause(at: now) }
    }
}

extension HealthOpinion {
    fileprivate func cause(at now: TimeSource.Instant) -> String {
        let note = self.isCritical ? "" : " (not critical)"
        if self.status != .unknown {
            return "\(self.label) is \(self.status.rawValue)\(note)\(self.message.map { ": \($0)" } ?? "")"
        }
        if self.isStale { return "\(self.label)\(note) has not answered for \((now - self.quietSince).brief)" }
        guard let counted = self.countsAs, counted != .unknown else { return "\(self.label)\(note) has not answered yet" }
        return "\(self.label)\(note) has not answered yet; the last instance of its binding was \(counted.rawValue)"
    }
}
