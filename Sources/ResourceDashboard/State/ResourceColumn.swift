import ResourceContainer
import ResourceMonitoring

/// The columns of the resource table that one can sort by.
enum ResourceColumn: Int, SortColumn {
    case id, type, scope, state, life, initialise, uses, idle, errors, health

    var title: String {
        switch self {
        case .id: "ID"
        case .type: "TYPE"
        case .scope: "SCOPE"
        case .state: "STATE"
        case .life: "LIFE"
        case .initialise: "INIT"
        case .uses: "USES"
        case .idle: "IDLE"
        case .errors: "ERR"
        case .health: "HEALTH"
        }
    }

    /// Whether the greatest stands first when one begins to sort by the column.
    var startsDescending: Bool {
        switch self {
        case .life, .initialise, .uses, .idle, .errors: true
        case .id, .type, .scope, .state, .health: false
        }
    }
}

extension Picture {
    /// What a resource is sorted by: a number or a text. Of one that lives, what grows with time is told by when it began.
    func sortKey(_ row: ResourceRow, _ column: ResourceColumn) -> (Double, String) {
        switch column {
        case .id: (Double(row.resource.id.rawValue), "")
        case .type: (0, self.typeLabel(row))
        case .scope: (0, self.scopeName(row.resource.scope))
        case .state: (Double(ResourceState.allCases.firstIndex(of: row.resource.state) ?? 0), "")
        case .life:
            (
                row.endedAt == nil
                    ? -Double((row.resource.readyAt ?? row.resource.createdAt).nanoseconds) : Double(self.life(of: row).wholeNanoseconds),
                ""
            )
        case .initialise: (Double(row.initialiseTook?.wholeNanoseconds ?? -1), "")
        case .uses: (Double(row.resource.uses), "")
        case .idle: (row.resource.state == .ready ? row.lastUsedAt.map { -Double($0.nanoseconds) } ?? -.infinity : -.infinity, "")
        case .errors: (Double(row.errors), "")
        case .health: (Double(self.standing(of: row.resource.id)?.rank ?? HealthStanding.endedRank), "")
        }
    }

    /// How long an active instance has not been used; nil if it never was or is over.
    func idle(of row: ResourceRow) -> Duration? {
        guard row.resource.state == .ready, let last = row.lastUsedAt else { return nil }
        return self.time - last
    }
}
