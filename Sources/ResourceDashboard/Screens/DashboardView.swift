/// The identity of a view of the dashboard. The raw value is its name on the command line, in configuration files and in JSON.
public struct DashboardView: RawRepresentable, Hashable, Sendable, Codable, CaseIterable {
    /// The name.
    public let rawValue: String

    /// Creates the identity of a view that is not one of the built-in views.
    package init(named name: String) {
        self.rawValue = name
    }

    /// Returns the built-in view with a name; nil if there is none.
    public init?(rawValue: String) {
        guard let view = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = view
    }

    /// The state of the container as a whole.
    public static let overview = DashboardView(named: "overview")
    /// The tree of scopes.
    public static let scopes = DashboardView(named: "scopes")
    /// The table of resources.
    public static let resources = DashboardView(named: "resources")
    /// The pools with their leases and waiters.
    public static let pools = DashboardView(named: "pools")
    /// The health of the resources.
    public static let health = DashboardView(named: "health")
    /// The event log.
    public static let events = DashboardView(named: "events")
    /// The findings.
    public static let findings = DashboardView(named: "findings")
    /// The dependency graph.
    public static let graph = DashboardView(named: "graph")

    /// The attached processes. The view exists only while the dashboard is attached to processes, so it is not one of the built-in views.
    package static let processes = DashboardView(named: "processes")

    /// The built-in views in the order of the tabs.
    public static let allCases: [DashboardView] = [.overview, .scopes, .resources, .pools, .health, .events, .findings, .graph]

    /// The title on the view's tab.
    public var title: String {
        self.rawValue.prefix(1).uppercased() + self.rawValue.dropFirst()
    }

    /// The number on the tab, which is also the default key. The view that is added to the built-in ones has the number after theirs.
    public var number: Int {
        (Self.allCases.firstIndex(of: self) ?? Self.allCases.count) + 1
    }
}
