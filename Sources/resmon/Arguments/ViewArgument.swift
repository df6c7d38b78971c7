import ResourceDashboard

/// A parser for the name of a view. The default is the overview.
enum ViewArgument {
    static func parse(_ text: String?) throws(UsageFault) -> DashboardView {
        guard let text else { return .overview }
        return try Choice.parse(text, "--view", "view")
    }
}
