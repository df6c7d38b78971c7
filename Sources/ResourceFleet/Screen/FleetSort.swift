import ResourceContainer
import ResourceDashboard

/// A key that the rows of a fleet can be sorted by: a name, or a column.
package enum FleetSort: SortColumn {
    case container
    case instance
    case job
    case column(FleetColumn)

    package static let allCases: [FleetSort] = [.container, .instance, .job] + FleetColumn.allCases.map(FleetSort.column)

    package var title: String {
        switch self {
        case .container: "NAME"
        case .instance: "INSTANCE"
        case .job: "JOB"
        case .column(let column): column.title
        }
    }

    package var startsDescending: Bool {
        switch self {
        case .container, .instance, .job, .column(.health): false
        case .column: true
        }
    }

    /// The index among all cases, by which a table names the column.
    var index: Int {
        Self.allCases.firstIndex(of: self) ?? 0
    }

    /// Returns the sort key of a row. Figures that are not known are below all others, and the worst health comes first.
    func key(of row: FleetRow) -> SortKey {
        switch self {
        case .container: SortKey(row.id.container)
        case .instance: SortKey(row.id.instance)
        case .job: SortKey(row.id.job)
        case .column(.health): SortKey(Self.rank(row.health))
        case .column(let column): SortKey(row.figures[column] ?? -.infinity)
        }
    }

    /// The position of a verdict in the order from the worst to none.
    static func rank(_ health: HealthStatus?) -> Double {
        switch health {
        case .unhealthy: 0
        case .error: 1
        case .degraded: 2
        case .unknown: 3
        case .healthy: 4
        case nil: 5
        }
    }
}

/// A row of the list: the process, and its index in the table. The rows of a list are copied often, and the figures are not.
struct FleetItem: Identifiable, Sendable {
    var id: FleetKey
    var index: Int
}
