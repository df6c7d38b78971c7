/// A column of the health table that rows can be sorted by.
enum HealthColumn: Int, SortColumn {
    case resource, status, since, latency, scope

    var title: String {
        switch self {
        case .resource: "RESOURCE"
        case .status: "STATUS"
        case .since: "SINCE"
        case .latency: "TOOK"
        case .scope: "SCOPE"
        }
    }

    var startsDescending: Bool {
        self == .latency
    }
}
