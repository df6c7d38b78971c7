import ResourceContainer
import ResourceMonitoring

/// Something in the picture that a person should look at.
struct Concern: Sendable, Hashable {
    var isHigh: Bool
    var kind: String
    var who: String
    var text: String

    /// What there is at the moment, gravest first. O(resources).
    static func all(in picture: Picture) -> [Concern] {
        var concerns: [Concern] = []
        for pool in picture.pools where pool.waiting > 0 {
            concerns.append(
                Concern(
                    isHigh: true,
                    kind: "pool-starved",
                    who: pool.name,
                    text: "\(pool.leased)/\(pool.maximum) out, \(pool.waiting) wait"
                )
            )
        }
        let troubled = picture.resources.values.filter { $0.isTroubled(at: picture.time) }.sorted { $0.resource.id < $1.resource.id }
        for row in troubled {
            let id = row.resource.id
            let who = picture.label(of: id)
            if let health = row.resource.health, health.status == .unhealthy || health.status == .error || health.status == .degraded {
                concerns.append(
                    Concern(
                        isHigh: health.status != .degraded,
                        kind: health.status.rawValue,
                        who: who,
                        text: health.message ?? health.probe
                    )
                )
            }
            if row.resource.state == .initialising, picture.time - row.resource.createdAt > .seconds(1) {
                concerns.append(
                    Concern(
                        isHigh: false,
                        kind: "slow-init",
                        who: who,
                        text: "for \(Format.duration(picture.time - row.resource.createdAt))"
                    )
                )
            }
            if row.resource.state == .ready, row.errors > 0 {
                concerns.append(Concern(isHigh: false, kind: "errors \(row.errors)", who: who, text: row.lastError ?? ""))
            }
        }
        for row in picture.endedResources.reversed() {
            guard let error = row.lastError else { continue }
            let kind =
                switch row.resource.state {
                case .abandoned: "abandoned"
                case .initFailed: "init-failed"
                case .disposed, .initialising, .ready, .disposing: row.disposeThrew ? "dispose-threw" : "reported"
                }
            concerns.append(
                Concern(
                    isHigh: row.resource.state == .abandoned,
                    kind: kind,
                    who: picture.label(of: row.resource.id, binding: row.resource.binding),
                    text: error
                )
            )
        }
        return concerns.filter(\.isHigh) + concerns.filter { !$0.isHigh }
    }
}

extension ResourceRow {
    /// Whether there is anything about an active instance that ``Concern`` speaks of.
    fileprivate func isTroubled(at time: TimeSource.Instant) -> Bool {
        if self.errors > 0 { return true }
        if self.resource.state == .initialising { return time - self.resource.createdAt > .seconds(1) }
        switch self.resource.health?.status {
        case .degraded, .unhealthy, .error: return true
        case .healthy, .unknown, nil: return false
        }
    }
}
