import ResourceContainer

/// What is held of one resource, as far as the verdict of the whole needs it.
struct HealthOpinion: Sendable {
    var resource: ResourceID
    var label: String
    var isCritical: Bool
    /// Its own status; unknown while it has not answered.
    var status: HealthStatus
    /// The status it counts with; nil if it does not count.
    var countsAs: HealthStatus?
    var isStale: Bool
    /// What its last answer said, or what it stands in for.
    var message: String?
    /// Since when it has given no answer.
    var quietSince: TimeSource.Instant
}

/// What single resources add up to. A pure function of them, for the checker's ledger, a picture and readiness alike.
struct HealthVerdict: Sendable {
    /// The worst of the critical resources that count; one that is not critical makes it degraded at most. Unknown if a critical one that
    /// counts is unknown and none is worse, and if nothing counts.
    private(set) var status = HealthStatus.unknown
    /// Whether it is unknown because answers did not come in time.
    private(set) var isStale = false
    /// The critical resources that are bad or unknown: with one of them requests should go elsewhere.
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

    /// Why the status is not healthy, a line for each resource: the worst first, what is unknown last. O(n log n).
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
        return "\(self.label)\(note) has not answered yet, and the last of its binding was \(counted.rawValue)"
    }
}
