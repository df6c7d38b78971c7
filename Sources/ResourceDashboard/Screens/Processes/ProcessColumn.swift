import ResourceContainer
import ResourceMonitoring

/// A column of the table of processes that rows can be sorted by.
enum ProcessColumn: Int, SortColumn {
    case process, name, host, uptime, scopes, active, waiting, findings, health

    var title: String {
        switch self {
        case .process: "PROC"
        case .name: "NAME"
        case .host: "HOST"
        case .uptime: "UP"
        case .scopes: "SCOPES"
        case .active: "ACTIVE"
        case .waiting: "WAIT"
        case .findings: "FIND"
        case .health: "HEALTH"
        }
    }

    var startsDescending: Bool {
        switch self {
        case .process, .name, .host, .health: false
        case .uptime, .scopes, .active, .waiting, .findings: true
        }
    }

    /// Returns the sort key of a row. Figures that are not known are below all others.
    func key(of item: ProcessItem) -> SortKey {
        let row = item.row
        switch self {
        case .process: return SortKey(Double(item.position))
        case .name: return SortKey(row.name)
        case .host: return SortKey(row.host)
        case .uptime: return SortKey(row.uptime?.inSeconds ?? -1)
        case .scopes: return SortKey(Double(row.scopes ?? -1))
        case .active: return SortKey(Double(row.active ?? -1))
        case .waiting: return SortKey(Double(row.waiting ?? -1))
        // The number of findings of one severity is below a million.
        case .findings: return SortKey(Double(row.worstFinding?.rawValue ?? -1) * 1e6 + Double(row.findings ?? -1))
        case .health: return SortKey(Double(row.health?.rank ?? HealthStanding.endedRank))
        }
    }
}

extension HealthStatus {
    /// The position in a sort from worst to best.
    fileprivate var rank: Int {
        switch self {
        case .unhealthy: HealthStanding.unhealthy.rank
        case .error: HealthStanding.error.rank
        case .degraded: HealthStanding.degraded.rank
        case .unknown: HealthStanding.unknown.rank
        case .healthy: HealthStanding.healthy.rank
        }
    }
}
