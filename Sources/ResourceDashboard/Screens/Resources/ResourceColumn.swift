import ResourceContainer
import ResourceMonitoring

/// A column of the resource table that rows can be sorted by.
enum ResourceColumn: Int, SortColumn {
    case id, type, scope, state, life, initialize, uses, idle, errors, health

    var title: String {
        switch self {
        case .id: "ID"
        case .type: "TYPE"
        case .scope: "SCOPE"
        case .state: "STATE"
        case .life: "LIFE"
        case .initialize: "INIT"
        case .uses: "USES"
        case .idle: "IDLE"
        case .errors: "ERRORS"
        case .health: "HEALTH"
        }
    }

    /// Whether sorting by the column starts in descending order.
    var startsDescending: Bool {
        switch self {
        case .life, .initialize, .uses, .idle, .errors: true
        case .id, .type, .scope, .state, .health: false
        }
    }
}

extension Picture {
    /// Returns the sort key of a resource. It does not depend on the current time: ages are represented by their start.
    func sortKey(_ row: ResourceRow, _ column: ResourceColumn) -> SortKey {
        switch column {
        case .id: SortKey(Double(row.resource.id.rawValue))
        case .type: SortKey(self.typeLabel(row))
        case .scope: SortKey(self.scopeName(row.resource.scope))
        case .state: SortKey(Double(ResourceState.allCases.firstIndex(of: row.resource.state) ?? 0))
        case .life:
            SortKey(
                row.endedAt == nil
                    ? -Double((row.resource.readyAt ?? row.resource.createdAt).nanoseconds) : Double(self.life(of: row).wholeNanoseconds)
            )
        case .initialize: SortKey(Double(row.initializeTook?.wholeNanoseconds ?? -1))
        case .uses: SortKey(Double(row.resource.uses))
        case .idle: SortKey(row.resource.state == .ready ? row.lastUsedAt.map { -Double($0.nanoseconds) } ?? -.infinity : -.infinity)
        case .errors: SortKey(Double(row.errors))
        case .health: SortKey(Double(self.standing(of: row.resource.id)?.rank ?? HealthStanding.endedRank))
        }
    }

    /// Returns the time since an active instance was last used; nil if it was never used or is not active.
    func idle(of row: ResourceRow) -> Duration? {
        guard row.resource.state == .ready, let last = row.lastUsedAt else { return nil }
        return self.time - last
    }
}
